using System.Collections.Immutable;
using Conference.Protocol;

namespace Conference.Actors.Ports;

/// <summary>Keeps the events, checkpoints and cursors of conferences. Every write is fenced by an ownership epoch.
/// </summary>
/// <remarks>
/// All implementations pass one contract suite (tests/Conference.Store.Tests/Contract). Expected outcomes are values;
/// a store that is away, full or too slow throws <see cref="StoreUnavailableException"/> and nothing else, within
/// the time-out of its options (0.8 s by default). After that exception the caller does not know whether the write
/// happened: it reads the conference again (<see cref="TakeOwnershipAsync"/>) before it goes on. It may also repeat the
/// very same append under the same epoch, which is answered <see cref="AppendOutcome.Appended"/> and stored once.
/// <para>A <c>cancel</c> that fires ends the call with <see cref="OperationCanceledException"/>; a write may happen all
/// the same. An argument that breaks a rule stated here is a bug of the caller: <see cref="ArgumentException"/>.</para>
/// <para>Calls for different conferences run side by side; calls for one conference are ordered by the store.</para>
/// </remarks>
public interface IConferenceStore
{
    /// <summary>Takes the ownership of a conference: whoever owned it before can write no more.</summary>
    /// <remarks>Epochs are larger than all earlier ones, not consecutive. The epoch of a conference without events may
    /// be forgotten after an hour (so that requests to made-up addresses leave nothing behind): its owner then
    /// meets a stale epoch and takes the ownership again.</remarks>
    /// <param name="conference">Need not exist yet; an epoch is kept for it all the same.</param>
    /// <param name="cancel">Ends the wait, not the effect.</param>
    ValueTask<Ownership> TakeOwnershipAsync(ConferenceUri conference, CancellationToken cancel);

    /// <summary>Appends events in one step: all or none. Durable when it returns <see cref="AppendOutcome.Appended"/>.
    /// </summary>
    /// <remarks>Checked in this order: epoch; whether exactly these events (revision, id, payload) are there already,
    /// which is a repetition and answered <see cref="AppendOutcome.Appended"/>; revision; event ids, those inside the
    /// batch among each other too.</remarks>
    /// <param name="conference">Whose.</param>
    /// <param name="epoch">From <see cref="Ownership.Epoch"/>.</param>
    /// <param name="events">At least one; revisions without gaps, the first one next to the last one stored.</param>
    /// <param name="cancel">Ends the wait, not the effect.</param>
    ValueTask<AppendOutcome> AppendAsync(
        ConferenceUri conference, long epoch, ImmutableArray<StoredEvent> events, CancellationToken cancel);

    /// <summary>Reads events in order of revision.</summary>
    /// <param name="conference">Whose.</param>
    /// <param name="afterRevision">0 for all.</param>
    /// <param name="countMax">At most this many; the caller goes on after the last one it got.</param>
    /// <param name="cancel">Ends the wait.</param>
    ValueTask<ImmutableArray<StoredEvent>> ReadEventsAsync(
        ConferenceUri conference, long afterRevision, int countMax, CancellationToken cancel);

    /// <summary>Replaces the conference's checkpoint, unless the epoch is stale, a newer one is there, or it is ahead
    /// of the last event.</summary>
    /// <returns>False when nothing was written for one of those reasons.</returns>
    ValueTask<bool> WriteCheckpointAsync(
        ConferenceUri conference, long epoch, Checkpoint checkpoint, CancellationToken cancel);

    /// <summary>Moves cursors; several participants in one write. A cursor never moves back; of several for one
    /// participant the highest counts. Of a conference without events none are kept.</summary>
    /// <returns>False when the epoch is stale and nothing was written.</returns>
    ValueTask<bool> WriteCursorsAsync(
        ConferenceUri conference, long epoch, ImmutableArray<StoredCursor> cursors, CancellationToken cancel);

    /// <summary>Reads all cursors of a conference, in no particular order.</summary>
    ValueTask<ImmutableArray<StoredCursor>> ReadCursorsAsync(ConferenceUri conference, CancellationToken cancel);

    /// <summary>Lists conferences that have at least one event, in ordinal order of their URI.</summary>
    /// <param name="after">Go on after this one; null from the start.</param>
    /// <param name="countMax">At most this many.</param>
    /// <param name="cancel">Ends the wait.</param>
    ValueTask<ImmutableArray<StoredConference>> ListAsync(
        ConferenceUri? after, int countMax, CancellationToken cancel);

    /// <summary>Removes everything that is kept of a conference, except its epoch. Blobs expire by themselves.
    /// </summary>
    /// <returns>False when the epoch is stale and nothing was removed.</returns>
    ValueTask<bool> DeleteAsync(ConferenceUri conference, long epoch, CancellationToken cancel);

    /// <summary>Whether the store answers now and takes writes; for the readiness probe. Does not throw
    /// <see cref="StoreUnavailableException"/>.</summary>
    ValueTask<bool> IsReachableAsync(CancellationToken cancel);
}

/// <summary>A conference as the new owner finds it.</summary>
/// <param name="Epoch">To be given with every write; larger than every earlier one of this conference.</param>
/// <param name="LastRevision">0 when the conference does not exist.</param>
/// <param name="Checkpoint">The newest one, null for none.</param>
public sealed record Ownership(long Epoch, long LastRevision, Checkpoint? Checkpoint);

/// <summary>One event as it is stored.</summary>
/// <param name="Revision">From 1.</param>
/// <param name="EventId">Author and request id in one string, compared byte by byte; unique in the conference. Empty:
/// no such check.</param>
/// <param name="Payload">The event's XML as it travels (Conference.Protocol), at most 1 MiB.</param>
public sealed record StoredEvent(long Revision, string EventId, ReadOnlyMemory<byte> Payload)
{
    /// <summary>The largest payload that a store takes, in bytes.</summary>
    public const int PayloadBytesMax = 1 << 20;
}

/// <summary>The state after a revision, so that opening a conference need not replay all of it.</summary>
/// <param name="Revision">The last revision in it.</param>
/// <param name="Payload">What Conference.Actors/Focus/Checkpoints wrote.</param>
public sealed record Checkpoint(long Revision, ReadOnlyMemory<byte> Payload);

/// <summary>How far one participant has confirmed.</summary>
public readonly record struct StoredCursor(ParticipantUri Participant, long Revision);

/// <summary>One line of <see cref="IConferenceStore.ListAsync"/>.</summary>
public readonly record struct StoredConference(ConferenceUri Conference, long LastRevision);

/// <summary>What became of an append.</summary>
public enum AppendOutcome
{
    /// <summary>Durable, written by this call or by an earlier one with exactly these events.</summary>
    Appended,

    /// <summary>Another owner has taken over; nothing was written.</summary>
    StaleEpoch,

    /// <summary>The first revision is not the next one; nothing was written. A bug, or somebody else wrote.</summary>
    RevisionConflict,

    /// <summary>An event with one of these ids is there already; nothing was written.</summary>
    DuplicateEventId,
}

/// <summary>The store is away, full or too slow. Whether a write happened is not known.</summary>
public sealed class StoreUnavailableException : Exception
{
    /// <summary>For the serializer of test tools.</summary>
    public StoreUnavailableException()
    {
    }

    /// <param name="message">What was tried and what the store said.</param>
    public StoreUnavailableException(string message)
        : base(message)
    {
    }

    /// <param name="message">What was tried.</param>
    /// <param name="innerException">What the store's client threw.</param>
    public StoreUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
