namespace AppServer.Links;

/// <summary>What one thread asks of windows, gathered so that many requests cost one lock, and whom it has to fire.
/// </summary>
/// <remarks>
/// While a <see cref="SendBatch"/> is open, places given back and asked for wait here until there are
/// <see cref="GatheredMax"/> of them, or until the batch ends, which it does whatever happens in it. Without one they
/// are passed on at once.
/// Who makes room fires those who wait, in a loop and never recursively: a thousand participants without a contact fail
/// one after the other, not inside each other.
/// </remarks>
internal sealed class WindowWork
{
    /// <summary>A system call's worth of datagrams.</summary>
    private const int GatheredMax = 32;

    private readonly WindowLeave[] _leaves = new WindowLeave[GatheredMax];
    private readonly WindowEnter[] _enters = new WindowEnter[GatheredMax];
    private readonly IWindowGuest[] _fired = new IWindowGuest[GatheredMax];
    private readonly List<DeliveryWindow> _unpumped = []; // In which somebody may wait although there is room.
    private DeliveryWindow? _window; // Of what is gathered.
    private int _leaveCount;
    private int _enterCount;
    private bool _isPumping;

    /// <summary>Whether something is gathered or somebody to be fired.</summary>
    internal bool HasWork => _window is not null || _unpumped.Count > 0;

    internal void Enter(DeliveryWindow window, FairQueue.Flow flow, IWindowGuest guest)
    {
        Select(window);
        _enters[_enterCount++] = new WindowEnter(flow, guest);
        AfterGathering();
    }

    internal void Leave(DeliveryWindow window, int place, PlaceEnd end)
    {
        Select(window);
        _leaves[_leaveCount++] = new WindowLeave(place, end);
        AfterGathering();
    }

    /// <summary>Passes on what is gathered and fires those for whom there is room, until nothing is left to
    /// do.</summary>
    internal void Pump()
    {
        if (_isPumping) return;
        _isPumping = true;
        try
        {
            while (HasWork)
            {
                var window = _window ?? _unpumped[^1];
                _unpumped.Remove(window); // First: should its exchange fail, the loop still ends.
                var count = Exchange(window, _fired, out var first, out var others);
                if (count == GatheredMax) NoteUnpumped(window);
                Fire(count, first, others);
            }
        }
        finally
        {
            _isPumping = false;
        }
    }

    // One window at a time is gathered for.
    private void Select(DeliveryWindow window)
    {
        if (_window == window) return;
        if (_window is not null) PassOn();
        _window = window;
    }

    private void AfterGathering()
    {
        var isFull = _leaveCount == GatheredMax || _enterCount == GatheredMax;
        if (_isPumping)
        {
            if (isFull) PassOn();
        }
        else
        {
            if (isFull) Pump();
            SendBatch.FlushUnlessOpen();
        }
    }

    // Fires nobody: that is for the loop.
    private void PassOn()
    {
        var window = _window!;
        Exchange(window, [], out _, out _);
        NoteUnpumped(window);
    }

    private int Exchange(DeliveryWindow window, Span<IWindowGuest> fired, out int first, out int others)
    {
        if (_window != window) return window.Exchange([], [], fired, out first, out others);
        var enters = _enters.AsSpan(0, _enterCount);
        try
        {
            return window.Exchange(_leaves.AsSpan(0, _leaveCount), enters, fired, out first, out others);
        }
        finally
        {
            // Whatever happens, a place is given back once.
            enters.Clear();
            (_window, _leaveCount, _enterCount) = (null, 0, 0);
        }
    }

    private void NoteUnpumped(DeliveryWindow window)
    {
        if (!_unpumped.Contains(window)) _unpumped.Add(window);
    }

    private void Fire(int count, int first, int others)
    {
        for (var i = 0; i < count; i++)
        {
            var guest = _fired[i];
            _fired[i] = null!;
            try
            {
                guest.Fire(i == 0 ? first : others);
            }
            catch (Exception)
            {
                // A guest contains and logs its own faults. One that escapes must not cost the others their turn: they
                // are not in the queue any more.
                LinkMetrics.Faults.Inc();
            }
        }
    }
}
