using Microsoft.Extensions.Logging;

namespace Conference.Actors.Fanout;

/// <summary>One thread that starts deliveries. A conference that is scheduled again before its turn has one turn.
/// </summary>
internal sealed class FanoutWorker : IDisposable
{
    private readonly Queue<ConferenceFanout> _queue = new();
    private readonly HashSet<ConferenceFanout> _queued = [];
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
            if (!_queued.Add(conference)) return;
            _queue.Enqueue(conference);
            Monitor.Pulse(_queue);
        }
    }

    private void Loop()
    {
        while (Next() is { } conference)
        {
            try
            {
                conference.Run();
            }
            catch (Exception failure)
            {
                FanoutLog.WorkerFailed(_log, conference.Uri.Value, failure);
            }
        }
    }

    private ConferenceFanout? Next()
    {
        lock (_queue)
        {
            while (_queue.Count == 0)
            {
                if (_isStopping) return null;
                Monitor.Wait(_queue);
            }

            var next = _queue.Dequeue();
            _queued.Remove(next);
            return next;
        }
    }
}
