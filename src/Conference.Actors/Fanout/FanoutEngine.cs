using System.Collections.Concurrent;
using System.Collections.Immutable;
using Conference.Actors.Focus;
using Conference.Actors.Ports;
using Conference.Protocol;
using Microsoft.Extensions.Logging;

namespace Conference.Actors.Fanout;

/// <summary>The fan-out of all conferences on this node: its threads, its timers, what it shares.</summary>
/// <remarks>
/// Threads: workers (room 10) start deliveries; one timer ends pauses; one loop stores cursors. Answers are handled on
/// the receive threads of the SIP stack. None of them waits for another: what they share is behind short locks.
/// </remarks>
public sealed class FanoutEngine : IFanoutEngine, IAsyncDisposable
{
    // Conferences whose cursors are written at a time: enough that many small ones share commits, few enough that
    // events do not wait long behind them. With 64 an append waited 800 ms once when 20,000 conferences had an event at
    // once.
    private const int FlushesMax = 8;

    private readonly FanoutWorker[] _workers;

    private readonly HashSet<ConferenceFanout> _conferences = [];
    private readonly List<ConferenceFanout> _stirred = []; // Each once: see ConferenceFanout.Stir. Its own lock.
    private readonly ConcurrentDictionary<ConferenceUri, ConferenceFanout> _behind = new();
    private readonly ITimer _flushTimer;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _flushing = new(1);
    private int _behindCount;

    /// <param name="options">Limits, times and choices.</param>
    /// <param name="links">Paths to participants.</param>
    /// <param name="references">Makes references to blobs.</param>
    /// <param name="store">Cursors, and events that some are behind by.</param>
    /// <param name="blobs">Page contents.</param>
    /// <param name="time">Drives pauses and measures delays.</param>
    /// <param name="log">For failures that nobody else sees.</param>
    public FanoutEngine(
        FanoutOptions options, IParticipantLinks links, IContentReferences references, IConferenceStore store,
        IBlobStore blobs, TimeProvider time, ILogger<FanoutEngine> log)
    {
        (Options, Links, References, Store, Blobs, Time, _log) = (options, links, references, store, blobs, time, log);
        PageBodies = new PageBodies(options.PageCacheBytesMax);
        Timers = new FanoutTimers(time, log);
        Waiting = new WaitingIndex(options.WaitingIndexMax);
        var workers = options.Workers > 0 ? options.Workers : Environment.ProcessorCount;
        _workers = [.. Enumerable.Range(0, workers).Select(i => new FanoutWorker(i, time, OnTurn, log))];
        _flushTimer = time.CreateTimer(
            _ => Background(FlushNowAndThenAsync), null, options.CursorFlush, options.CursorFlush);
    }

    /// <summary>A participant came back that has something waiting in a conference that sleeps.</summary>
    public event Action<ConferenceUri>? ConferenceWanted;

    /// <summary>How long a conference has waited for its turn at a worker; on the worker's thread.</summary>
    public event Action<TimeSpan>? TurnWaited;

    /// <summary>Whether events of any conference come faster than most of its members can be sent them.</summary>
    public bool IsAnyBehind => Volatile.Read(ref _behindCount) > 0;

    internal FanoutOptions Options { get; }

    internal IParticipantLinks Links { get; }

    internal IContentReferences References { get; }

    internal IConferenceStore Store { get; }

    internal IBlobStore Blobs { get; }

    internal TimeProvider Time { get; }

    internal PageBodies PageBodies { get; }

    internal FanoutTimers Timers { get; }

    internal FailingIndex Failing { get; } = new();

    internal WaitingIndex Waiting { get; }

    /// <summary>Whether nothing is left to deliver to reachable members and all cursors are stored.</summary>
    public bool IsSettled => Open().All(c => c.IsDisposed ? c.HasStoredCursors : c.IsSettled);

    /// <inheritdoc/>
    public IConferenceFanout Open(ConferenceState state, long epoch, ImmutableArray<StoredCursor> cursors)
    {
        var conference = new ConferenceFanout(this, state, epoch);
        lock (_conferences) _conferences.Add(conference);
        conference.Begin(cursors);
        return conference;
    }

    /// <summary>How far most members of a conference are behind; null when they are not.</summary>
    public DeliveryLag? LagOf(ConferenceUri conference) =>
        _behind.TryGetValue(conference, out var behind) ? behind.Lag : null;

    /// <summary>Any sign of life of a participant: goes on delivering to it, in every conference.</summary>
    public void Wake(ParticipantUri participant)
    {
        foreach (var recipient in Failing.Take(participant)) recipient.WakeFailing();
        foreach (var conference in Waiting.Take(participant)) ConferenceWanted?.Invoke(conference);
    }

    /// <summary>Stores all cursors now: at the end of a drain.</summary>
    public async Task FlushAllAsync()
    {
        await _flushing.WaitAsync(); // One under way does not see what moved since it began.
        try
        {
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = FlushesMax };
            await Parallel.ForEachAsync(TakeStirred(), parallel, async (conference, _) => await FlushAsync(conference));
        }
        finally
        {
            _flushing.Release();
        }
    }

    private async Task FlushAsync(ConferenceFanout conference)
    {
        await conference.FlushCursorsAsync(CancellationToken.None);
        if (!conference.TrySettle())
        {
            Stir(conference);
            return;
        }

        if (!conference.IsDisposed) return;
        lock (_conferences) _conferences.Remove(conference);
    }

    private ConferenceFanout[] TakeStirred()
    {
        lock (_stirred)
        {
            ConferenceFanout[] taken = [.. _stirred];
            _stirred.Clear();
            return taken;
        }
    }

    private Task FlushNowAndThenAsync()
    {
        // Whoever has caught up takes no full bodies any more, which would tell.
        foreach (var (_, conference) in _behind)
        {
            if (conference.Lag is null) NoteNotBehind(conference);
        }

        return _flushing.CurrentCount == 0 ? Task.CompletedTask : FlushAllAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _flushTimer.DisposeAsync();
        await FlushAllAsync();
        Timers.Dispose();
        foreach (var worker in _workers) worker.Dispose();
    }

    internal void NoteBodyFailed(ConferenceFanout conference, Exception failure) =>
        FanoutLog.BodyFailed(_log, conference.Uri.Value, failure);

    internal void NotePageFailed(string digest, Exception failure) => FanoutLog.PageFailed(_log, digest, failure);

    internal void NoteCursorsFailed(ConferenceUri conference, Exception failure) =>
        FanoutLog.CursorsFailed(_log, conference.Value, failure);

    internal void NoteRestoreFailed(ConferenceUri conference, Exception failure) =>
        FanoutLog.RestoreFailed(_log, conference.Value, failure);

    /// <summary>The lag of a conference was read anew. Under its gate: what is taken here is a leaf.</summary>
    internal void NoteLag(ConferenceFanout conference)
    {
        if (conference.Lag is not null && _behind.TryAdd(conference.Uri, conference)) NoteBehind(1);
        // Also when it was put away meanwhile: whoever is second here takes it out.
        if (conference.Lag is null || conference.IsDisposed) NoteNotBehind(conference);
    }

    private void NoteNotBehind(ConferenceFanout conference)
    {
        if (_behind.TryRemove(KeyValuePair.Create(conference.Uri, conference))) NoteBehind(-1);
    }

    private void NoteBehind(int change)
    {
        Interlocked.Add(ref _behindCount, change);
        FanoutMetrics.ConferencesBehind.Inc(change);
    }

    private void OnTurn(TimeSpan waited)
    {
        FanoutMetrics.TurnWaitSeconds.Observe(waited.TotalSeconds);
        TurnWaited?.Invoke(waited);
    }

    internal void Schedule(ConferenceFanout conference) =>
        _workers[(uint)conference.Uri.GetHashCode() % (uint)_workers.Length].Schedule(conference);

    /// <summary>The next flush looks after a conference, which comes here once until that is done.</summary>
    internal void Stir(ConferenceFanout conference)
    {
        lock (_stirred) _stirred.Add(conference);
    }

    /// <summary>Runs work off the hot path; a failure ends only that work.</summary>
    internal void Background(Func<Task> work) => _ = Task.Run(async () =>
    {
        try
        {
            await work();
        }
        catch (Exception failure)
        {
            FanoutLog.BackgroundFailed(_log, failure);
        }
    });

    // It stays until its cursors are stored: by the next flush, which the end of a drain waits for.
    internal void Close(ConferenceFanout conference)
    {
        NoteNotBehind(conference);
        if (!conference.HasStoredCursors) return;
        lock (_conferences) _conferences.Remove(conference);
    }

    private ConferenceFanout[] Open()
    {
        lock (_conferences) return [.. _conferences];
    }
}
