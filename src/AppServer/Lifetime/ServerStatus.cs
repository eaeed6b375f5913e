namespace AppServer.Lifetime;

/// <summary>How far the process is.</summary>
public enum ServerPhase
{
    /// <summary>Not everything is open yet.</summary>
    Starting,

    /// <summary>Serves.</summary>
    Ready,

    /// <summary>Told to stop: still serves, but balancers are told to look elsewhere.</summary>
    Leaving,

    /// <summary>New requests get 503; what is under way goes on.</summary>
    Draining,

    /// <summary>Nothing is served any more.</summary>
    Stopped,
}

/// <summary>The one place that says how far the process is. Written by the lifetime services, read by all.</summary>
public sealed class ServerStatus
{
    private volatile int _phase = (int)ServerPhase.Starting;

    /// <summary>Where the server is now.</summary>
    public ServerPhase Phase => (ServerPhase)_phase;

    /// <summary>Whether new requests are taken.</summary>
    public bool TakesRequests => Phase is ServerPhase.Ready or ServerPhase.Leaving;

    /// <summary>Goes on to a later phase; an earlier one changes nothing.</summary>
    /// <returns>False when the server was there already or beyond.</returns>
    public bool Enter(ServerPhase phase)
    {
        var current = _phase;
        while (current < (int)phase)
        {
            var seen = Interlocked.CompareExchange(ref _phase, (int)phase, current);
            if (seen == current) return true;
            current = seen;
        }

        return false;
    }
}
