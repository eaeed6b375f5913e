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
    private readonly PriorityQueue<Entry, long> _queue = new();
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
        Remove(recipient);
        var entry = new Entry { Recipient = recipient };
        recipient.PauseEntry = entry;
        lock (_lock)
        {
            _queue.Enqueue(entry, due);
            Schedule(due);
        }
    }

    /// <summary>Forgets a pause. Its entry stays until its time comes, but holds nothing: the absent members of a
    /// conference that sleeps would else keep all of it in memory for minutes.</summary>
    internal static void Remove(Recipient recipient)
    {
        if (recipient.PauseEntry is { } entry) entry.Recipient = null;
        recipient.PauseEntry = null;
    }

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
            Entry entry;
            lock (_lock)
            {
                if (!_queue.TryPeek(out entry!, out var due)) return;
                if (due > now)
                {
                    Schedule(due);
                    return;
                }

                _queue.Dequeue();
            }

            try
            {
                entry.Recipient?.OnDue();
            }
            catch (Exception failure)
            {
                FanoutLog.TimerFailed(_log, failure); // An exception out of a timer would end the process.
            }
        }
    }

    /// <summary>One pause.</summary>
    internal sealed class Entry
    {
        /// <summary>Null once the pause is over. Written under the lock of the recipient.</summary>
        internal Recipient? Recipient { get; set; }
    }
}
