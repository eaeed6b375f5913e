using Microsoft.Extensions.Logging;

namespace Conference.Actors.Fanout;

/// <summary>Ends the pauses of recipients: those that back off, and those that are parked and tried now and then.
/// </summary>
/// <remarks>Off the hot path: only failed deliveries come here. One timer for all, at 50 ms.</remarks>
internal sealed class FanoutTimers : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly PriorityQueue<(Recipient Recipient, long Due), long> _queue = new();
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly long _start;
    private readonly ITimer _timer;

    internal FanoutTimers(TimeProvider time, ILogger log)
    {
        (_time, _log) = (time, log);
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(_ => Fire(), null, Tick, Tick);
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    internal void Add(Recipient recipient, TimeSpan pause)
    {
        var due = Now() + (long)pause.TotalMilliseconds;
        recipient.Due = due;
        lock (_lock) _queue.Enqueue((recipient, due), due);
    }

    /// <summary>Forgets a pause: its entry is passed over when its time comes.</summary>
    internal static void Remove(Recipient recipient) => recipient.Due = 0;

    private long Now() => _time.GetElapsedTime(_start).Ticks / TimeSpan.TicksPerMillisecond;

    private void Fire()
    {
        var now = Now();
        while (true)
        {
            Recipient recipient;
            lock (_lock)
            {
                if (!_queue.TryPeek(out var next, out var due) || due > now) return;
                _queue.Dequeue();
                if (next.Recipient.Due != next.Due) continue;
                recipient = next.Recipient;
            }

            try
            {
                recipient.OnDue();
            }
            catch (Exception failure)
            {
                FanoutLog.TimerFailed(_log, failure); // An exception out of a timer would end the process.
            }
        }
    }
}
