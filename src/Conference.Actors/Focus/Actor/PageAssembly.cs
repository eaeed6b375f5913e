using Conference.Protocol;
using Conference.Protocol.Requests;

namespace Conference.Actors.Focus;

/// <summary>Keeps parts of pages until they are whole. Bounded in bytes and time. Touched only by the actor.</summary>
/// <remarks>Parts come in any order; the same part twice is fine, with other content it is
/// <see cref="RefuseReason.PartMismatch"/>. Not durable: after a crash the sharer sends all parts again. Memory is
/// taken for what has come, never for what a part says will come.</remarks>
internal sealed class PageAssembly(FocusOptions options)
{
    private readonly Dictionary<PageRef, Assembly> _pages = [];

    /// <summary>Bytes kept.</summary>
    internal long Bytes { get; private set; }

    /// <summary>When the next page is given up, null when none is waited for.</summary>
    internal DateTimeOffset? NextExpiry => _pages.Count == 0
        ? null
        : _pages.Values.Min(page => page.LastAt) + options.PartLifetime;

    /// <summary>Takes one part.</summary>
    /// <param name="share">Checked by the rules.</param>
    /// <param name="now">Prolongs the page's stay.</param>
    /// <param name="whole">The page when this was the last missing part.</param>
    /// <returns>Null when the part was taken.</returns>
    internal RefuseReason? TryAdd(SharePage share, DateTimeOffset now, out SharePage? whole)
    {
        whole = null;
        if (_pages.TryGetValue(share.Page.Page, out var page)
            && (page.Descriptor != share.Page || page.PartCount != share.Parts))
        {
            if (share.Part != 1) return RefuseReason.PartMismatch;
            Drop(share.Page.Page, "replaced"); // the sharer starts over, with another page or another cut
            page = null;
        }

        if (page?.Find(share.Part) is { } known)
        {
            if (!known.AsSpan().SequenceEqual(share.Content.Span)) return RefuseReason.PartMismatch;
        }
        else
        {
            if (share.Content.IsEmpty) return RefuseReason.PartMismatch;
            if ((page?.Bytes ?? 0) + share.Content.Length > share.Page.ContentBytes) return RefuseReason.PartMismatch;
            if (Bytes + share.Content.Length > options.PartBytesMax) return RefuseReason.TooLarge;
            page ??= _pages[share.Page.Page] = new Assembly(share.Page, share.Parts);
            page.Add(share.Part, share.Content.ToArray()); // the request's buffer goes back to its pool
            Count(share.Content.Length);
        }

        page.LastAt = now;
        if (page.IsWhole) whole = new SharePage(share.Page, 1, 1, page.Join());
        return null;
    }

    /// <summary>Forgets the parts of a page: it was stored or refused.</summary>
    internal void Release(PageRef page)
    {
        if (_pages.Remove(page, out var gone)) Count(-gone.Bytes);
    }

    /// <summary>Forgets the parts of all pages of a document: it was closed.</summary>
    internal void ReleaseDocument(string documentId)
    {
        foreach (var page in _pages.Keys)
        {
            if (page.DocumentId == documentId) Release(page);
        }
    }

    /// <summary>Gives up pages of which no part came for too long.</summary>
    internal void Expire(DateTimeOffset now)
    {
        foreach (var (page, assembly) in _pages)
        {
            if (now - assembly.LastAt >= options.PartLifetime) Drop(page, "expired");
        }
    }

    /// <summary>Forgets everything.</summary>
    internal void Clear()
    {
        foreach (var page in _pages.Keys) Drop(page, "closed");
    }

    private void Drop(PageRef page, string reason)
    {
        Release(page);
        FocusMetrics.PartsDropped.WithLabels(reason).Inc();
    }

    private void Count(long bytes)
    {
        Bytes += bytes;
        FocusMetrics.PartBytes.Inc(bytes);
    }

    private sealed class Assembly(PageDescriptor descriptor, int partCount)
    {
        private readonly Dictionary<int, byte[]> _parts = [];

        internal PageDescriptor Descriptor { get; } = descriptor;

        internal int PartCount { get; } = partCount;

        internal bool IsWhole => _parts.Count == PartCount;

        internal long Bytes { get; private set; }

        internal DateTimeOffset LastAt { get; set; }

        /// <param name="number">From 1.</param>
        internal byte[]? Find(int number) => _parts.GetValueOrDefault(number);

        internal void Add(int number, byte[] content)
        {
            _parts.Add(number, content);
            Bytes += content.Length;
        }

        internal byte[] Join()
        {
            var whole = new byte[Bytes];
            var at = 0;
            for (var number = 1; number <= PartCount; number++)
            {
                _parts[number].CopyTo(whole, at);
                at += _parts[number].Length;
            }

            return whole;
        }
    }
}
