using Conference.Protocol;

namespace Conference.Actors.Focus;

/// <summary>A turn to a page that the sharer was asked for.</summary>
/// <param name="Page">Which page.</param>
/// <param name="Requester">Who wants to turn.</param>
/// <param name="RequestId">Of the request, for the refusal.</param>
/// <param name="Revision">Of the event that began the wait.</param>
/// <param name="Since">When that was: the time-out counts from here.</param>
public sealed record AwaitedTurn(
    PageRef Page, ParticipantUri Requester, string RequestId, long Revision, DateTimeOffset Since);

/// <summary>A save that is not finished.</summary>
/// <param name="Requester">Who asked.</param>
/// <param name="RequestId">Of the request, for the refusal.</param>
/// <param name="Revision">Of the event that began the wait.</param>
/// <param name="Since">When that was: the time-out counts from here.</param>
public sealed record AwaitedSave(ParticipantUri Requester, string RequestId, long Revision, DateTimeOffset Since);
