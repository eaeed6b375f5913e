using Conference.Actors.Ports;
using Microsoft.Extensions.Logging;

namespace Conference.Store.Sqlite;

/// <summary>The one thread that writes the database. All jobs that came in while the last commit was under way share
/// the next one; their callers are answered after it. This is what makes synchronous=FULL affordable: 8,300 events/s
/// at one per commit, 103,000 at 16.</summary>
internal sealed class GroupCommitThread(
    SqliteStoreOptions options, Func<SqliteSession> open, TimeProvider time, ILogger logger)
    : StoreThread("write", threads: 1, options.WriteQueueLengthMax, open)
{
    private static readonly Prometheus.Histogram.Child EventsPerCommit =
        StoreMetrics.EventsPerCommit.WithLabels(SqliteFaults.Label);

    private long _busySince;
    private long _commits;
    private volatile bool _isFailing;

    // Touched only by the thread.
    private readonly List<StoreJob> _batch = [];

    /// <summary>Commits that made at least one event durable.</summary>
    public long Commits => Volatile.Read(ref _commits);

    /// <summary>Whether the last commit failed.</summary>
    public bool IsFailing => _isFailing;

    /// <summary>Called by the thread before each commit; tests hold it up or let it throw.</summary>
    public Action? BeforeCommit { get; set; }

    /// <summary>Work for when nobody waits, in a transaction of its own. Returns false when there is none left.
    /// </summary>
    public Func<SqliteSession, bool>? IdleWork { get; set; }

    /// <summary>Set when there may be idle work.</summary>
    public bool HasIdleWork { get; set; }

    /// <inheritdoc/>
    public override void Post(StoreJob job)
    {
        var since = Volatile.Read(ref _busySince);
        if (since != 0 && time.GetElapsedTime(since) > options.CallTimeout)
        {
            // Everything queued behind a stuck commit would time out too: say so at once (R9).
            throw StoreMetrics.Refuse(SqliteFaults.Label, StoreFault.Stuck,
                $"{job.Name} refused: the disk has not finished the last commit for {time.GetElapsedTime(since)}");
        }

        base.Post(job);
    }

    /// <inheritdoc/>
    protected override void Serve(SqliteSession? session)
    {
        while (!IsClosed)
        {
            if (TryTake(out var first, HasIdleWork ? TimeSpan.Zero : Timeout.InfiniteTimeSpan))
            {
                FillBatch(first);
                Volatile.Write(ref _busySince, time.GetTimestamp());
                RunBatch(session!);
                Volatile.Write(ref _busySince, 0);
            }
            else if (HasIdleWork)
            {
                RunIdleWork(session!);
            }
        }
    }

    private void FillBatch(StoreJob first)
    {
        _batch.Clear();
        _batch.Add(first);
        var bytes = first.Bytes;
        while (_batch.Count < options.CommitWritesMax && bytes < options.CommitBytesMax
            && TryTake(out var next, TimeSpan.Zero))
        {
            _batch.Add(next);
            bytes += next.Bytes;
        }
    }

    private void RunBatch(SqliteSession session)
    {
        var failure = TryCommit(session, _batch);
        if (failure is null) return;
        if (_batch.Count == 1 || SqliteFaults.IsEverybodys(failure))
        {
            foreach (var job in _batch) Fail(job, failure);
            return;
        }

        // Nothing of the batch was written. Each alone, so that one job that cannot be done (too large for the space
        // that is left) does not fail its neighbours.
        foreach (var job in _batch)
        {
            if (TryCommit(session, [job]) is { } own) Fail(job, own);
        }
    }

    /// <returns>Null when the jobs are committed and answered; else what happened, and nothing was written.</returns>
    private Exception? TryCommit(SqliteSession session, List<StoreJob> jobs)
    {
        try
        {
            if (session.IsInTransaction) session.RollBack(); // the last roll back failed; it must not, before we go on
            session.Begin();
            var events = 0;
            foreach (var job in jobs)
            {
                if (job.IsGivenUp) continue;
                job.Run(session);
                events += job.Events;
            }

            BeforeCommit?.Invoke();
            session.Commit();
            if (events > 0)
            {
                Interlocked.Increment(ref _commits);
                EventsPerCommit.Observe(events);
            }
        }
        catch (Exception e)
        {
            return RollBack(session, e);
        }

        if (_isFailing)
        {
            _isFailing = false;
            StoreLog.SqliteWriteRecovered(logger);
        }

        foreach (var job in jobs) job.Succeed();
        return null;
    }

    private static Exception RollBack(SqliteSession session, Exception cause)
    {
        try
        {
            session.RollBack();
        }
        catch (Exception)
        {
            // The cause is what counts. Should the transaction still be open, the next commit tries again.
        }

        return cause;
    }

    private void Fail(StoreJob job, Exception exception)
    {
        var forCaller = SqliteFaults.ForCaller(job.Name, exception);
        if (forCaller is StoreUnavailableException)
        {
            if (!_isFailing)
            {
                var reason = StoreMetrics.Label(SqliteFaults.Classify(exception));
                StoreLog.SqliteWriteFailed(logger, reason, exception.Message);
            }

            _isFailing = true;
        }
        else
        {
            StoreLog.JobFailed(logger, exception);
        }

        job.Fail(forCaller);
    }

    private void RunIdleWork(SqliteSession session)
    {
        try
        {
            session.Begin();
            HasIdleWork = IdleWork?.Invoke(session) ?? false;
            session.Commit();
        }
        catch (Exception e)
        {
            StoreLog.IdleWorkFailed(logger, RollBack(session, e));
            HasIdleWork = false; // tried again after the next delete or start
        }
    }
}
