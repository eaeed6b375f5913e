using System.Collections.Immutable;

namespace Conference.Protocol.Notifications;

/// <summary>The closed family of bodies that the server sends to a participant.</summary>
/// <param name="Conference">Which conference.</param>
public abstract record ServerMessage(ConferenceUri Conference);

/// <summary>Events in order, without gaps, from <paramref name="FromRevision"/> to <paramref name="ToRevision"/>.
/// </summary>
/// <remarks>A revision in the range that is not among the events is the receiver's own (it knows it from its 202) or
/// was superseded by a later one in the same message: the range counts, not the list.</remarks>
public sealed record Notification(
    ConferenceUri Conference, long FromRevision, long ToRevision, ImmutableArray<ConferenceEvent> Events)
    : ServerMessage(Conference);

/// <summary>A document with the pages that are in the cache.</summary>
public sealed record DocumentState(
    string DocumentId, string Name, int PageCount, ParticipantUri Sharer, ImmutableArray<PageDescriptor> Pages);

/// <summary>Everything a member needs to go on from here: for newcomers and for who is too far behind.</summary>
/// <param name="Conference">Which conference.</param>
/// <param name="Revision">The state after this revision; the next notification begins at the next one.</param>
/// <param name="Subject">Null for none.</param>
/// <param name="DefaultRights">What a <see cref="Role.Participant"/> may do.</param>
/// <param name="IsOpen">Whether anybody asserted may join.</param>
/// <param name="Roster">All members.</param>
/// <param name="Requests">Raised hands, longest first.</param>
/// <param name="Documents">All documents.</param>
/// <param name="CurrentPage">What everybody shows, null before the first turn.</param>
/// <param name="Boards">The marks of each page that has any.</param>
/// <param name="Part">From 1. A large snapshot travels as several messages: each repeats the single values and carries
/// the next slice of the lists (a document or board may continue in the next part: pages and marks add up).</param>
/// <param name="Parts">How many there are.</param>
public sealed record Snapshot(
    ConferenceUri Conference,
    long Revision,
    string? Subject,
    Rights DefaultRights,
    bool IsOpen,
    ImmutableArray<RosterEntry> Roster,
    ImmutableArray<RaisedHand> Requests,
    ImmutableArray<DocumentState> Documents,
    PageRef? CurrentPage,
    ImmutableArray<BoardState> Boards,
    int Part = 1,
    int Parts = 1) : ServerMessage(Conference);

/// <summary>A member waiting for rights.</summary>
public sealed record RaisedHand(ParticipantUri Participant, Rights Rights);

/// <summary>The marks of one page in painting order, with their digest.</summary>
public sealed record BoardState(PageRef Page, string BoardDigest, ImmutableArray<PlacedMark> Marks);

/// <summary>How a page's content travels to one participant (R7).</summary>
public enum PageForm
{
    /// <summary>Base64 in one message.</summary>
    Inline,

    /// <summary>Base64 in several messages.</summary>
    Parts,

    /// <summary>An HTTPS reference with a token (RFC 4483 in spirit).</summary>
    Reference,
}

/// <summary>The content of a page, whole, as one part, or by reference. Has no revision of its own.</summary>
/// <param name="Conference">Which conference.</param>
/// <param name="Page">The descriptor as shared.</param>
/// <param name="Part">From 1.</param>
/// <param name="Parts">1 when whole or by reference.</param>
/// <param name="Content">The bytes of this part; empty for a reference.</param>
/// <param name="Href">Where to get it; null unless it is a reference.</param>
/// <param name="Expires">Until when; null unless it is a reference.</param>
public sealed record PageContent(
    ConferenceUri Conference, PageDescriptor Page, int Part, int Parts, ReadOnlyMemory<byte> Content, string? Href,
    DateTimeOffset? Expires) : ServerMessage(Conference);

/// <summary>A body that is too large for the path (R7): fetch it over HTTP and go on as if it had come in this message.
/// </summary>
/// <param name="Conference">Which conference.</param>
/// <param name="Href">Where to get it.</param>
/// <param name="Expires">Until when.</param>
/// <param name="BodyBytes">Its size.</param>
/// <param name="Digest">SHA-256 of it: 64 lower-case hexadecimal digits.</param>
public sealed record BodyReference(
    ConferenceUri Conference, string Href, DateTimeOffset Expires, long BodyBytes, string Digest)
    : ServerMessage(Conference);

/// <summary>To the sharer: please share these pages now, somebody wants to see or save them.</summary>
public sealed record PageRequest(ConferenceUri Conference, ImmutableArray<PageRef> Pages) : ServerMessage(Conference);

/// <summary>A request that was acknowledged could not be carried out after all.</summary>
/// <param name="Conference">Which conference.</param>
/// <param name="RequestId">Which request.</param>
/// <param name="Reason">A name from docs/protocol.md, Refusals.</param>
/// <param name="Text">For a person, in English.</param>
public sealed record Refusal(ConferenceUri Conference, string RequestId, string Reason, string Text)
    : ServerMessage(Conference);

/// <summary>Where others point at the moment. Volatile, without a revision; the last one counts.</summary>
public sealed record PointersMoved(ConferenceUri Conference, ImmutableArray<PointerPosition> Pointers)
    : ServerMessage(Conference);

/// <summary>One member's pointer.</summary>
/// <param name="Participant">Whose.</param>
/// <param name="Page">Where.</param>
/// <param name="Point">Null when it is gone.</param>
public sealed record PointerPosition(ParticipantUri Participant, PageRef Page, PagePoint? Point);

/// <summary>The saved file, for one member, by reference with token and expiry.</summary>
public sealed record SavedFile(
    ConferenceUri Conference, string FileId, long FileBytes, string Digest, string Href, DateTimeOffset Expires)
    : ServerMessage(Conference);
