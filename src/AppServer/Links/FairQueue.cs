using Conference.Actors.Ports;

namespace AppServer.Links;

/// <summary>Who waits for a place in a window: by priority, inside of one in turns between conferences, inside of a
/// conference in order of arrival.</summary>
/// <remarks>
/// A pure data structure: no clock, no lock. Every operation is O(1), amortised.
/// <para>Turns are those of deficit round robin (Shreedhar and Varghese 1995); each delivery costs 1, so what is left
/// of a turn is a plain number. A turn has <see cref="TurnGuests"/> places: as many as leave in one system call if they
/// go to one hop and are of one length, as the deliveries of one event are (ADR-0012).</para>
/// <para>A priority is served before all lower ones, but not for ever: after <see cref="PassedOverMax"/> places that
/// went past it, a lower one has one turn. So a flood of joins, or of snapshots after a restart, leaves marks at least
/// a ninth of the hop, and pointers as much.</para>
/// <para>Memory follows the number of those who wait: they stand in chunks, which are kept for the next time as far as
/// the last times needed them.</para>
/// </remarks>
internal sealed partial class FairQueue
{
    /// <summary>Places of one turn of a conference.</summary>
    internal const int TurnGuests = 32;

    /// <summary>Places that may go past a lower priority before it has a turn.</summary>
    internal const int PassedOverMax = 8 * TurnGuests;

    private const int Priorities = 3;
    private const int Nobody = -1;

    private readonly Level[] _levels = [new(), new(), new()];
    private int _owed = Nobody; // The lower priority that has its turn now.
    private int _owedLeft;
    private Chunk? _free;
    private int _freeCount;
    private int _usedCount;
    private int _usedMax; // Since nobody waited last.
    private int _keep;

    /// <summary>All who wait.</summary>
    internal int Count { get; private set; }

    /// <summary>Chunks kept for the next time.</summary>
    internal int ChunksKept => _freeCount;

    /// <summary>Who waits with a priority.</summary>
    internal int CountOf(DeliveryPriority priority) => _levels[(int)priority].Count;

    /// <summary>Puts somebody at the end of its conference.</summary>
    internal void Enqueue(Flow flow, DeliveryPriority priority, IWindowGuest guest)
    {
        var level = _levels[(int)priority];
        var lane = flow.LaneOf(priority);
        if (lane.Last is not { HasRoom: true } last) lane.Append(last = Rent());
        last.Add(guest);
        lane.Count++;
        level.Count++;
        level.List(lane);
        Count++;
    }

    /// <summary>Takes those whose turn it is.</summary>
    /// <returns>How many: fewer than fit only when nobody is left.</returns>
    internal int Take(Span<IWindowGuest> to)
    {
        var taken = 0;
        while (taken < to.Length && Count > 0) to[taken++] = TakeOne();
        return taken;
    }

    /// <summary>Everybody of a conference who waits with a lower priority has this one from now on, behind those who
    /// have it already.</summary>
    internal void Raise(Flow flow, DeliveryPriority priority)
    {
        for (var lower = (int)priority + 1; lower < Priorities; lower++)
        {
            if (!flow.TryGetLane((DeliveryPriority)lower, out var from) || from.Count == 0) continue;
            var to = flow.LaneOf(priority);
            _levels[lower].Count -= from.Count;
            _levels[(int)priority].Count += from.Count;
            to.MoveHere(from);
            _levels[(int)priority].List(to);
        }
    }

    private IWindowGuest TakeOne()
    {
        var priority = NextPriority();
        var level = _levels[priority];
        var lane = level.Turn();
        var guest = lane.Take(out var emptied);
        if (emptied is not null) Return(emptied);
        level.Count--;
        level.PassedOver = 0;
        level.EndPlace(lane);
        if (priority == _owed && (--_owedLeft == 0 || level.Count == 0)) _owed = Nobody;
        for (var lower = priority + 1; lower < Priorities; lower++)
            _levels[lower].PassedOver = _levels[lower].Count > 0 ? _levels[lower].PassedOver + 1 : 0;
        if (--Count == 0) Trim();
        return guest;
    }

    private int NextPriority()
    {
        if (_owed != Nobody && _levels[_owed].Count > 0) return _owed;
        _owed = Nobody;
        for (var lower = Priorities - 1; lower > 0; lower--)
        {
            if (_levels[lower] is not { Count: > 0, PassedOver: >= PassedOverMax } level) continue;
            (_owed, _owedLeft) = (lower, TurnGuests);
            return lower;
        }

        var highest = 0;
        while (_levels[highest].Count == 0) highest++;
        return highest;
    }

    private Chunk Rent()
    {
        _usedMax = Math.Max(_usedMax, ++_usedCount);
        if (_free is not { } chunk) return new Chunk();
        (_free, chunk.Next) = (chunk.Next, null);
        _freeCount--;
        return chunk;
    }

    private void Return(Chunk chunk)
    {
        chunk.Clear();
        (chunk.Next, _free) = (_free, chunk);
        _freeCount++;
        _usedCount--;
    }

    // Nobody waits: what the largest of the last queues needed stays, so that the next one like it allocates nothing.
    // It is forgotten by an eighth each time.
    private void Trim()
    {
        _keep = Math.Max(_usedMax, _keep - ((_keep + 7) / 8));
        _usedMax = 0;
        for (; _freeCount > _keep; _freeCount--) _free = _free!.Next;
    }
}
