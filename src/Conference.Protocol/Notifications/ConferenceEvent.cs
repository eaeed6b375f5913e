using System.Collections.Immutable;

namespace Conference.Protocol.Notifications;

/// <summary>One accepted event of a conference: what R1 orders, what the store keeps, what everybody is sent.</summary>
/// <param name="Revision">1, 2, 3, ... without gaps.</param>
/// <param name="Author">Who asked; for an event of the server itself, the one whose request led to it.</param>
/// <param name="RequestId">The id of the request; empty for an event of the server itself.</param>
/// <param name="At">When it was accepted, UTC, to the millisecond.</param>
/// <param name="Body">What happened.</param>
public sealed record ConferenceEvent(
    long Revision, ParticipantUri Author, string RequestId, DateTimeOffset At, EventBody Body);

/// <summary>The closed family of things that happen in a conference.</summary>
public abstract record EventBody;

/// <summary>A member as others see it.</summary>
public sealed record RosterEntry(
    ParticipantUri Participant, string? DisplayName, Role Role, Rights Rights, bool WantsOwnEvents = false);

/// <summary>Revision 1 of every conference.</summary>
public sealed record ConferenceCreated(
    string? Subject, Rights DefaultRights, bool IsOpen, ImmutableArray<RosterEntry> Members) : EventBody;

/// <summary>Members came in, by joining or by invitation; also when one comes back under another name.</summary>
public sealed record MembersJoined(ImmutableArray<RosterEntry> Members) : EventBody;

/// <summary>Why a member is no longer one.</summary>
public enum LeaveReason
{
    /// <summary>It left.</summary>
    Left,

    /// <summary>It was removed by somebody with <see cref="Rights.Manage"/>.</summary>
    Removed,
}

/// <summary>A member is gone.</summary>
public sealed record MemberLeft(ParticipantUri Participant, LeaveReason Reason) : EventBody;

/// <summary>A member's role and rights from now on. Ends that member's request for rights.</summary>
public sealed record RightsChanged(ParticipantUri Participant, Role Role, Rights Rights) : EventBody;

/// <summary>What <see cref="Role.Participant"/> may do from now on; those without rights of their own follow.</summary>
public sealed record DefaultRightsChanged(Rights Rights) : EventBody;

/// <summary>The author raises a hand; <see cref="Rights.None"/> takes it down.</summary>
public sealed record RightsRequested(Rights Rights) : EventBody;

/// <summary>A document was announced by the author.</summary>
public sealed record DocumentShared(string DocumentId, string Name, int PageCount) : EventBody;

/// <summary>A document and all its pages are gone.</summary>
public sealed record DocumentClosed(string DocumentId) : EventBody;

/// <summary>A page is in the cache. Who has the content already gets only this.</summary>
public sealed record PageShared(PageDescriptor Page) : EventBody;

/// <summary>What led to a change of the board.</summary>
public enum BoardChangeCause
{
    /// <summary>An operation.</summary>
    Operation,

    /// <summary>An undo by the author.</summary>
    Undo,

    /// <summary>A redo by the author.</summary>
    Redo,
}

/// <summary>One elementary change; a reader needs no undo stack to follow.</summary>
public abstract record MarkChange;

/// <summary>The mark with this id is now this one, new or not.</summary>
public sealed record PutMark(PlacedMark Placed) : MarkChange;

/// <summary>The mark with this id is gone. One that is not there is no error.</summary>
public sealed record DropMark(string MarkId) : MarkChange;

/// <summary>The marks of one page changed.</summary>
/// <param name="Page">Which page.</param>
/// <param name="Cause">What led to it.</param>
/// <param name="Changes">In order.</param>
/// <param name="BoardDigest">Digest of the page's marks after the changes (docs/protocol.md, Board digest).</param>
public sealed record BoardChanged(
    PageRef Page, BoardChangeCause Cause, ImmutableArray<MarkChange> Changes, string BoardDigest) : EventBody;

/// <summary>The author wants a page that is not in the cache; the sharer is being asked for it.</summary>
public sealed record TurnAwaited(PageRef Page) : EventBody;

/// <summary>Everybody shows this page now. Ends an awaited turn to it.</summary>
public sealed record PageTurned(PageRef Page) : EventBody;

/// <summary>An awaited turn came to nothing.</summary>
/// <param name="Page">The page that did not come.</param>
/// <param name="Reason">A name from docs/protocol.md, Refusals, such as <c>page_timeout</c>.</param>
public sealed record TurnRefused(PageRef Page, string Reason) : EventBody;

/// <summary>The author asked for a file; missing pages are being asked from their sharers.</summary>
public sealed record SaveAwaited : EventBody;

/// <summary>The file is there.</summary>
/// <param name="FileId">Names the file; a reference with token and expiry is made for each member from it.</param>
/// <param name="FileBytes">Size.</param>
/// <param name="Digest">SHA-256 of the file: 64 lower-case hexadecimal digits.</param>
/// <param name="MissingPages">Pages that no sharer could deliver any more.</param>
public sealed record ConferenceSaved(
    string FileId, long FileBytes, string Digest, ImmutableArray<PageRef> MissingPages) : EventBody;

/// <summary>A save came to nothing.</summary>
public sealed record SaveFailed(string Reason) : EventBody;

/// <summary>The author said something.</summary>
public sealed record ChatSaid(string Text) : EventBody;

/// <summary>The last event of every conference.</summary>
public sealed record ConferenceEnded : EventBody;
