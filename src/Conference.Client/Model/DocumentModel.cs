using System.Collections.Immutable;
using Conference.Protocol;

namespace Conference.Client.Model;

/// <summary>A shared document as this participant knows it. Immutable.</summary>
/// <param name="DocumentId">Its id.</param>
/// <param name="Name">As shown.</param>
/// <param name="PageCount">1 or more.</param>
/// <param name="Sharer">Who sends its pages.</param>
/// <param name="Pages">Those in the server's cache, by number; their content is in the page store when it came.</param>
public sealed record DocumentModel(
    string DocumentId, string Name, int PageCount, ParticipantUri Sharer,
    ImmutableSortedDictionary<int, PageDescriptor> Pages);
