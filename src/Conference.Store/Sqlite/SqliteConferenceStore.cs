using System.Collections.Immutable;
using System.Diagnostics;
using Conference.Actors.Ports;
using Conference.Protocol;

namespace Conference.Store.Sqlite;

/// <summary>Conferences in the embedded database (ADR-0003).</summary>
/// <param name="database">Shared with the other SQLite stores; closed by whoever opened it.</param>
public sealed class SqliteConferenceStore(SqliteDatabase database) : IConferenceStore
{
    private static readonly Prometheus.Histogram.Child AppendSeconds =
        StoreMetrics.AppendSeconds.WithLabels(SqliteFaults.Label);

    /// <inheritdoc/>
    public async ValueTask<Ownership> TakeOwnershipAsync(ConferenceUri conference, CancellationToken cancel) =>
        await database.WriteAsync("Taking the ownership",
            session => ConferenceRows.TakeOwnership(session, conference, database.NowMs), cancel);

    /// <inheritdoc/>
    public async ValueTask<AppendOutcome> AppendAsync(
        ConferenceUri conference, long epoch, ImmutableArray<StoredEvent> events, CancellationToken cancel)
    {
        StoreArguments.CheckEvents(events);
        var bytes = 0;
        foreach (var stored in events) bytes += stored.Payload.Length;
        var start = Stopwatch.GetTimestamp();
        try
        {
            var outcome = await database.WriteAsync("An append",
                session => ConferenceRows.Append(session, conference, epoch, events), cancel, events.Length, bytes);
            StoreMetrics.Appends.WithLabels(SqliteFaults.Label, StoreMetrics.Label(outcome)).Inc();
            return outcome;
        }
        finally
        {
            AppendSeconds.Observe(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<StoredEvent>> ReadEventsAsync(
        ConferenceUri conference, long afterRevision, int countMax, CancellationToken cancel)
    {
        StoreArguments.CheckRevision(afterRevision);
        StoreArguments.CheckCount(countMax);
        var events = await database.ReadAsync("Reading events",
            session => ConferenceRows.ReadEvents(session, conference, afterRevision, countMax), cancel);
        return StoreArguments.CheckRead(SqliteFaults.Label, conference.Value, afterRevision, events);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> WriteCheckpointAsync(
        ConferenceUri conference, long epoch, Checkpoint checkpoint, CancellationToken cancel)
    {
        StoreArguments.CheckCheckpoint(checkpoint);
        return await database.WriteAsync("Writing a checkpoint",
            session => ConferenceRows.WriteCheckpoint(session, conference, epoch, checkpoint), cancel,
            bytes: checkpoint.Payload.Length);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> WriteCursorsAsync(
        ConferenceUri conference, long epoch, ImmutableArray<StoredCursor> cursors, CancellationToken cancel)
    {
        StoreArguments.CheckCursors(cursors);
        return await database.WriteAsync("Writing cursors",
            session => ConferenceRows.WriteCursors(session, conference, epoch, cursors), cancel);
    }

    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<StoredCursor>> ReadCursorsAsync(
        ConferenceUri conference, CancellationToken cancel) =>
        await database.ReadAsync("Reading cursors",
            session => ConferenceRows.ReadCursors(session, conference), cancel);

    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<StoredConference>> ListAsync(
        ConferenceUri? after, int countMax, CancellationToken cancel)
    {
        StoreArguments.CheckCount(countMax);
        return await database.ReadAsync("Listing conferences",
            session => ConferenceRows.List(session, after, countMax), cancel);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(ConferenceUri conference, long epoch, CancellationToken cancel)
    {
        var isDeleted = await database.WriteAsync("Deleting a conference", session =>
        {
            var isOwned = ConferenceRows.Delete(session, conference, epoch, database.NowMs);
            database.Writer.HasIdleWork |= isOwned;
            return isOwned;
        }, cancel);
        return isDeleted;
    }

    /// <inheritdoc/>
    /// <remarks>Goes through the writer thread. While writes fail, it tries a real one, so that a disk that has space
    /// again is noticed without traffic; else it costs no disk access.</remarks>
    public async ValueTask<bool> IsReachableAsync(CancellationToken cancel)
    {
        try
        {
            var mustWrite = database.Writer.IsFailing;
            return await database.WriteAsync("The reachability probe", session =>
            {
                if (mustWrite) session.Execute("UPDATE counter SET probe = probe + 1");
                return true;
            }, cancel);
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }
}
