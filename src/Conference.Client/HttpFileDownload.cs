namespace Conference.Client;

/// <summary>Downloads over HTTP, with a few attempts: a reference lasts longer than most faults.</summary>
internal sealed class HttpFileDownload(HttpClient http, TimeProvider time) : IFileDownload
{
    private const int AttemptsMax = 4;

    public async Task<byte[]?> ReadAsync(string href, long bytesMax, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var response = await http
                    .GetAsync(new Uri(href), HttpCompletionOption.ResponseHeadersRead, cancel).ConfigureAwait(false);
                if ((int)response.StatusCode is >= 400 and < 500) return null;
                if (response.IsSuccessStatusCode)
                {
                    return await ReadBodyAsync(response, bytesMax, cancel).ConfigureAwait(false);
                }
            }
            catch (HttpRequestException) when (attempt < AttemptsMax)
            {
                // The next attempt, or the caller, deals with it.
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException or UriFormatException)
            {
                return null;
            }

            if (attempt >= AttemptsMax) return null;
            await Task.Delay(TimeSpan.FromMilliseconds(200 << attempt), time, cancel).ConfigureAwait(false);
        }
    }

    private static async Task<byte[]?> ReadBodyAsync(
        HttpResponseMessage response, long bytesMax, CancellationToken cancel)
    {
        if (response.Content.Headers.ContentLength > bytesMax) return null;
        var body = await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
        await using var closing = body.ConfigureAwait(false);
        using var copy = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await body.ReadAsync(buffer, cancel).ConfigureAwait(false) is var count and > 0)
        {
            if (copy.Length + count > bytesMax) return null;
            copy.Write(buffer, 0, count);
        }

        return copy.ToArray();
    }
}
