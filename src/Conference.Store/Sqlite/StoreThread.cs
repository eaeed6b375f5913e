using System.Collections.Concurrent;
using Conference.Actors.Ports;

namespace Conference.Store.Sqlite;

/// <summary>Dedicated threads behind one bounded queue. The disk blocks: it blocks these threads, never the pool.
/// </summary>
/// <remarks>Base of the writer (<see cref="GroupCommitThread"/>) and used as it is for readers and blob files. A thread
/// survives every exception of a job.</remarks>
internal class StoreThread : IDisposable
{
    private static readonly TimeSpan CloseDeadline = TimeSpan.FromSeconds(5);

    private readonly BlockingCollection<StoreJob> _queue;
    private readonly Thread[] _threads;
    private readonly Func<SqliteSession>? _open;
    private readonly string _name;
    private readonly Prometheus.Gauge.Child _length;

    /// <param name="name">Label of the queue and name of the threads: write, read, blob.</param>
    /// <param name="threads">How many.</param>
    /// <param name="queueLengthMax">Jobs that wait at most.</param>
    /// <param name="open">Opens a thread's own connection, on that thread's behalf; null for none.</param>
    public StoreThread(string name, int threads, int queueLengthMax, Func<SqliteSession>? open)
    {
        _name = name;
        _open = open;
        _queue = new BlockingCollection<StoreJob>(queueLengthMax);
        _length = StoreMetrics.QueueLength.WithLabels(SqliteFaults.Label, name);
        _threads = new Thread[threads];
    }

    /// <summary>Told when a thread did not end in time.</summary>
    public Action<double>? CloseTimedOut { get; init; }

    /// <summary>Starts the threads. Connections are opened first, by the caller's thread, so that a failure is the
    /// caller's.</summary>
    public void Start()
    {
        for (var i = 0; i < _threads.Length; i++)
        {
            var session = _open?.Invoke();
            _threads[i] = new Thread(() => RunThread(session)) { IsBackground = true, Name = $"store-{_name}-{i}" };
            _threads[i].Start();
        }
    }

    /// <summary>Queues a job.</summary>
    /// <exception cref="StoreUnavailableException">The queue is full, or the store is closed.</exception>
    public virtual void Post(StoreJob job)
    {
        bool isQueued;
        try
        {
            isQueued = _queue.TryAdd(job);
        }
        catch (Exception e) when (e is InvalidOperationException or ObjectDisposedException)
        {
            throw StoreMetrics.Refuse(SqliteFaults.Label, StoreFault.Closed, $"{job.Name} after the store was closed");
        }

        if (!isQueued)
        {
            throw StoreMetrics.Refuse(SqliteFaults.Label, StoreFault.QueueFull,
                $"{job.Name} refused: {_queue.BoundedCapacity} calls wait in queue '{_name}'");
        }

        _length.Inc();
    }

    /// <summary>Lets the queue run empty and ends the threads. Waits 5 s at most.</summary>
    public void Dispose()
    {
        if (_queue.IsAddingCompleted) return;
        _queue.CompleteAdding();
        foreach (var thread in _threads)
        {
            if (thread is not null && !thread.Join(CloseDeadline)) CloseTimedOut?.Invoke(CloseDeadline.TotalSeconds);
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Serves the queue until it is closed and empty.</summary>
    protected virtual void Serve(SqliteSession? session)
    {
        while (TryTake(out var job, Timeout.InfiniteTimeSpan))
        {
            if (job.IsGivenUp) continue;
            try
            {
                job.Run(session);
                job.Succeed();
            }
            catch (Exception e)
            {
                job.Fail(SqliteFaults.ForCaller(job.Name, e));
            }
        }
    }

    /// <summary>Takes the next job.</summary>
    /// <returns>False when none came in time, or the queue is closed and empty.</returns>
    protected bool TryTake(out StoreJob job, TimeSpan wait)
    {
        if (!_queue.TryTake(out job!, wait)) return false;
        _length.Dec();
        return true;
    }

    /// <summary>Whether no job will come any more.</summary>
    protected bool IsClosed => _queue.IsCompleted;

    private void RunThread(SqliteSession? session)
    {
        using (session) Serve(session);
    }
}
