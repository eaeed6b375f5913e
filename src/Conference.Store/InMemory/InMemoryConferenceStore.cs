using System.Collections.Immutable;
using System.Diagnostics;
using Conference.Actors.Ports;
using Conference.Protocol;

namespace Conference.Store.InMemory;

/// <summary>Conferences in this process's memory: the reference that the other stores are compared with in the
/// contract suite, and the store of tests.</summary>
/// <param name="faults">Faults asked for by a test; null for none.</param>
public sealed class InMemoryConferenceStore(StoreFaults? faults = null) : IConferenceStore
{
    internal const string Label = "in_memory";

    private readonly StoreFaults _faults = faults ?? new StoreFaults(TimeProvider.System);

    // Guarded by _gate.
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Kept> _conferences = new(StringComparer.Ordinal);
    private long _epochLast;

    /// <inheritdoc/>
    public ValueTask<Ownership> TakeOwnershipAsync(ConferenceUri conference, CancellationToken cancel) =>
        RunAsync("Taking the ownership", isWrite: true, () =>
        {
            if (!_conferences.TryGetValue(conference.Value, out var kept))
                _conferences.Add(conference.Value, kept = new Kept());
            kept.Epoch = ++_epochLast;
            return new Ownership(kept.Epoch, kept.Events.Count, kept.Checkpoint);
        }, cancel);

    /// <inheritdoc/>
    public async ValueTask<AppendOutcome> AppendAsync(
        ConferenceUri conference, long epoch, ImmutableArray<StoredEvent> events, CancellationToken cancel)
    {
        StoreArguments.CheckEvents(events);
        var start = Stopwatch.GetTimestamp();
        var outcome = await RunAsync("An append", isWrite: true, () => Append(conference, epoch, events), cancel);
        StoreMetrics.AppendSeconds.WithLabels(Label).Observe(Stopwatch.GetElapsedTime(start).TotalSeconds);
        StoreMetrics.Appends.WithLabels(Label, StoreMetrics.Label(outcome)).Inc();
        return outcome;
    }

    /// <inheritdoc/>
    public ValueTask<ImmutableArray<StoredEvent>> ReadEventsAsync(
        ConferenceUri conference, long afterRevision, int countMax, CancellationToken cancel)
    {
        StoreArguments.CheckRevision(afterRevision);
        StoreArguments.CheckCount(countMax);
        return RunAsync<ImmutableArray<StoredEvent>>("Reading events", isWrite: false, () =>
        {
            if (!_conferences.TryGetValue(conference.Value, out var kept) || afterRevision >= kept.Events.Count)
                return [];
            var from = (int)afterRevision;
            return [.. kept.Events.GetRange(from, Math.Min(countMax, kept.Events.Count - from))];
        }, cancel);
    }

    /// <inheritdoc/>
    public ValueTask<bool> WriteCheckpointAsync(
        ConferenceUri conference, long epoch, Checkpoint checkpoint, CancellationToken cancel)
    {
        StoreArguments.CheckCheckpoint(checkpoint);
        return RunAsync("Writing a checkpoint", isWrite: true, () =>
        {
            if (Owned(conference, epoch) is not { } kept) return false;
            if (checkpoint.Revision > kept.Events.Count) return false;
            if (checkpoint.Revision < kept.Checkpoint?.Revision) return false;
            kept.Checkpoint = checkpoint with { Payload = checkpoint.Payload.ToArray() };
            return true;
        }, cancel);
    }

    /// <inheritdoc/>
    public ValueTask<bool> WriteCursorsAsync(
        ConferenceUri conference, long epoch, ImmutableArray<StoredCursor> cursors, CancellationToken cancel)
    {
        StoreArguments.CheckCursors(cursors);
        return RunAsync("Writing cursors", isWrite: true, () =>
        {
            if (Owned(conference, epoch) is not { } kept) return false;
            if (kept.Events.Count == 0) return true;
            foreach (var cursor in cursors)
            {
                if (cursor.Revision > kept.Cursors.GetValueOrDefault(cursor.Participant, -1))
                    kept.Cursors[cursor.Participant] = cursor.Revision;
            }

            return true;
        }, cancel);
    }

    /// <inheritdoc/>
    public ValueTask<ImmutableArray<StoredCursor>> ReadCursorsAsync(
        ConferenceUri conference, CancellationToken cancel) =>
        RunAsync<ImmutableArray<StoredCursor>>("Reading cursors", isWrite: false, () =>
            _conferences.TryGetValue(conference.Value, out var kept)
                ? [.. kept.Cursors.Select(cursor => new StoredCursor(cursor.Key, cursor.Value))]
                : [], cancel);

    /// <inheritdoc/>
    public ValueTask<ImmutableArray<StoredConference>> ListAsync(
        ConferenceUri? after, int countMax, CancellationToken cancel)
    {
        StoreArguments.CheckCount(countMax);
        return RunAsync<ImmutableArray<StoredConference>>("Listing conferences", isWrite: false, () =>
        [
            .. _conferences
                .Where(pair => pair.Value.Events.Count > 0)
                .Where(pair => after is null || string.CompareOrdinal(pair.Key, after.Value.Value) > 0)
                .Take(countMax)
                .Select(pair => new StoredConference(ConferenceUri.Parse(pair.Key), pair.Value.Events.Count)),
        ], cancel);
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(ConferenceUri conference, long epoch, CancellationToken cancel) =>
        RunAsync("Deleting a conference", isWrite: true, () =>
        {
            if (Owned(conference, epoch) is null) return false;
            _conferences[conference.Value] = new Kept { Epoch = epoch };
            return true;
        }, cancel);

    /// <inheritdoc/>
    public ValueTask<bool> IsReachableAsync(CancellationToken cancel) => ValueTask.FromResult(!_faults.IsAway);

    private AppendOutcome Append(ConferenceUri conference, long epoch, ImmutableArray<StoredEvent> events)
    {
        if (Owned(conference, epoch) is not { } kept) return AppendOutcome.StaleEpoch;
        var first = events[0].Revision;
        if (first != kept.Events.Count + 1)
            return IsRepetition(kept, events) ? AppendOutcome.Appended : AppendOutcome.RevisionConflict;
        var ids = events.Where(stored => stored.EventId.Length > 0).Select(stored => stored.EventId).ToList();
        if (ids.Exists(kept.EventIds.Contains) || ids.Distinct(StringComparer.Ordinal).Count() != ids.Count)
            return AppendOutcome.DuplicateEventId;
        kept.EventIds.UnionWith(ids);
        foreach (var stored in events) kept.Events.Add(stored with { Payload = stored.Payload.ToArray() });
        return AppendOutcome.Appended;
    }

    private static bool IsRepetition(Kept kept, ImmutableArray<StoredEvent> events)
    {
        if (events[^1].Revision > kept.Events.Count) return false;
        foreach (var repeated in events)
        {
            var stored = kept.Events[(int)repeated.Revision - 1];
            if (stored.EventId != repeated.EventId || !stored.Payload.Span.SequenceEqual(repeated.Payload.Span))
                return false;
        }

        return true;
    }

    private Kept? Owned(ConferenceUri conference, long epoch) =>
        _conferences.TryGetValue(conference.Value, out var kept) && kept.Epoch == epoch ? kept : null;

    private ValueTask<T> RunAsync<T>(string call, bool isWrite, Func<T> effect, CancellationToken cancel) =>
        _faults.RunAsync(call, isWrite, () =>
        {
            lock (_gate) return effect();
        }, cancel);

    private sealed class Kept
    {
        public long Epoch { get; set; }

        public List<StoredEvent> Events { get; } = [];

        public HashSet<string> EventIds { get; } = new(StringComparer.Ordinal);

        public Checkpoint? Checkpoint { get; set; }

        public Dictionary<ParticipantUri, long> Cursors { get; } = [];
    }
}
