using Conference.Actors.Ports;

namespace AppServer.Links;

/// <summary>One conference's flows in the windows that it uses: one, or two where some members are on
/// streams.</summary>
/// <remarks>Looked up for each delivery, without a lock. Those of hops that are forgotten go when another is made.
/// </remarks>
internal sealed class ConferenceFlows
{
    private readonly Lock _adding = new();
    private volatile Entry? _newest; // Changed under _adding.

    /// <summary>Windows that it has a flow in.</summary>
    internal int Count
    {
        get
        {
            var count = 0;
            for (var entry = _newest; entry is not null; entry = entry.Older) count++;
            return count;
        }
    }

    /// <summary>The flow in a window.</summary>
    internal FairQueue.Flow For(DeliveryWindow window) => Find(window) ?? Add(window);

    /// <summary>Raises those who wait with a lower priority, in all windows.</summary>
    internal void Raise(DeliveryPriority priority)
    {
        for (var entry = _newest; entry is not null; entry = entry.Older) entry.Window.Raise(entry.Flow, priority);
    }

    private FairQueue.Flow? Find(DeliveryWindow window)
    {
        for (var entry = _newest; entry is not null; entry = entry.Older)
        {
            if (entry.Window == window) return entry.Flow;
        }

        return null;
    }

    private FairQueue.Flow Add(DeliveryWindow window)
    {
        lock (_adding)
        {
            if (Find(window) is { } known) return known;
            Entry? kept = null;
            for (var entry = _newest; entry is not null; entry = entry.Older)
            {
                if (!entry.Window.IsForgotten) kept = new Entry(entry.Window, entry.Flow, kept);
            }

            _newest = new Entry(window, new FairQueue.Flow(), kept);
            return _newest.Flow;
        }
    }

    private sealed class Entry(DeliveryWindow window, FairQueue.Flow flow, Entry? older)
    {
        internal DeliveryWindow Window { get; } = window;

        internal FairQueue.Flow Flow { get; } = flow;

        internal Entry? Older { get; } = older;
    }
}
