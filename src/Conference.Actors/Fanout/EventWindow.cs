using Conference.Actors.Ports;
using Conference.Protocol;
using Conference.Protocol.Notifications;

namespace Conference.Actors.Fanout;

/// <summary>The newest events of one conference in their encoded form: what batches are made from.</summary>
/// <remarks>Bounded in events and in bytes; the oldest leave. Not thread-safe: the conference's gate guards it.
/// </remarks>
internal sealed class EventWindow(int eventsMax, int bytesMax)
{
    // Of 20,000 conferences that are awake most are silent, or say something now and then.
    private const int RingMin = 4;

    private Entry[] _ring = []; // A power of two long, once there is an event.
    private int _start;
    private long _bytes;
    private long _lastHigh; // The newest event of high priority.

    /// <summary>One event as the fan-out needs it.</summary>
    /// <param name="Revision">Of the event.</param>
    /// <param name="Author">Who asked for it.</param>
    /// <param name="IsKnownToAuthor">Whether the author knows it from the 202: then it is not sent to the author,
    /// unless it wants its own.</param>
    /// <param name="Body">What happened.</param>
    /// <param name="Fragment">Its encoded form.</param>
    /// <param name="Content">The page whose content a receiver needs with this event, null for none.</param>
    /// <param name="PublishedAt">Time stamp of <see cref="TimeProvider.GetTimestamp"/>.</param>
    internal readonly record struct Entry(
        long Revision, ParticipantUri Author, bool IsKnownToAuthor, EventBody Body, ReadOnlyMemory<byte> Fragment,
        ContentNeed? Content, long PublishedAt)
    {
        internal bool IsKnownTo(ParticipantUri participant) => IsKnownToAuthor && Author == participant;
    }

    /// <summary>The revision before the first one held.</summary>
    internal long Before { get; private set; }

    /// <summary>The last revision, held or not.</summary>
    internal long Last => Before + Count;

    /// <summary>The newest turn held; 0 for none. An earlier one need not be shown any more (R4).</summary>
    internal long LastTurn { get; private set; }

    /// <summary>Who has confirmed less than this is to get something of high priority: an event, or the snapshot for
    /// who is behind the window.</summary>
    internal long HighUpTo => Math.Max(_lastHigh, Before);

    internal int Count { get; private set; }

    /// <summary>Whether events have left since it began, for want of room.</summary>
    internal bool HasDropped { get; private set; }

    /// <summary>Begins after a revision, with nothing held.</summary>
    internal void Reset(long revision)
    {
        Array.Clear(_ring);
        (Before, Count, _start, _bytes, LastTurn, _lastHigh) = (revision, 0, 0, 0, 0, 0);
        HasDropped = false;
    }

    /// <summary>Whether everything after <paramref name="revision"/> is held.</summary>
    internal bool Covers(long revision) => revision >= Before && revision <= Last;

    internal ref readonly Entry this[long revision] =>
        ref _ring[(int)((_start + (revision - Before - 1)) & (_ring.Length - 1))];

    internal void Add(in Entry entry)
    {
        if (entry.Revision != Last + 1)
            throw new InvalidOperationException($"Revision {entry.Revision} after {Last}: a gap (R1).");
        if (Count == eventsMax) DropOldest();
        if (Count == _ring.Length) Grow();
        _ring[(_start + Count) & (_ring.Length - 1)] = entry;
        Count++;
        _bytes += entry.Fragment.Length;
        if (entry.Body is PageTurned) LastTurn = entry.Revision;
        if (EventPriority.Of(entry.Body) == DeliveryPriority.High) _lastHigh = entry.Revision;
        while (_bytes > bytesMax && Count > 1) DropOldest();
    }

    /// <summary>Puts older events before those held, as many as the limits allow.</summary>
    /// <param name="afterRevision">The revision before the first of them.</param>
    /// <param name="entries">Without a gap, up to the first one held.</param>
    internal void Prepend(long afterRevision, ReadOnlySpan<Entry> entries)
    {
        var held = new Entry[Count];
        for (var i = 0; i < Count; i++) held[i] = this[Before + 1 + i];
        Reset(afterRevision);
        foreach (ref readonly var entry in entries) Add(entry);
        foreach (ref readonly var entry in held.AsSpan()) Add(entry);
    }

    private void DropOldest()
    {
        _bytes -= _ring[_start].Fragment.Length;
        _ring[_start] = default;
        _start = (_start + 1) & (_ring.Length - 1);
        Before++;
        Count--;
        HasDropped = true;
    }

    private void Grow()
    {
        var larger = new Entry[Math.Max(RingMin, _ring.Length * 2)];
        for (var i = 0; i < Count; i++) larger[i] = _ring[(_start + i) & (_ring.Length - 1)];
        (_ring, _start) = (larger, 0);
    }
}

/// <summary>A page whose content goes with an event.</summary>
/// <param name="Page">The page.</param>
/// <param name="SharedRevision">Of its PageShared event: who has confirmed that has the content.</param>
/// <param name="Sharer">Has it anyway.</param>
internal sealed record ContentNeed(PageDescriptor Page, long SharedRevision, ParticipantUri Sharer);
