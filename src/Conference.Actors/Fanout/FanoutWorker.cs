using Microsoft.Extensions.Logging;

namespace Conference.Actors.Fanout;

/// <summary>One thread that starts deliveries. Conferences have turns of a slice of their roster: a small one does not
/// wait until tens of thousands of others have been looked at.</summary>
internal sealed class FanoutWorker : IDisposable
{
    private readonly Queue<ConferenceFanout> _queue = new();
    private readonly HashSet<ConferenceFanout> _queued = [];
    // Of those queued: when they were scheduled first since their last slice.
    private readonly Dictionary<ConferenceFanout, long> _renewed = [];
    private readonly TimeProvider _time;
    private readonly Action<TimeSpan> _onTurn;
    private readonly ILogger _log;
    private readonly Thread _thread;
    private bool _isStopping;

    /// <param name="number">For the thread's name.</param>
    /// <param name="time">Measures waits.</param>
    /// <param name="onTurn">Told how long each conference with something new has waited for its turn; on the
    /// worker's thread.</param>
    /// <param name="log">For failures of one turn.</param>
    internal FanoutWorker(int number, TimeProvider time, Action<TimeSpan> onTurn, ILogger log)
    {
        _time = time;
        _onTurn = onTurn;
        _log = log;
        _thread = new Thread(Loop) { IsBackground = true, Name = $"fan-out {number}" };
        _thread.Start();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_queue)
        {
            _isStopping = true;
            Monitor.PulseAll(_queue);
        }

        _thread.Join();
    }

    internal void Schedule(ConferenceFanout conference)
    {
        lock (_queue)
        {
            _renewed.TryAdd(conference, _time.GetTimestamp());
            Enqueue(conference);
        }
    }

    // Under the lock.
    private void Enqueue(ConferenceFanout conference)
    {
        if (!_queued.Add(conference)) return;
        _queue.Enqueue(conference);
        Monitor.Pulse(_queue);
    }

    private void Loop()
    {
        while (Next(out var scheduledAt) is { } conference)
        {
            if (scheduledAt is { } since) Tell(conference, _time.GetElapsedTime(since));
            try
            {
                if (!conference.RunSlice(isNew: scheduledAt is not null)) continue;
                lock (_queue) Enqueue(conference);
            }
            catch (Exception failure)
            {
                // Who was looked at is behind it: the rest has its turn, and it comes to an end.
                FanoutLog.WorkerFailed(_log, conference.Uri.Value, failure);
                if (conference.HasMoreOfRound) lock (_queue) Enqueue(conference);
            }
        }
    }

    // A fault of who is told must not cost the conference its turn.
    private void Tell(ConferenceFanout conference, TimeSpan waited)
    {
        try
        {
            _onTurn(waited);
        }
        catch (Exception failure)
        {
            FanoutLog.WorkerFailed(_log, conference.Uri.Value, failure);
        }
    }

    // When it was scheduled; null for the next slice of what it had begun.
    private ConferenceFanout? Next(out long? scheduledAt)
    {
        scheduledAt = null;
        lock (_queue)
        {
            while (_queue.Count == 0)
            {
                if (_isStopping) return null;
                Monitor.Wait(_queue);
            }

            var next = _queue.Dequeue();
            _queued.Remove(next);
            if (_renewed.Remove(next, out var at)) scheduledAt = at;
            return next;
        }
    }
}
