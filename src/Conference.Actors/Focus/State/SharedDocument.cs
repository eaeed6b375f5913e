using System.Collections.Immutable;
using Conference.Protocol;
using Conference.Protocol.Notifications;

namespace Conference.Actors.Focus;

/// <summary>A document of a conference.</summary>
/// <param name="DocumentId">Chosen by the sharer.</param>
/// <param name="Name">As shown.</param>
/// <param name="PageCount">From 1.</param>
/// <param name="Sharer">Who announced it and delivers its pages; may have left.</param>
/// <param name="Revision">Of <see cref="DocumentShared"/>: gives the documents their order.</param>
/// <param name="Pages">By number; those that were shared.</param>
public sealed record SharedDocument(
    string DocumentId, string Name, int PageCount, ParticipantUri Sharer, long Revision,
    ImmutableDictionary<int, KnownPage> Pages)
{
    /// <summary>As a snapshot carries it.</summary>
    public DocumentState ToDocumentState() => new(
        DocumentId, Name, PageCount, Sharer,
        [.. Pages.Where(page => page.Value.IsCached).OrderBy(page => page.Key).Select(page => page.Value.Descriptor)]);
}

/// <summary>A page that was shared.</summary>
/// <param name="Descriptor">Without the content.</param>
/// <param name="IsCached">False when its content has outlived its lifetime: it must be asked for again.</param>
public readonly record struct KnownPage(PageDescriptor Descriptor, bool IsCached);
