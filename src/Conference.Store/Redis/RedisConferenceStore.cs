using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Conference.Actors.Ports;
using Conference.Protocol;
using StackExchange.Redis;

namespace Conference.Store.Redis;

/// <summary>Conferences in Redis (ADR-0004). Every write is one script that checks the epoch inside Redis.</summary>
/// <remarks>
/// The list of conferences lies in another cluster slot than a conference's own keys, so no script can change both. It
/// is kept a superset: a conference is entered before and again after its first event, when its ownership is taken, and
/// when a removal finds that it has been created anew. Whoever reads the list drops those without events.
/// </remarks>
/// <param name="connections">Shared with the other Redis stores; closed by whoever opened them.</param>
public sealed class RedisConferenceStore(RedisConnections connections) : IConferenceStore
{
    private const CommandFlags Master = CommandFlags.DemandMaster; // a replica may be behind

    private static readonly Prometheus.Histogram.Child AppendSeconds =
        StoreMetrics.AppendSeconds.WithLabels(RedisLink.Label);

    private static readonly Prometheus.Histogram.Child EventsPerCommit =
        StoreMetrics.EventsPerCommit.WithLabels(RedisLink.Label);

    private readonly RedisKeys _keys = connections.Keys;

    private RedisValue EmptyLifetimeMs => (long)connections.Options.EmptyConferenceLifetime.TotalMilliseconds;

    /// <inheritdoc/>
    public async ValueTask<Ownership> TakeOwnershipAsync(ConferenceUri conference, CancellationToken cancel)
    {
        var ownership = await connections.Calls.CallAsync("Taking the ownership", async database =>
        {
            var reply = (RedisResult[])(await RedisScript.Take.RunAsync(
                database, [_keys.Head(conference), _keys.Checkpoint(conference)], [EmptyLifetimeMs]))!;
            var taken = new Ownership((long)reply[0], (long)reply[1], reply[2].IsNull
                ? null
                : new Checkpoint((long)reply[2], (byte[])reply[3]!));
            if (taken.LastRevision > 0) await EnterAsync(database, conference);
            return taken;
        }, cancel);
        await connections.WaitForReplicasAsync(connections.Calls, _keys.Wait(conference), cancel);
        return ownership;
    }

    /// <inheritdoc/>
    public async ValueTask<AppendOutcome> AppendAsync(
        ConferenceUri conference, long epoch, ImmutableArray<StoredEvent> events, CancellationToken cancel)
    {
        StoreArguments.CheckEvents(events);
        var start = Stopwatch.GetTimestamp();
        try
        {
            var outcome = await connections.Calls.CallAsync("An append",
                database => AppendOnceAsync(database, conference, epoch, events), cancel);
            if (outcome == AppendOutcome.Appended)
            {
                EventsPerCommit.Observe(events.Length);
                await connections.WaitForReplicasAsync(connections.Calls, _keys.Wait(conference), cancel);
            }

            StoreMetrics.Appends.WithLabels(RedisLink.Label, StoreMetrics.Label(outcome)).Inc();
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
        var entries = await connections.Calls.CallAsync("Reading events", database => database.StreamRangeAsync(
            _keys.Events(conference), EntryId(afterRevision + 1), "+", countMax, Order.Ascending, Master), cancel);
        var events = ImmutableArray.CreateBuilder<StoredEvent>(entries.Length);
        foreach (var entry in entries)
        {
            events.Add(new StoredEvent(
                Revision(entry.Id), entry.Values[0].Value.ToString(), (ReadOnlyMemory<byte>)entry.Values[1].Value));
        }

        return StoreArguments.CheckRead(RedisLink.Label, conference.Value, afterRevision, events.MoveToImmutable());
    }

    /// <inheritdoc/>
    public async ValueTask<bool> WriteCheckpointAsync(
        ConferenceUri conference, long epoch, Checkpoint checkpoint, CancellationToken cancel)
    {
        StoreArguments.CheckCheckpoint(checkpoint);
        return await RunAsync("Writing a checkpoint", RedisScript.WriteCheckpoint,
            [_keys.Head(conference), _keys.Checkpoint(conference)],
            [epoch, checkpoint.Revision, checkpoint.Payload], cancel) == 1;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> WriteCursorsAsync(
        ConferenceUri conference, long epoch, ImmutableArray<StoredCursor> cursors, CancellationToken cancel)
    {
        StoreArguments.CheckCursors(cursors);
        var values = new RedisValue[1 + (2 * cursors.Length)];
        values[0] = epoch;
        for (var i = 0; i < cursors.Length; i++)
        {
            values[1 + (2 * i)] = cursors[i].Participant.Value;
            values[2 + (2 * i)] = cursors[i].Revision;
        }

        return await RunAsync("Writing cursors", RedisScript.WriteCursors,
            [_keys.Head(conference), _keys.Cursors(conference)], values, cancel) == 1;
    }

    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<StoredCursor>> ReadCursorsAsync(
        ConferenceUri conference, CancellationToken cancel)
    {
        var fields = await connections.Calls.CallAsync("Reading cursors",
            database => database.HashGetAllAsync(_keys.Cursors(conference), Master), cancel);
        return [.. fields.Select(field =>
            new StoredCursor(ParticipantUri.Parse(field.Name.ToString()), (long)field.Value))];
    }

    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<StoredConference>> ListAsync(
        ConferenceUri? after, int countMax, CancellationToken cancel)
    {
        StoreArguments.CheckCount(countMax);
        var found = ImmutableArray.CreateBuilder<StoredConference>();
        var from = after?.Value;
        while (found.Count < countMax)
        {
            var wanted = countMax - found.Count;
            var page = await connections.Calls.CallAsync("Listing conferences",
                database => ListPageAsync(database, from, wanted), cancel);
            found.AddRange(page.Where(line => line.LastRevision > 0));
            if (page.Count < wanted) break;
            from = page[^1].Conference.Value;
        }

        return found.ToImmutable();
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(ConferenceUri conference, long epoch, CancellationToken cancel)
    {
        var isDeleted = await connections.Calls.CallAsync("Deleting a conference", async database =>
        {
            var reply = await RedisScript.Delete.RunAsync(database,
            [
                _keys.Head(conference), _keys.Events(conference), _keys.Ids(conference), _keys.Checkpoint(conference),
                _keys.Cursors(conference),
            ], [epoch, EmptyLifetimeMs]);
            if ((int)reply != 1) return false;
            await database.SortedSetRemoveAsync(_keys.Conferences, conference.Value, Master);
            var again = await database.HashGetAsync(_keys.Head(conference), "revision", Master);
            if (!again.IsNull) await EnterAsync(database, conference);
            return true;
        }, cancel);
        if (isDeleted) await connections.WaitForReplicasAsync(connections.Calls, _keys.Wait(conference), cancel);
        return isDeleted;
    }

    /// <inheritdoc/>
    /// <remarks>Asks the master whether it takes a write now (it does not when full, loading, or without enough
    /// replicas), past the breaker: the probe must see the recovery.</remarks>
    public async ValueTask<bool> IsReachableAsync(CancellationToken cancel)
    {
        try
        {
            return await connections.Calls.TryAsync("The reachability probe", database =>
                database.StringSetAsync(_keys.Probe, 1, TimeSpan.FromMinutes(1), flags: Master), cancel);
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    private async Task<AppendOutcome> AppendOnceAsync(
        IDatabase database, ConferenceUri conference, long epoch, ImmutableArray<StoredEvent> events)
    {
        var values = new RedisValue[2 + (2 * events.Length)];
        values[0] = epoch;
        values[1] = events[0].Revision;
        for (var i = 0; i < events.Length; i++)
        {
            values[2 + (2 * i)] = events[i].EventId;
            values[3 + (2 * i)] = events[i].Payload;
        }

        var isFirst = events[0].Revision == 1;
        if (isFirst) await EnterAsync(database, conference);
        var reply = await RedisScript.Append.RunAsync(
            database, [_keys.Head(conference), _keys.Events(conference), _keys.Ids(conference)], values);
        var outcome = (int)reply switch
        {
            0 => AppendOutcome.Appended,
            1 => AppendOutcome.StaleEpoch,
            2 => AppendOutcome.RevisionConflict,
            3 => AppendOutcome.DuplicateEventId,
            var other => throw new UnreachableException($"append.lua gave {other}"),
        };
        if (isFirst && outcome == AppendOutcome.Appended) await EnterAsync(database, conference);
        return outcome;
    }

    private async Task<List<StoredConference>> ListPageAsync(IDatabase database, string? after, int count)
    {
        var uris = await database.SortedSetRangeByValueAsync(
            _keys.Conferences, after ?? RedisValue.Null, RedisValue.Null, Exclude.Start, take: count, flags: Master);
        var conferences = uris.Select(uri => ConferenceUri.Parse(uri.ToString())).ToList();
        var revisions = await Task.WhenAll(conferences.Select(conference =>
            database.HashGetAsync(_keys.Head(conference), "revision", Master)));
        return [.. conferences.Zip(revisions, (conference, revision) =>
            new StoredConference(conference, revision.IsNull ? 0 : (long)revision))];
    }

    private Task<bool> EnterAsync(IDatabase database, ConferenceUri conference) =>
        database.SortedSetAddAsync(_keys.Conferences, conference.Value, 0, Master);

    private Task<int> RunAsync(
        string call, RedisScript script, RedisKey[] keys, RedisValue[] values, CancellationToken cancel) =>
        connections.Calls.CallAsync(call,
            async database => (int)await script.RunAsync(database, keys, values), cancel);

    private static string EntryId(long revision) => string.Create(CultureInfo.InvariantCulture, $"{revision}-0");

    private static long Revision(RedisValue id)
    {
        var text = id.ToString().AsSpan();
        return long.Parse(text[..text.IndexOf('-')], NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
