namespace AppServer.Metrics;

/// <summary>Tells of every pause of the collector, once it is over.</summary>
/// <remarks>
/// The runtime has no event for it in the process that costs nothing (a listener is a session with buffers and a
/// thread), so an object is thrown away for each collection to find; its finalizer looks how much the total has grown.
/// Two collections right after each other are told of as one pause, and so is the second pause of a background
/// collection together with the one that follows it: never shorter than it was.
/// </remarks>
internal sealed class GcPauses : IDisposable
{
    private readonly Action<TimeSpan> _told;
    private TimeSpan _total = GC.GetTotalPauseDuration(); // Touched by the finalizer thread alone from now on.
    private volatile bool _isOver;

    /// <summary>Begins to watch, until it is disposed of.</summary>
    /// <param name="told">Called on the finalizer thread; must neither block nor throw.</param>
    internal GcPauses(Action<TimeSpan> told)
    {
        _told = told;
        Found.Throw(this);
    }

    /// <inheritdoc/>
    public void Dispose() => _isOver = true;

    private void OnCollected()
    {
        if (_isOver) return;
        var total = GC.GetTotalPauseDuration();
        if (total > _total) _told(total - _total);
        _total = total;
        Found.Throw(this);
    }

    private sealed class Found(GcPauses by)
    {
        ~Found() => by.OnCollected();

        // Nobody keeps it: the next collection finds it.
        internal static void Throw(GcPauses by) => _ = new Found(by);
    }
}
