using System.Collections.Immutable;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Requests;

namespace Conference.Actors.Focus;

/// <summary>The one door to the conferences: brings a command to the actor that owns the conference, wherever it runs.
/// </summary>
/// <remarks>Never throws for an expected outcome, and answers within the time-out of its options (R9): a conference
/// that does not answer in time gives <see cref="RefuseReason.StoreUnavailable"/>.</remarks>
public interface IConferenceGateway
{
    /// <summary>Carries out one request. Accepted means durable (R2), except for volatile requests.</summary>
    ValueTask<CommandOutcome> SubmitAsync(ConferenceCommand command, CancellationToken cancel);

    /// <summary>Describes a conference for the admin API; null when there is none.</summary>
    ValueTask<ConferenceDescription?> DescribeAsync(ConferenceUri conference, CancellationToken cancel);

    /// <summary>A contact of this participant became known or reachable: wakes parked deliveries everywhere.</summary>
    void ParticipantReachable(ParticipantUri participant);
}

/// <summary>A request with what the front door knows of it.</summary>
/// <param name="Conference">For <see cref="CreateConference"/>: the URI of the conference to be made.</param>
/// <param name="Sender">Asserted by the trust domain or authenticated (R8).</param>
/// <param name="Request">As read from the body. Page content in it belongs to the command until its outcome.</param>
/// <param name="ContentHash">Hash of the body: tells a repeated request from another one with the same id (R3).</param>
public sealed record ConferenceCommand(
    ConferenceUri Conference, ParticipantUri Sender, ConferenceRequest Request, ulong ContentHash)
{
    /// <summary>Whether the sender acts with every right without being a member: provisioning by admin API or file.
    /// </summary>
    public bool IsOperator { get; init; }

    /// <summary>When its sender is told 503 by whoever asks: later it is not carried out any more (R9). Null for as
    /// long as the conference lets commands wait.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>What became of a command.</summary>
public abstract record CommandOutcome
{
    private CommandOutcome()
    {
    }

    /// <summary>The part of its time that the store is to blame for, whatever the outcome: its own append, and the
    /// rest of the one that it came behind, queueing in the store included. Zero when the store had no part, and when
    /// nobody knows: the one who asked gave up.</summary>
    public TimeSpan StoreTime { get; init; }

    /// <summary>Carried out, or carried out before (R3).</summary>
    /// <param name="Revision">Of its event; 0 for a request that makes none.</param>
    public sealed record Accepted(long Revision) : CommandOutcome;

    /// <summary>Not carried out.</summary>
    /// <param name="Reason">Gives SIP status and metric label, see <see cref="RefuseReasons"/>.</param>
    /// <param name="Detail">What is wrong, for the Warning header; null when the reason says it all.</param>
    public sealed record Refused(RefuseReason Reason, string? Detail = null) : CommandOutcome;
}

/// <summary>A conference as the admin API shows it.</summary>
public sealed record ConferenceDescription(
    ConferenceUri Conference,
    string? Subject,
    long Revision,
    PageRef? CurrentPage,
    ImmutableArray<DocumentState> Documents,
    ImmutableArray<RosterEntry> Roster,
    ImmutableArray<DeliveryDescription> Deliveries,
    DateTimeOffset CreatedAt,
    bool HasEnded);

/// <summary>How far one participant is.</summary>
public sealed record DeliveryDescription(
    ParticipantUri Participant, long Cursor, string State, int LastStatus, int Attempts);
