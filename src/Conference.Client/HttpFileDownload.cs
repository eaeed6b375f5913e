namespace Conference.Client;

/// <summary>Downloads over HTTP, with a few attempts: a reference lasts longer than most faults.</summary>
/// <param name="http">Its own time-out is off: it knows nothing of <paramref name="time"/> and ends at the headers.
/// </param>
/// <param name="stallTimeout">An attempt in which nothing comes for so long has failed. Not a limit of the whole: a
/// large file on a thin line may take its time.</param>
/// <param name="time">Clock of the pauses and of <paramref name="stallTimeout"/>.</param>
internal sealed class HttpFileDownload(HttpClient http, TimeSpan stallTimeout, TimeProvider time) : IFileDownload
{
    private const int AttemptsMax = 4;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(400);

    public async Task<byte[]?> ReadAsync(string href, long bytesMax, CancellationToken cancel)
    {
        if (!Uri.TryCreate(href, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")) return null;
        for (var attempt = 1; ; attempt++)
        {
            var (isFinal, content) = await AttemptAsync(uri, bytesMax, cancel).ConfigureAwait(false);
            if (isFinal || attempt == AttemptsMax) return content;
            await Task.Delay(FirstPause * (1 << (attempt - 1)), time, cancel).ConfigureAwait(false);
        }
    }

    /// <returns>Not final when another attempt may end better.</returns>
    private async Task<(bool IsFinal, byte[]? Content)> AttemptAsync(Uri uri, long bytesMax, CancellationToken cancel)
    {
        using var stalled = new CancellationTokenSource(stallTimeout, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stalled.Token, cancel);
        try
        {
            using var response = await http
                .GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, ending.Token).ConfigureAwait(false);
            if ((int)response.StatusCode is >= 400 and < 500) return (true, null);
            if (!response.IsSuccessStatusCode) return (false, null);
            if (response.Content.Headers.ContentLength > bytesMax) return (true, null);
            var body = await response.Content.ReadAsStreamAsync(ending.Token).ConfigureAwait(false);
            await using var closing = body.ConfigureAwait(false);
            using var copy = new MemoryStream();
            var buffer = new byte[64 * 1024];
            while (await body.ReadAsync(buffer, ending.Token).ConfigureAwait(false) is var count and > 0)
            {
                if (copy.Length + count > bytesMax) return (true, null);
                copy.Write(buffer, 0, count);
                stalled.CancelAfter(stallTimeout);
            }

            return (true, copy.ToArray());
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            return (false, null);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return (false, null); // nothing came for too long
        }
    }
}
