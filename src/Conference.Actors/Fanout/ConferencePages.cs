using Conference.Actors.Ports;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Xml;

namespace Conference.Actors.Fanout;

/// <summary>Whether a page's content can be sent.</summary>
internal enum PageContentState
{
    /// <summary>Here it is.</summary>
    Ready,

    /// <summary>It is being read from the store; when it is there, everybody is kicked.</summary>
    Loading,

    /// <summary>The store does not have it, or no form fits the path.</summary>
    NotToBeHad,
}

/// <summary>Gives the bodies that carry a page's content to one participant, in the form that its path carries (R7).
/// </summary>
internal sealed class ConferencePages(ConferenceFanout conference)
{
    // Head of a page body: conference URI, document, digest, media type, sizes.
    private const int OverheadBytes = 700;

    private readonly Lock _lock = new();
    private readonly HashSet<PageBodies.Key> _loading = [];
    private readonly HashSet<string> _missing = [];

    /// <summary>The content was stored (again): whoever asks for it may find it now.</summary>
    internal void NoteShared(string digest)
    {
        lock (_lock) _missing.Remove(digest);
    }

    /// <summary>A link to a page for who can show no page.</summary>
    internal string? Reference(PageDescriptor page, ParticipantUri participant) =>
        conference.Engine.References.Make(participant, page.Digest, page.MediaType, null)?.Href;

    /// <summary>The bodies, in order.</summary>
    /// <param name="page">Which page.</param>
    /// <param name="participant">Who gets it; a reference is made for it alone.</param>
    /// <param name="bytesMax">Of one body.</param>
    /// <param name="bodies">At least one.</param>
    /// <param name="form">How it travels.</param>
    /// <returns>Whether it is at hand. One answer for both questions: content that comes in between them would be taken
    /// for content that never comes.</returns>
    internal PageContentState Get(
        PageDescriptor page, ParticipantUri participant, int bytesMax, out IReadOnlyList<EncodedBody> bodies,
        out PageForm form)
    {
        foreach (var candidate in conference.Options.PageForms)
        {
            form = candidate;
            switch (candidate)
            {
                case PageForm.Inline when Base64Bytes(page.ContentBytes) + OverheadBytes <= bytesMax:
                    return GetEncoded(page, partBytes: 0, out bodies);
                case PageForm.Parts when PartBytes(bytesMax) is > 0 and var partBytes
                    && (page.ContentBytes + partBytes - 1) / partBytes <= conference.Options.PagePartsMax:
                    return GetEncoded(page, partBytes, out bodies);
                case PageForm.Reference when Refer(page, participant) is { } reference:
                    bodies = [reference];
                    return PageContentState.Ready;
            }
        }

        FanoutMetrics.PageNoForm.Inc();
        bodies = [];
        form = default;
        return PageContentState.NotToBeHad;
    }

    private static int Base64Bytes(int bytes) => (bytes + 2) / 3 * 4;

    private static int PartBytes(int bytesMax) => (bytesMax - OverheadBytes) / 4 * 3;

    private EncodedBody? Refer(PageDescriptor page, ParticipantUri participant)
    {
        if (conference.Engine.References.Make(participant, page.Digest, page.MediaType, null) is not { } reference)
            return null;
        var message = new PageContent(
            conference.Uri, page, 1, 1, ReadOnlyMemory<byte>.Empty, reference.Href, reference.Expires);
        return new EncodedBody(MediaTypes.ConferenceXml, ServerMessageWriter.Write(message));
    }

    private PageContentState GetEncoded(PageDescriptor page, int partBytes, out IReadOnlyList<EncodedBody> bodies)
    {
        var key = new PageBodies.Key(conference.Uri.Value, page.Digest, partBytes, page.Page.ToString());
        var isThere = conference.Engine.PageBodies.TryGet(key, out var encoded);
        bodies = encoded;
        if (isThere) return PageContentState.Ready;
        lock (_lock)
        {
            if (_missing.Contains(page.Digest)) return PageContentState.NotToBeHad;
            if (!_loading.Add(key)) return PageContentState.Loading;
        }

        conference.Engine.Background(() => LoadAsync(page, key));
        return PageContentState.Loading;
    }

    private async Task LoadAsync(PageDescriptor page, PageBodies.Key key)
    {
        var isGone = false;
        try
        {
            var content = await conference.Engine.Blobs.GetAsync(page.Digest, CancellationToken.None);
            if (content is { } bytes) conference.Engine.PageBodies.Add(key, Encode(page, bytes, key.PartBytes));
            else isGone = true;
        }
        catch (StoreUnavailableException)
        {
            // Everybody who needs the page waits with it; the next try is made by whoever asks then.
            await Task.Delay(conference.Options.RetryFirst, conference.Engine.Time);
        }
        catch (Exception failure)
        {
            // Not the store: trying again would fail again, and everybody who needs the page would wait for ever.
            conference.Engine.NotePageFailed(page.Digest, failure);
            isGone = true;
        }

        lock (_lock)
        {
            _loading.Remove(key);
            if (isGone) _missing.Add(page.Digest);
        }

        if (isGone) FanoutMetrics.PageContentMissing.Inc();
        conference.Engine.Schedule(conference);
    }

    private EncodedBody[] Encode(PageDescriptor page, ReadOnlyMemory<byte> content, int partBytes)
    {
        if (partBytes == 0 || content.Length <= partBytes) return [Encode(page, content, 1, 1)];
        var parts = (content.Length + partBytes - 1) / partBytes;
        var bodies = new EncodedBody[parts];
        for (var i = 0; i < parts; i++)
        {
            var slice = content.Slice(i * partBytes, Math.Min(partBytes, content.Length - (i * partBytes)));
            bodies[i] = Encode(page, slice, i + 1, parts);
        }

        return bodies;
    }

    private EncodedBody Encode(PageDescriptor page, ReadOnlyMemory<byte> content, int part, int parts) => new(
        MediaTypes.ConferenceXml,
        ServerMessageWriter.Write(new PageContent(conference.Uri, page, part, parts, content, null, null)));
}
