namespace Sip.Stack.Timers;

/// <summary>
/// Many timers on one <see cref="ITimer"/>: one queue (lane) per duration. Timers of one duration fire in the order
/// they
/// were started, so starting and firing cost the same however many run. The RFC's timers have some fifteen durations.
/// </summary>
/// <typeparam name="TOwner">Whom a timer belongs to.</typeparam>
/// <typeparam name="TTimer">Which of the owner's timers it is.</typeparam>
/// <remarks>
/// There is no stopping: an owner ignores a timer that it no longer waits for, and holds nothing large by then.
/// Timers of <see cref="Long"/> and more fire together, up to <see cref="Together"/> late: each transaction leaves one
/// behind, and a wake-up for each costs more than the transaction (measured).
/// Callbacks run one at a time, outside the lock. Lock order: this lock is a leaf.
/// </remarks>
internal sealed class TimerLanes<TOwner, TTimer> : IDisposable
    where TOwner : class
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(100);

    private readonly long _long;
    private readonly long _together;
    private readonly TimeProvider _time;
    private readonly Action<TOwner, TTimer> _onFired;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();

    // Touched under _lock.
    private readonly Dictionary<long, Queue<Entry>> _lanes = [];
    private long _scheduledFor = long.MaxValue;
    private long _sequence;
    private bool _isFiring;
    private bool _isDisposed;

    // Touched only while _isFiring.
    private readonly List<Entry> _due = [];

    /// <param name="time">The clock.</param>
    /// <param name="onFired">Called when a timer is due. A throw is counted and ends only the call.</param>
    internal TimerLanes(TimeProvider time, Action<TOwner, TTimer> onFired)
    {
        _time = time;
        _onFired = onFired;
        _long = (long)(Long.TotalSeconds * time.TimestampFrequency);
        _together = (long)(Together.TotalSeconds * time.TimestampFrequency);
        _timer = time.CreateTimer(_ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Timers that have not fired.</summary>
    internal int Count
    {
        get
        {
            lock (_lock) return _lanes.Values.Sum(lane => lane.Count);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock) _isDisposed = true;
        _timer.Dispose();
    }

    internal void Start(TOwner owner, TTimer timer, TimeSpan after)
    {
        var ticks = Math.Max(0, (long)(after.TotalSeconds * _time.TimestampFrequency));
        lock (_lock)
        {
            if (_isDisposed) return;
            var due = _time.GetTimestamp() + ticks;
            if (!_lanes.TryGetValue(ticks, out var lane)) _lanes[ticks] = lane = new Queue<Entry>();
            lane.Enqueue(new Entry(due, _sequence++, owner, timer));
            var wakeAt = WakeAt(due, ticks);
            if (!_isFiring && wakeAt < _scheduledFor) Schedule(wakeAt);
        }
    }

    private void Fire()
    {
        lock (_lock)
        {
            // A second callback, of a change made meanwhile, has nothing to add: the first looks again at its end.
            if (_isFiring || _isDisposed) return;
            _isFiring = true;
        }

        while (CollectDue())
        {
            foreach (var entry in _due) Call(entry);
        }
    }

    private void Call(in Entry entry)
    {
        try
        {
            _onFired(entry.Owner, entry.Timer);
        }
        catch (Exception)
        {
            // One owner's bug must not stop the timers of all others.
            SipMetrics.LoopFaults.WithLabels("timer").Inc();
        }
    }

    /// <summary>
    /// Moves what is due to <see cref="_due"/>; when nothing is, schedules the next and ends the firing.
    /// </summary>
    private bool CollectDue()
    {
        lock (_lock)
        {
            _due.Clear();
            var now = _time.GetTimestamp();
            var next = long.MaxValue;
            foreach (var (after, lane) in _lanes)
            {
                while (lane.TryPeek(out var head) && head.Due <= now) _due.Add(lane.Dequeue());
                if (lane.TryPeek(out var waiting)) next = Math.Min(next, WakeAt(waiting.Due, after));
            }

            if (_due.Count > 0)
            {
                _due.Sort(static (a, b) => a.Due != b.Due ? a.Due.CompareTo(b.Due) : a.Sequence.CompareTo(b.Sequence));
                return true;
            }

            _isFiring = false;
            _scheduledFor = long.MaxValue;
            if (next != long.MaxValue && !_isDisposed) Schedule(next);
            return false;
        }
    }

    private long WakeAt(long due, long after) =>
        after < _long ? due : (due + _together - 1) / _together * _together;

    private void Schedule(long due)
    {
        _scheduledFor = due;
        var ticks = Math.Max(0, due - _time.GetTimestamp());

        // Rounded up to a millisecond, the resolution of the timer: fired early, it would only be set again.
        var milliseconds = Math.Ceiling(ticks * 1000.0 / _time.TimestampFrequency);
        _timer.Change(TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
    }

    private readonly record struct Entry(long Due, long Sequence, TOwner Owner, TTimer Timer);
}
