namespace Sip.Stack.Registration;

/// <summary>
/// Hands events to listeners in the order they were queued, one at a time, outside the lock under which they arose.
/// </summary>
/// <remarks>
/// The events arise under a lock that fixes their order; a listener must not run under it. Whoever finds nobody
/// delivering delivers everything queued, so no thread waits for another one's listener.
/// </remarks>
internal sealed class EventRelay<TEvent>(Action<TEvent> deliver)
{
    private readonly Lock _gate = new();

    // Guarded by _gate. Empty but for the moments between a change and its delivery.
    private readonly Queue<TEvent> _pending = new();
    private bool _isDelivering;

    /// <summary>Queues an event. May be called under the owner's lock.</summary>
    public void Queue(TEvent one)
    {
        lock (_gate) _pending.Enqueue(one);
    }

    /// <summary>Delivers what is queued, unless somebody is at it. Must not be called under the owner's lock.</summary>
    public void Deliver()
    {
        while (true)
        {
            TEvent one;
            lock (_gate)
            {
                if (_isDelivering || !_pending.TryDequeue(out one!)) return;
                _isDelivering = true;
            }

            try
            {
                deliver(one);
            }
            finally
            {
                lock (_gate) _isDelivering = false;
            }
        }
    }
}
