using Conference.Actors.Ports;

namespace AppServer.Links;

/// <summary>Who asks a <see cref="DeliveryWindow"/> for a place.</summary>
internal interface IWindowGuest
{
    /// <summary>How urgent it is. Read with the window's lock held: takes no lock.</summary>
    DeliveryPriority Priority { get; }

    /// <summary>There is a place; <see cref="DeliveryWindow.Leave"/> gives it back, once. Never throws, never blocks.
    /// </summary>
    /// <param name="place">Its number.</param>
    void Fire(int place);
}

/// <summary>Lets so many MESSAGEs be out towards one next hop; the rest waits in a <see cref="FairQueue"/>.</summary>
/// <remarks>Whoever makes room sends what waits, on its own thread (<see cref="WindowWork"/>). The lock guards queue
/// and limit; it is inside of all others, and nothing but the priority of a guest is asked for while it is
/// held.</remarks>
internal sealed class DeliveryWindow
{
    private readonly Lock _lock = new();
    private readonly FairQueue _queue = new();
    private readonly AdaptiveLimit _limit;
    private readonly Func<long> _now;
    private long _latest; // Under _lock.
    private volatile bool _isForgotten;

    /// <param name="bounds">Of the limit.</param>
    /// <param name="now">Gives the time in milliseconds, of a clock that never goes back.</param>
    internal DeliveryWindow(LimitBounds bounds, Func<long> now) => (_limit, _now) = (new AdaptiveLimit(bounds), now);

    /// <summary>Asks for a place; <see cref="IWindowGuest.Fire"/> is called when there is one, maybe at once, with an
    /// open <see cref="SendBatch"/> at its end at the latest.</summary>
    /// <param name="conference">That of the guest.</param>
    /// <param name="guest">Who asks.</param>
    internal void Enter(ConferenceFlows conference, IWindowGuest guest) =>
        SendBatch.Windows.Enter(this, conference.For(this), guest);

    /// <summary>Gives a place back.</summary>
    internal void Leave(int place, PlaceEnd end) => SendBatch.Windows.Leave(this, place, end);

    /// <summary>Raises those of a conference who wait with a lower priority, for
    /// <see cref="ConferenceFlows.Raise"/>.</summary>
    internal void Raise(FairQueue.Flow flow, DeliveryPriority priority)
    {
        lock (_lock) _queue.Raise(flow, priority);
    }

    /// <summary>Nobody will be led to it any more, but for who is about to enter it.</summary>
    internal bool IsForgotten
    {
        get => _isForgotten;
        set => _isForgotten = value;
    }

    /// <summary>What it is like now; for metrics.</summary>
    internal WindowDescription Describe()
    {
        lock (_lock)
        {
            return new WindowDescription(
                _limit.Current, _limit.InUse, _queue.CountOf(DeliveryPriority.High),
                _queue.CountOf(DeliveryPriority.Normal), _queue.CountOf(DeliveryPriority.Low), _limit.Changes);
        }
    }

    /// <summary>Takes in what a thread has gathered, and gives it those whose turn it is.</summary>
    /// <param name="leaves">Places given back.</param>
    /// <param name="enters">Who came, in order.</param>
    /// <param name="fired">For whom there is a place now; empty to have nobody fired.</param>
    /// <param name="first">Number of the first place.</param>
    /// <param name="others">Number of all others.</param>
    /// <returns>How many are to be fired; the caller does it, outside of the lock.</returns>
    internal int Exchange(
        ReadOnlySpan<WindowLeave> leaves, ReadOnlySpan<WindowEnter> enters, Span<IWindowGuest> fired,
        out int first, out int others)
    {
        (first, others) = (0, 0);
        var read = _limit.IsFixed ? 0 : _now();
        lock (_lock)
        {
            // Each thread reads the time once for a batch: one may come with an earlier one than another did.
            var now = _latest = Math.Max(_latest, read);
            var isFull = _queue.Count > 0;
            foreach (ref readonly var leave in leaves) _limit.GiveBack(leave.Place, leave.End, isFull, now);
            _limit.Advance(now);
            var room = Math.Min(_limit.Room, fired.Length);
            var count = 0;
            if (!isFull && enters.Length <= room)
            {
                foreach (ref readonly var enter in enters) fired[count++] = enter.Guest; // Nobody has to wait.
            }
            else
            {
                foreach (ref readonly var enter in enters)
                    _queue.Enqueue(enter.Flow, enter.Guest.Priority, enter.Guest);
                count = _queue.Take(fired[..room]);
            }

            if (count > 0) others = _limit.Take(count, now, out first);
            return count;
        }
    }
}

/// <summary>A place that is given back.</summary>
internal readonly record struct WindowLeave(int Place, PlaceEnd End);

/// <summary>Somebody who asks for a place.</summary>
internal readonly record struct WindowEnter(FairQueue.Flow Flow, IWindowGuest Guest);

/// <summary>A window at one moment.</summary>
/// <param name="Limit">Places there are.</param>
/// <param name="InUse">Places taken; more than the limit after it has shrunk.</param>
/// <param name="High">Who waits with high priority,</param>
/// <param name="Normal">normal priority,</param>
/// <param name="Low">low priority.</param>
/// <param name="Changes">What its limit did so far.</param>
internal readonly record struct WindowDescription(
    int Limit, int InUse, int High, int Normal, int Low, LimitChanges Changes);
