namespace AppServer.Links;

/// <summary>Who asks a <see cref="DeliveryWindow"/> for a place.</summary>
internal interface IWindowGuest
{
    /// <summary>There is a place; <see cref="DeliveryWindow.Leave"/> gives it back. Never throws, never blocks.
    /// </summary>
    void Fire();
}

/// <summary>Lets so many MESSAGEs be out towards one next hop; the rest waits in order of arrival.</summary>
/// <remarks>Whoever makes room sends what waits, on its own thread, in a loop and never recursively: a thousand
/// participants without a contact fail one after the other, not inside each other.</remarks>
internal sealed class DeliveryWindow(int outstandingMax)
{
    [ThreadStatic]
    private static Queue<DeliveryWindow>? t_pending;

    [ThreadStatic]
    private static bool t_isPumping;

    private readonly Lock _lock = new();
    private readonly Queue<IWindowGuest> _waiting = new();
    private int _outstanding;

    /// <summary>Asks for a place; <see cref="IWindowGuest.Fire"/> is called when there is one, maybe at once.
    /// </summary>
    internal void Enter(IWindowGuest guest)
    {
        lock (_lock) _waiting.Enqueue(guest);
        Pump();
    }

    /// <summary>Gives a place back.</summary>
    internal void Leave()
    {
        lock (_lock) _outstanding--;
        Pump();
    }

    private void Pump()
    {
        if (t_isPumping)
        {
            (t_pending ??= new Queue<DeliveryWindow>()).Enqueue(this);
            return;
        }

        t_isPumping = true;
        try
        {
            FireWaiting();
            while (t_pending is { Count: > 0 } pending) pending.Dequeue().FireWaiting();
        }
        finally
        {
            t_isPumping = false;
            SendBatch.FlushUnlessOpen();
        }
    }

    private void FireWaiting()
    {
        while (true)
        {
            IWindowGuest guest;
            lock (_lock)
            {
                if (_outstanding >= outstandingMax || _waiting.Count == 0) return;
                _outstanding++;
                guest = _waiting.Dequeue();
            }

            guest.Fire();
        }
    }
}
