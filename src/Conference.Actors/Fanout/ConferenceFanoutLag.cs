namespace Conference.Actors.Fanout;

/// <content>How far most members are behind, for who admits what is drawn.</content>
internal sealed partial class ConferenceFanout
{
    private DeliveryLagMeter? _lag; // Made when a body is full for the first time.

    /// <summary>How far most members are behind; null when they are not.</summary>
    internal DeliveryLag? Lag => Volatile.Read(ref _lag)?.Read(Head);

    /// <summary>A member has taken all there was for it.</summary>
    internal void NoteTakenAll() => Volatile.Read(ref _lag)?.NoteAll();

    /// <summary>A member has taken what there was room for. Gate is held.</summary>
    /// <param name="sentUpTo">The first event after this has still to be sent to it.</param>
    internal void NoteTakenFull(long sentUpTo) => NoteFull(Window[sentUpTo + 1].PublishedAt, sentUpTo);

    /// <summary>A member has taken a part of a snapshot. While most are sent snapshots nobody takes events, full or
    /// not, and what is drawn meanwhile must not outrun the history again: then all they ever got would be snapshots.
    /// </summary>
    /// <param name="revision">That of the snapshot.</param>
    internal void NoteTakenSnapshot(long revision)
    {
        // Not late: whoever joins gets one, too. It counts what comes after it.
        lock (Gate) NoteFull(Engine.Time.GetTimestamp(), Math.Min(revision, Window.Last));
    }

    // Gate is held.
    private void NoteFull(long waitsSince, long sentUpTo)
    {
        var lag = _lag ?? Keep(ref _lag, new DeliveryLagMeter(Engine.Time));
        // The history is bounded by events and by bytes: once it has been full, what it holds is what it has room for.
        var historyEvents = Window.HasDropped ? Window.Count : Options.HistoryEventsMax;
        if (lag.NoteFull(_recipients.Count, waitsSince, sentUpTo, Window.Last, historyEvents)) Engine.NoteLag(this);
    }
}
