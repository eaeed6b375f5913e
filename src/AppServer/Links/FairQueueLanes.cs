using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Conference.Actors.Ports;

namespace AppServer.Links;

/// <content>What the queue is made of: levels (one for each priority) of lanes (one for each conference) of chunks.
/// </content>
internal sealed partial class FairQueue
{
    /// <summary>The guests of one conference in one queue. Owned by that queue.</summary>
    internal sealed class Flow
    {
        private Lane? _high;
        private Lane? _normal;
        private Lane? _low;

        internal Lane LaneOf(DeliveryPriority priority) => Slot(priority) ??= new Lane();

        internal bool TryGetLane(DeliveryPriority priority, [NotNullWhen(true)] out Lane? lane)
        {
            lane = Slot(priority);
            return lane is not null;
        }

        private ref Lane? Slot(DeliveryPriority priority)
        {
            switch (priority)
            {
                case DeliveryPriority.High: return ref _high;
                case DeliveryPriority.Normal: return ref _normal;
                case DeliveryPriority.Low: return ref _low;
                default: throw new UnreachableException($"No lane for {priority}");
            }
        }
    }

    /// <summary>The guests of one conference with one priority, first come first served.</summary>
    internal sealed class Lane
    {
        private Chunk? _first;

        internal Chunk? Last { get; private set; }

        internal int Count { get; set; }

        /// <summary>The next lane of the level; this one itself when it is alone. Null when it is not listed.</summary>
        internal Lane? Next { get; set; }

        internal void Append(Chunk chunk)
        {
            if (Last is { } last) last.Next = chunk;
            else _first = chunk;
            Last = chunk;
        }

        internal IWindowGuest Take(out Chunk? emptied)
        {
            var first = _first!;
            var guest = first.Take();
            emptied = null;
            if (first.IsEmpty)
            {
                emptied = first;
                if ((_first = first.Next) is null) Last = null;
            }

            Count--;
            return guest;
        }

        internal void MoveHere(Lane from)
        {
            if (Last is { } last) last.Next = from._first;
            else _first = from._first;
            Last = from.Last;
            Count += from.Count;
            (from._first, from.Last, from.Count) = (null, null, 0);
        }
    }

    /// <summary>Some guests in order of arrival: filled once, then emptied.</summary>
    internal sealed class Chunk
    {
        private Guests _guests;
        private byte _start;
        private byte _end;

        internal Chunk? Next { get; set; }

        internal bool HasRoom => _end < Guests.Length;

        internal bool IsEmpty => _start == _end;

        internal void Add(IWindowGuest guest) => _guests[_end++] = guest;

        internal IWindowGuest Take()
        {
            ref var place = ref _guests[_start++];
            var guest = place!;
            place = null;
            return guest;
        }

        internal void Clear() => (_start, _end, Next) = (0, 0, null);
    }

    [InlineArray(Length)]
    private struct Guests
    {
        internal const int Length = 16;
        private IWindowGuest? _first;
    }

    // The lanes of one priority in a ring. One that nobody waits in any more is taken out when its turn comes.
    private sealed class Level
    {
        private Lane? _lastServed; // Its next one has the turn.
        private int _left = TurnGuests;

        internal int Count { get; set; }

        internal int PassedOver { get; set; }

        internal void List(Lane lane)
        {
            if (lane.Next is not null) return;
            if (_lastServed is { } last) (lane.Next, last.Next) = (last.Next, lane);
            else lane.Next = lane;
            _lastServed = lane;
        }

        /// <summary>The lane that has the turn; somebody waits.</summary>
        internal Lane Turn()
        {
            while (true)
            {
                var lane = _lastServed!.Next!;
                if (lane.Count > 0) return lane;
                Unlist(lane);
            }
        }

        internal void EndPlace(Lane lane)
        {
            if (lane.Count == 0)
            {
                Unlist(lane);
            }
            else if (--_left == 0)
            {
                _left = TurnGuests;
                _lastServed = lane;
            }
        }

        // It has the turn.
        private void Unlist(Lane lane)
        {
            if (lane.Next == lane) _lastServed = null;
            else _lastServed!.Next = lane.Next;
            lane.Next = null;
            _left = TurnGuests;
        }
    }
}
