using Conference.Actors.Ports;

namespace Conference.Actors.Fanout;

/// <content>Room 10: rounds over the roster, and what is urgent in them.</content>
internal sealed partial class ConferenceFanout
{
    // What a worker does before it looks at other conferences: 16 turns in the window of a hop.
    private const int KicksPerSlice = 512;

    private DeliveryPriority? _published; // Under Gate. The highest of what was published since the last run.
    private int _kicksLeft; // Of the round that a worker is in; touched by the worker alone, as is
    private int _kickNext; // the place in the roster where it goes on.
    private long _highUpTo; // Written under Gate, read without it.

    /// <summary>The priority of what there is after a cursor. Takes no lock; may be a moment old.</summary>
    internal DeliveryPriority PriorityAfter(long cursor) =>
        cursor < Volatile.Read(ref _highUpTo) ? DeliveryPriority.High
        : cursor < Head ? DeliveryPriority.Normal
        : DeliveryPriority.Low;

    /// <summary>Whether some have not been looked at in this round. Of the worker, as <see cref="RunSlice"/>.</summary>
    internal bool HasMoreOfRound => _kicksLeft > 0;

    /// <summary>Room 10, on a worker: some of those who are not busy are offered what is new.</summary>
    /// <param name="isNew">Whether there is something new since the last slice: everybody is to be looked at from here
    /// on, and who waits for room already is raised to its priority.</param>
    /// <returns>Whether there is more to do.</returns>
    internal bool RunSlice(bool isNew)
    {
        var recipients = Recipients();
        // A roster that changes is something new. Noted first: a fault below does not lose the round.
        if (isNew || _kicksLeft > recipients.Length) _kicksLeft = recipients.Length;
        if (isNew) RaiseWaiting();
        var count = Math.Min(_kicksLeft, KicksPerSlice);
        Engine.Links.BeginBatch();
        try
        {
            while (count-- > 0)
            {
                _kicksLeft--;
                if (_kickNext >= recipients.Length) _kickNext = 0;
                recipients[_kickNext++].Kick();
            }
        }
        finally
        {
            Engine.Links.EndBatch();
        }

        return _kicksLeft > 0;
    }

    private void RaiseWaiting()
    {
        DeliveryPriority? published;
        lock (Gate) (published, _published) = (_published, null);
        if (published is { } priority) Engine.Links.Raise(Uri, priority);
    }

    // Gate is held.
    private void NotePublished(DeliveryPriority priority) =>
        _published = _published is { } higher && higher < priority ? higher : priority;

    // Gate is held.
    private void NoteWindow()
    {
        Volatile.Write(ref _head, Window.Last);
        Volatile.Write(ref _highUpTo, Window.HighUpTo);
    }
}
