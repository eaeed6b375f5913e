using System.Collections.Immutable;
using Conference.Actors.Ports;
using Conference.Protocol;

namespace Conference.Actors.Tests.Focus.Fakes;

/// <summary>A store that counts the checkpoints it was given: they are written beside the mailbox, and nobody is told.
/// </summary>
internal sealed class WatchedStore(IConferenceStore store) : IConferenceStore
{
    private int _checkpoints;

    /// <summary>Checkpoints that were written.</summary>
    internal int Checkpoints => Volatile.Read(ref _checkpoints);

    public async ValueTask<bool> WriteCheckpointAsync(
        ConferenceUri conference, long epoch, Checkpoint checkpoint, CancellationToken cancel)
    {
        var isWritten = await store.WriteCheckpointAsync(conference, epoch, checkpoint, cancel);
        if (isWritten) Interlocked.Increment(ref _checkpoints);
        return isWritten;
    }

    public ValueTask<Ownership> TakeOwnershipAsync(ConferenceUri conference, CancellationToken cancel) =>
        store.TakeOwnershipAsync(conference, cancel);

    public ValueTask<AppendOutcome> AppendAsync(
        ConferenceUri conference, long epoch, ImmutableArray<StoredEvent> events, CancellationToken cancel) =>
        store.AppendAsync(conference, epoch, events, cancel);

    public ValueTask<ImmutableArray<StoredEvent>> ReadEventsAsync(
        ConferenceUri conference, long afterRevision, int countMax, CancellationToken cancel) =>
        store.ReadEventsAsync(conference, afterRevision, countMax, cancel);

    public ValueTask<bool> WriteCursorsAsync(
        ConferenceUri conference, long epoch, ImmutableArray<StoredCursor> cursors, CancellationToken cancel) =>
        store.WriteCursorsAsync(conference, epoch, cursors, cancel);

    public ValueTask<ImmutableArray<StoredCursor>> ReadCursorsAsync(
        ConferenceUri conference, CancellationToken cancel) => store.ReadCursorsAsync(conference, cancel);

    public ValueTask<ImmutableArray<StoredConference>> ListAsync(
        ConferenceUri? after, int countMax, CancellationToken cancel) => store.ListAsync(after, countMax, cancel);

    public ValueTask<bool> DeleteAsync(ConferenceUri conference, long epoch, CancellationToken cancel) =>
        store.DeleteAsync(conference, epoch, cancel);

    public ValueTask<bool> IsReachableAsync(CancellationToken cancel) => store.IsReachableAsync(cancel);
}
