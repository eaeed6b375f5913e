using Microsoft.Extensions.Logging;

namespace Conference.Actors.Fanout;

/// <summary>One thread that starts deliveries. Conferences have turns of a slice of their roster: a small one does not
/// wait until tens of thousands of others have been looked at.</summary>
internal sealed class FanoutWorker : IDisposable
{
    private readonly Queue<ConferenceFanout> _queue = new();
    private readonly HashSet<ConferenceFanout> _queued = [];
    private readonly HashSet<ConferenceFanout> _renewed = []; // Of those queued: scheduled since their last slice.
    private readonly ILogger _log;
    private readonly Thread _thread;
    private bool _isStopping;

    internal FanoutWorker(int number, ILogger log)
    {
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
            _renewed.Add(conference);
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
        while (Next(out var isNew) is { } conference)
        {
            try
            {
                if (!conference.RunSlice(isNew)) continue;
                lock (_queue) Enqueue(conference);
            }
            catch (Exception failure)
            {
                FanoutLog.WorkerFailed(_log, conference.Uri.Value, failure);
            }
        }
    }

    private ConferenceFanout? Next(out bool isNew)
    {
        lock (_queue)
        {
            isNew = false;
            while (_queue.Count == 0)
            {
                if (_isStopping) return null;
                Monitor.Wait(_queue);
            }

            var next = _queue.Dequeue();
            _queued.Remove(next);
            isNew = _renewed.Remove(next);
            return next;
        }
    }
}
