using Conference.Client.Pages;
using Conference.Client.Requests;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Requests;

namespace Conference.Client;

public sealed partial class ConferenceSession
{
    // A server that restarts forgets the parts of a page that is not whole yet (docs/protocol.md): all go again.
    private const int PartRoundsMax = 3;

    private const string NotReadable = "not readable";
    private const string NotMine = "not mine";

    /// <summary>Announces a document and sends its pages, one by one, in parts where they are large.</summary>
    /// <param name="source">Kept until the session ends or the document is closed: the server may ask for its pages.
    /// </param>
    /// <param name="pagesNow">How many pages to send now; the server asks for the others when somebody turns to them.
    /// Null for all.</param>
    /// <param name="cancel">Ends the sending.</param>
    /// <returns>The first request that was not accepted, or the last one.</returns>
    public async Task<RequestResult> ShareAsync(
        IPageSource source, int? pagesNow = null, CancellationToken cancel = default)
    {
        lock (_gate) _sources[source.DocumentId] = source;
        var result = await RequestAsync(
            new ShareDocument(source.DocumentId, source.Name, source.PageCount), cancel).ConfigureAwait(false);
        for (var number = 1; result.IsAccepted && number <= (pagesNow ?? source.PageCount); number++)
        {
            result = await SendPageAsync(source, number, cancel).ConfigureAwait(false);
        }

        return result;
    }

    /// <summary>Says which pages this participant can send, without announcing them: after it came back.</summary>
    public void Offer(IPageSource source)
    {
        lock (_gate) _sources[source.DocumentId] = source;
    }

    /// <summary>Withdraws a document.</summary>
    public Task<RequestResult> CloseDocumentAsync(string documentId, CancellationToken cancel = default)
    {
        lock (_gate) _sources.Remove(documentId);
        return RequestAsync(new CloseDocument(documentId), cancel);
    }

    /// <summary>Sends one page of a document that was announced.</summary>
    public Task<RequestResult> SendPageAsync(IPageSource source, int number, CancellationToken cancel = default) =>
        SendPageAsync(source, number, isAsked: false, cancel);

    /// <summary>Gets the content of a page, from the store of this client or from the server.</summary>
    /// <exception cref="RequestFailedException">The server refused.</exception>
    /// <exception cref="TimeoutException">The content did not come in time.</exception>
    public async Task<ReadOnlyMemory<byte>> FetchPageAsync(PageRef page, CancellationToken cancel = default)
    {
        if (!HasContent(page))
        {
            (await RequestAsync(new FetchPage(page), cancel).ConfigureAwait(false)).OrThrow();
            await WaitUntilAsync(() => HasContent(page), null, cancel).ConfigureAwait(false);
        }

        return Describe(page) is { } known && Pages.TryGet(known.Digest, out var content)
            ? content
            : throw new TimeoutException($"Page {page} was dropped from the page store at once.");
    }

    /// <summary>Waits until the content of every page that the server has is here. Asks for what is not on its way.
    /// </summary>
    /// <param name="patience">How long to wait for what the server sends by itself before asking.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="TimeoutException">Some did not come in time.</exception>
    public async Task FetchMissingPagesAsync(TimeSpan patience, CancellationToken cancel = default)
    {
        try
        {
            await WaitUntilAsync(() => MissingPages.IsEmpty, patience, cancel).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            foreach (var page in MissingPages) await FetchPageAsync(page.Page, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Saves the conference and waits for the file.</summary>
    /// <returns>The reference for this participant: see <see cref="DownloadAsync"/>.</returns>
    /// <exception cref="RequestFailedException">The server refused.</exception>
    /// <exception cref="SaveFailedException">The server could not make the file.</exception>
    /// <exception cref="TimeoutException">The file did not come in time.</exception>
    public async Task<SavedFile> SaveAsync(CancellationToken cancel = default)
    {
        // Handlers and conditions run under the gate. A file's reference and its event are two messages, in any order;
        // an older reference to the same file may have expired and does not count.
        (ConferenceSaved? Saved, SaveFailed? Failed) end = default;
        var files = new Dictionary<string, SavedFile>();
        void Watch(ConferenceEvent happened, DateTimeOffset now)
        {
            if (happened.Author != _options.Identity) return;
            if (happened.Body is SaveAwaited) end = default;
            if (happened.Body is ConferenceSaved saved) end.Saved = saved;
            if (happened.Body is SaveFailed failed) end.Failed = failed;
        }

        void Keep(SavedFile file) => files[file.FileId] = file;

        EventApplied += Watch;
        FileSaved += Keep;
        try
        {
            var revision = (await RequestAsync(new SaveConference(), cancel).ConfigureAwait(false)).OrThrow().Revision;
            await WaitUntilAsync(
                () => _model.Revision >= revision && (end.Failed is not null
                    || (end.Saved is { } saved && files.ContainsKey(saved.FileId))),
                _options.SaveTimeout, cancel).ConfigureAwait(false);
        }
        finally
        {
            EventApplied -= Watch;
            FileSaved -= Keep;
        }

        lock (_gate)
        {
            if (end.Saved is { } saved && files.TryGetValue(saved.FileId, out var file)) return file;
        }

        throw new SaveFailedException(end.Failed!.Reason);
    }

    /// <summary>Downloads a saved file.</summary>
    /// <exception cref="IOException">It cannot be had, is larger than
    /// <see cref="ConferenceClientOptions.FileBytesMax"/>, or is not what was saved.</exception>
    public async Task<byte[]> DownloadAsync(SavedFile file, CancellationToken cancel = default)
    {
        if (file.FileBytes > _options.FileBytesMax)
        {
            throw new IOException($"The saved file {file.FileId} has {file.FileBytes} bytes, more than are allowed.");
        }

        var content = await _download.ReadAsync(file.Href, file.FileBytes, cancel).ConfigureAwait(false)
            ?? throw new IOException($"The saved file {file.FileId} cannot be downloaded.");
        var digest = ContentDigest.OfHex(content);
        return digest == file.Digest
            ? content
            : throw new IOException($"The saved file {file.FileId} has digest {digest}, not {file.Digest}.");
    }

    private async Task<RequestResult> SendPageAsync(
        IPageSource source, int number, bool isAsked, CancellationToken cancel)
    {
        var page = new PageRef(source.DocumentId, number);
        var image = await source.ReadPageAsync(number, cancel).ConfigureAwait(false);
        if (image is null)
        {
            return await RequestAsync(new PageUnavailable(page, NotReadable), cancel).ConfigureAwait(false);
        }

        var described = image.Describe(page);
        Pages.TryAdd(described, image.Content.ToArray());
        for (var round = 1; ; round++)
        {
            var result = await SendPartsAsync(described, image.Content, cancel).ConfigureAwait(false);
            // The last part of a page makes its event. Without one the server has the page already, or has forgotten
            // the first parts and waits for them.
            var isWhole = image.Content.Length <= _options.PartBytesMax || result.Revision > 0
                || (!isAsked && Describe(page)?.Digest == described.Digest);
            if (!result.IsAccepted || isWhole || round >= PartRoundsMax) return result;
        }
    }

    private async Task<RequestResult> SendPartsAsync(
        PageDescriptor page, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        var size = _options.PartBytesMax;
        var parts = Math.Max(1, (content.Length + size - 1) / size);
        for (var part = 1; ; part++)
        {
            var at = (part - 1) * size;
            var slice = content.Slice(at, Math.Min(size, content.Length - at));
            var result = await RequestAsync(new SharePage(page, part, parts, slice), cancel).ConfigureAwait(false);
            if (!result.IsAccepted || part == parts) return result;
        }
    }

    private PageDescriptor? Describe(PageRef page) =>
        _model.Documents.GetValueOrDefault(page.DocumentId)?.Pages.GetValueOrDefault(page.Number);

    private bool HasContent(PageRef page) => Describe(page) is { } known && Pages.Contains(known.Digest);
}

/// <summary>The server could not make the file.</summary>
public sealed class SaveFailedException(string reason) : Exception($"The save came to nothing: {reason}")
{
    /// <summary>A name from docs/protocol.md, Refusals.</summary>
    public string Reason { get; } = reason;
}
