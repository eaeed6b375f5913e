using System.Collections.Immutable;

namespace Conference.Protocol.Requests;

/// <summary>One request of a participant: the body of a SIP MESSAGE to a conference URI, or to the factory URI.
/// </summary>
/// <param name="Id">Chosen by the sender, unique per sender (R3), 1 to 64 characters of A-Z a-z 0-9 . _ -</param>
/// <param name="Action">What is asked.</param>
public sealed record ConferenceRequest(string Id, RequestAction Action);

/// <summary>The closed family of things a participant can ask (design section 5).</summary>
public abstract record RequestAction;

/// <summary>A member to be: who, and as what.</summary>
public sealed record Invitee(ParticipantUri Participant, Role Role = Role.Participant, string? DisplayName = null);

/// <summary>To the factory URI only: a new conference with the sender as chair.</summary>
/// <param name="Subject">Up to 256 characters, null for none.</param>
/// <param name="Members">Members from the start; the sender need not be among them.</param>
/// <param name="DefaultRights">What a <see cref="Role.Participant"/> may do.</param>
/// <param name="IsOpen">Whether anybody asserted may join; otherwise only members.</param>
public sealed record CreateConference(
    string? Subject, ImmutableArray<Invitee> Members, Rights DefaultRights, bool IsOpen) : RequestAction;

/// <summary>Become a member, or say that one is back: answered with a snapshot.</summary>
/// <param name="DisplayName">Shown to others, null for none.</param>
/// <param name="WantsOwnEvents">Whether the sender wants its own events sent back too.</param>
public sealed record JoinConference(string? DisplayName = null, bool WantsOwnEvents = false) : RequestAction;

/// <summary>Stop being a member.</summary>
public sealed record LeaveConference : RequestAction;

/// <summary>Add members. Needs <see cref="Rights.Manage"/>.</summary>
public sealed record InviteMembers(ImmutableArray<Invitee> Members) : RequestAction;

/// <summary>Remove a member. Needs <see cref="Rights.Manage"/>.</summary>
public sealed record RemoveMember(ParticipantUri Participant) : RequestAction;

/// <summary>End the conference for all. Needs <see cref="Rights.Manage"/>.</summary>
public sealed record EndConference : RequestAction;

/// <summary>Give a member a role, which also resets its rights to the role's. Needs <see cref="Rights.Manage"/>.
/// </summary>
public sealed record SetRole(ParticipantUri Participant, Role Role) : RequestAction;

/// <summary>Set what a <see cref="Role.Participant"/> may do. Needs <see cref="Rights.Manage"/>.</summary>
public sealed record SetDefaultRights(Rights Rights) : RequestAction;

/// <summary>Ask the chair for rights ("raise a hand"); stays in the queue until granted, denied or withdrawn.</summary>
/// <param name="Rights">The rights asked for; <see cref="Rights.None"/> withdraws the request.</param>
public sealed record RequestRights(Rights Rights) : RequestAction;

/// <summary>Add rights to a member. Needs <see cref="Rights.Manage"/>. Ends that member's request.</summary>
public sealed record GrantRights(ParticipantUri Participant, Rights Rights) : RequestAction;

/// <summary>Take rights from a member, or deny its request. Needs <see cref="Rights.Manage"/>.</summary>
public sealed record RevokeRights(ParticipantUri Participant, Rights Rights) : RequestAction;

/// <summary>Announce a document; its pages follow one by one. Needs <see cref="Rights.Share"/>.</summary>
/// <param name="DocumentId">See <see cref="PageRef"/>.</param>
/// <param name="Name">File name as shown, up to 256 characters.</param>
/// <param name="PageCount">1 to the limit of the server.</param>
public sealed record ShareDocument(string DocumentId, string Name, int PageCount) : RequestAction;

/// <summary>One page, or one part of one, of a document that the sender shares.</summary>
/// <param name="Page">Number, size, media type and digest of the whole page.</param>
/// <param name="Part">From 1.</param>
/// <param name="Parts">1 when the page is whole.</param>
/// <param name="Content">The bytes of this part, decoded. Owned by who holds the request: see the reader.</param>
public sealed record SharePage(PageDescriptor Page, int Part, int Parts, ReadOnlyMemory<byte> Content) : RequestAction;

/// <summary>The sharer's answer to a page request that it cannot fulfil.</summary>
public sealed record PageUnavailable(PageRef Page, string Reason) : RequestAction;

/// <summary>Withdraw a document. Needs to be its sharer, or <see cref="Rights.Manage"/>.</summary>
public sealed record CloseDocument(string DocumentId) : RequestAction;

/// <summary>Change the marks of one page. Needs <see cref="Rights.Draw"/>.</summary>
public sealed record Operate(PageRef Page, ImmutableArray<MarkOperation> Operations) : RequestAction;

/// <summary>Take back the sender's latest operation that is not taken back yet.</summary>
public sealed record Undo : RequestAction;

/// <summary>Do again what the sender's latest undo took back.</summary>
public sealed record Redo : RequestAction;

/// <summary>The sender's laser pointer. Volatile: no revision, never stored, dropped first.</summary>
/// <param name="Page">Where.</param>
/// <param name="Point">Null when the pointer is gone.</param>
public sealed record MovePointer(PageRef Page, PagePoint? Point) : RequestAction;

/// <summary>Show a page to everybody. Needs <see cref="Rights.Turn"/>.</summary>
public sealed record TurnPage(PageRef Page) : RequestAction;

/// <summary>Send what came after a revision, or a snapshot when that is too long ago.</summary>
/// <param name="SinceRevision">The last revision the sender has; 0 asks for a snapshot.</param>
public sealed record Resync(long SinceRevision) : RequestAction;

/// <summary>Send me the content of a page I do not have (any more).</summary>
public sealed record FetchPage(PageRef Page) : RequestAction;

/// <summary>Save all documents with their marks to one file. Needs <see cref="Rights.Manage"/>.</summary>
public sealed record SaveConference : RequestAction;

/// <summary>A line of chat, up to 4,096 characters; what <c>text/plain</c> from a foreign client becomes.</summary>
public sealed record Say(string Text) : RequestAction;
