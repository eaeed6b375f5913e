using Microsoft.Extensions.Logging;

namespace Conference.Actors.Fanout;

/// <summary>Ends the pauses of recipients: those that back off, and those that are parked and tried now and then.
/// </summary>
/// <remarks>Off the hot path: only failed deliveries come here. One timer for all; pauses that end within
/// <see cref="Together"/> end together, and it does not run while nobody pauses.</remarks>
internal sealed class FanoutTimers : IDisposable
{
    private const long Together = 50; // Milliseconds; the shortest pause is ten times that.

    private readonly Lock _lock = new();
    private readonly PriorityQueue<(Recipient Recipient, long Due), long> _queue = new();
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly long _start;
    private readonly ITimer _timer;
    private long _scheduledFor = long.MaxValue; // Under _lock.

    internal FanoutTimers(TimeProvider time, ILogger log)
    {
        (_time, _log) = (time, log);
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(_ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    internal void Add(Recipient recipient, TimeSpan pause)
    {
        var due = Now() + (long)pause.TotalMilliseconds;
        recipient.Due = due;
        lock (_lock)
        {
            _queue.Enqueue((recipient, due), due);
            Schedule(due);
        }
    }

    /// <summary>Forgets a pause: its entry is passed over when its time comes.</summary>
    internal static void Remove(Recipient recipient) => recipient.Due = 0;

    private long Now() => _time.GetElapsedTime(_start).Ticks / TimeSpan.TicksPerMillisecond;

    // Under the lock.
    private void Schedule(long due)
    {
        if (_scheduledFor <= due + Together) return;
        _scheduledFor = due + Together;
        _timer.Change(TimeSpan.FromMilliseconds(Math.Max(0, due + Together - Now())), Timeout.InfiniteTimeSpan);
    }

    private void Fire()
    {
        var now = Now();
        lock (_lock) _scheduledFor = long.MaxValue;
        while (true)
        {
            Recipient recipient;
            lock (_lock)
            {
                if (!_queue.TryPeek(out var next, out var due)) return;
                if (due > now)
                {
                    Schedule(due);
                    return;
                }

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
