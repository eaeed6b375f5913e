using System.Collections.Immutable;
using Akka.Actor;
using Conference.Actors.Ports;
using Conference.Protocol;
using Conference.Protocol.Requests;

namespace Conference.Actors.Focus;

/// <summary>Asks a conference to describe itself; answered with <see cref="ConferenceDescribed"/>.</summary>
public sealed record DescribeConference(ConferenceUri Conference);

/// <summary>The answer; null when there is no such conference.</summary>
public sealed record ConferenceDescribed(ConferenceDescription? Description);

/// <summary>Gets a conference into memory: one of its members came back and something waits for it.</summary>
public sealed record WakeConference(ConferenceUri Conference);

/// <summary>Instead of a description: the store is away, so that nothing is known.</summary>
public sealed record DescribeFailed
{
    /// <summary>The only one.</summary>
    public static DescribeFailed Instance { get; } = new();
}

/// <summary>Ends the actor of a conference, not the conference: after what is in flight, with a checkpoint.</summary>
public sealed record StopConference
{
    /// <summary>The only one.</summary>
    public static StopConference Instance { get; } = new();
}

/// <summary>Instead of an outcome: the conference is moving or being put away, ask once more.</summary>
public sealed record ConferenceMoving
{
    /// <summary>The only one.</summary>
    public static ConferenceMoving Instance { get; } = new();
}

/// <summary>A command with who is to be answered.</summary>
/// <param name="command">From the gateway.</param>
/// <param name="replyTo">Who waits for its outcome.</param>
/// <param name="until">When the gateway stops waiting: from then on nobody may look at its page content.</param>
/// <param name="takenAt">When it was taken from the mailbox, of a clock that never goes back.</param>
/// <param name="behind">What was under way with the store then; null for nothing.</param>
internal sealed class PendingCommand(
    ConferenceCommand command, IActorRef replyTo, DateTimeOffset until, long takenAt = 0, StoreSpan? behind = null)
{
    private TimeSpan _inVain;

    internal DateTimeOffset Until { get; } = until;

    /// <summary>When it was taken from the mailbox.</summary>
    internal long TakenAt { get; } = takenAt;

    /// <summary>Replaced by the whole page when the last part of one has come.</summary>
    internal ConferenceCommand Command { get; private set; } = command;

    /// <summary>Whether the page in it was put together from parts, which are kept until it is stored or refused.
    /// </summary>
    internal bool IsAssembled { get; private set; }

    internal IActorRef ReplyTo { get; } = replyTo;

    /// <summary>A round that it was in came to nothing.</summary>
    internal void NoteInVain(TimeSpan storeTime) => _inVain += storeTime;

    /// <summary>The part of its time that the store is to blame for: the rest of the append that it came behind, and
    /// its own. Others in between are not: they are there because more waited than one append takes.</summary>
    /// <param name="own">Of the round that it is answered with.</param>
    internal TimeSpan StoreTime(TimeSpan own) => (behind?.Since(TakenAt) ?? TimeSpan.Zero) + _inVain + own;

    internal void Assemble(SharePage whole)
    {
        Command = Command with { Request = Command.Request with { Action = whole } };
        IsAssembled = true;
    }
}

/// <summary>A conference as it was read from the store.</summary>
/// <param name="By">Who read it: what an incarnation before a restart of the actor read is not used.</param>
/// <param name="State">After the last event.</param>
/// <param name="Epoch">Of the ownership taken.</param>
/// <param name="Cursors">Of the members.</param>
/// <param name="CheckpointRevision">Of the checkpoint it was read from, 0 for none.</param>
internal sealed record Restored(
    StoreAccess By, ConferenceState State, long Epoch, ImmutableArray<StoredCursor> Cursors, long CheckpointRevision);

/// <summary>It could not be read.</summary>
internal sealed record RestoreFailed(StoreAccess By, Exception Exception);

/// <summary>Time to try again.</summary>
internal sealed record RestoreAgain;

/// <summary>What became of the store's part of a round.</summary>
internal abstract record RoundResult(CommandRound Round)
{
    internal sealed record Stored(CommandRound Round) : RoundResult(Round);

    internal sealed record PagesLost(CommandRound Round, ImmutableHashSet<string> Digests) : RoundResult(Round);

    internal sealed record NotStored(CommandRound Round, AppendOutcome Outcome) : RoundResult(Round);

    internal sealed record StoreFailed(CommandRound Round, Exception Exception) : RoundResult(Round);
}

/// <summary>A deadline may have come: awaited pages, parts, saves, idleness.</summary>
internal sealed record Tick;

/// <summary>The checkpoint is written, or not.</summary>
internal sealed record CheckpointDone(long Revision, string? Failure);

/// <summary>A saved file is stored, or not.</summary>
internal sealed record SaveDone(AwaitedSave Save, SavedFileResult? File, string? Failure, Exception? Exception);
