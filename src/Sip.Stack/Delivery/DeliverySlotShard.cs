namespace Sip.Stack.Delivery;

/// <summary>What a timer of a slot means to its owner.</summary>
internal enum DeliveryTimer : byte
{
    /// <summary>T1 is over, reliable transport.</summary>
    Late,

    /// <summary>Timer E.</summary>
    Resend,

    /// <summary>Timer F.</summary>
    Timeout,
}

/// <summary>One stripe of <see cref="DeliverySlots"/>: slots in chunks, a free list, and a timer wheel through them.
/// </summary>
/// <remarks>
/// The wheel has one doubly linked list of slots per tick, linked by index inside the slots, so that a transaction
/// that ends leaves nothing behind. A slot that is due later than one turn of the wheel is put in again when its
/// list comes up. Time is an argument (milliseconds); nothing here reads a clock.
/// </remarks>
internal sealed class DeliverySlotShard
{
    private const int ChunkBits = 10;
    private const int ChunkSize = 1 << ChunkBits;
    private const int WheelSize = 4096; // 41 s at 10 ms: longer than timer F at the default T1.
    private const int None = -1;

    private readonly Lock _lock = new();
    private readonly int _slotsMax;
    private readonly int _tickMilliseconds;
    private readonly int[] _wheel = new int[WheelSize];
    private readonly Slot[][] _chunks;

    // All below: touched under _lock only, except _slotCount, which is read without it.
    private int _slotCount;
    private int _free = None;
    private int _inFlight;
    private long _tick = -1;

    internal DeliverySlotShard(int slotsMax, int tickMilliseconds)
    {
        _slotsMax = slotsMax;
        _tickMilliseconds = tickMilliseconds;
        _chunks = new Slot[(slotsMax + ChunkSize - 1) >> ChunkBits][];
        Array.Fill(_wheel, None);
    }

    /// <summary>A timer that fired.</summary>
    internal readonly record struct Expired(int Index, uint Generation, IDelivery Owner, DeliveryTimer Timer);

    internal int InFlight => Volatile.Read(ref _inFlight);

    internal bool Contains(int index) => (uint)index < (uint)Volatile.Read(ref _slotCount);

    internal bool TryStart(
        IDelivery owner, long now, long due, long deadline, bool isReliable, out int index, out uint generation)
    {
        lock (_lock)
        {
            if (!TryTakeFree(out index))
            {
                generation = 0;
                return false;
            }

            ref var slot = ref At(index);
            generation = ++slot.Generation;
            slot.Owner = owner;
            slot.Due = due;
            slot.Deadline = deadline;
            slot.Interval = 0;
            slot.IsReliable = isReliable;
            slot.IsProceeding = false;
            if (_inFlight == 0) _tick = now / _tickMilliseconds; // All lists are empty: nothing to catch up with.
            Link(index, ref slot);
            _inFlight++;
            return true;
        }
    }

    internal bool TryEnd(int index, uint generation, out IDelivery? owner)
    {
        lock (_lock)
        {
            ref var slot = ref At(index);
            owner = slot.Owner;
            if (owner is null || slot.Generation != generation) return false;
            Unlink(index, ref slot);
            Release(index, ref slot);
            return true;
        }
    }

    internal void MarkProceeding(int index, uint generation)
    {
        lock (_lock)
        {
            ref var slot = ref At(index);
            if (slot.Owner is not null && slot.Generation == generation) slot.IsProceeding = true;
        }
    }

    /// <summary>Takes timers that are due: ends what timed out, sets timer E anew for the rest.</summary>
    /// <returns>How many; when the span is full there may be more.</returns>
    internal int TakeExpired(long now, long t1, long t2, Span<Expired> expired)
    {
        var count = 0;
        lock (_lock)
        {
            if (_tick < 0) return 0;
            for (var target = now / _tickMilliseconds; _tick <= target; _tick++)
            {
                var next = _wheel[_tick & (WheelSize - 1)];
                while (next != None)
                {
                    var index = next;
                    ref var slot = ref At(index);
                    next = slot.Next;
                    if (slot.Due > now) continue;
                    if (count == expired.Length) return count;
                    expired[count++] = Fire(index, ref slot, now, t1, t2);
                }

                if (_inFlight == 0)
                {
                    _tick = target + 1;
                    break;
                }
            }

            // The current tick stays open: a timer due within it may still be added.
            _tick = Math.Max(0, Math.Min(_tick, now / _tickMilliseconds));
        }

        return count;
    }

    /// <summary>When the first timer is due, in milliseconds; <see cref="long.MaxValue"/> when none runs.</summary>
    internal long NextDue()
    {
        lock (_lock)
        {
            if (_inFlight == 0) return long.MaxValue;
            for (var tick = _tick; tick < _tick + WheelSize; tick++)
            {
                for (var index = _wheel[tick & (WheelSize - 1)]; index != None; index = At(index).Next)
                {
                    // Of a list, the slots of this turn of the wheel; the others come up again a turn later.
                    if (At(index).Due <= tick * _tickMilliseconds) return tick * _tickMilliseconds;
                }
            }

            return (_tick + WheelSize) * _tickMilliseconds;
        }
    }

    private Expired Fire(int index, ref Slot slot, long now, long t1, long t2)
    {
        Unlink(index, ref slot);
        var owner = slot.Owner!;
        var generation = slot.Generation;
        if (now >= slot.Deadline)
        {
            Release(index, ref slot);
            return new Expired(index, generation, owner, DeliveryTimer.Timeout);
        }

        if (slot.IsReliable)
        {
            slot.Due = slot.Deadline;
            Link(index, ref slot);
            return new Expired(index, generation, owner, DeliveryTimer.Late);
        }

        // RFC 3261 17.1.2.2: min(2^n * T1, T2) in Trying, T2 in Proceeding; timer F cuts the last one short.
        slot.Interval++;
        var interval = slot.IsProceeding || slot.Interval > 16 ? t2 : Math.Min(t1 << slot.Interval, t2);
        slot.Due = Math.Min(slot.Due + interval, slot.Deadline);
        if (slot.Due <= now) slot.Due = Math.Min(now + interval, slot.Deadline); // The clock jumped.
        if (slot.Due <= now) slot.Due = now + 1;
        Link(index, ref slot);
        return new Expired(index, generation, owner, DeliveryTimer.Resend);
    }

    private bool TryTakeFree(out int index)
    {
        index = _free;
        if (index != None)
        {
            _free = At(index).Next;
            return true;
        }

        if (_slotCount == _slotsMax) return false;
        index = _slotCount;
        ref var chunk = ref _chunks[index >> ChunkBits];
        if (chunk is null)
        {
            chunk = new Slot[ChunkSize];
            // A random first generation: a token cannot be guessed from the slot number.
            for (var i = 0; i < ChunkSize; i++) chunk[i].Generation = (uint)Random.Shared.NextInt64(uint.MaxValue);
        }

        Volatile.Write(ref _slotCount, index + 1);
        return true;
    }

    private void Release(int index, ref Slot slot)
    {
        slot.Owner = null;
        slot.Next = _free;
        _free = index;
        _inFlight--;
    }

    private void Link(int index, ref Slot slot)
    {
        // Rounded up: a timer fires in the first tick that begins at or after its time, never early.
        var tick = Math.Max((slot.Due + _tickMilliseconds - 1) / _tickMilliseconds, _tick);
        slot.Bucket = (int)(tick & (WheelSize - 1));
        ref var head = ref _wheel[slot.Bucket];
        slot.Previous = None;
        slot.Next = head;
        if (head != None) At(head).Previous = index;
        head = index;
    }

    private void Unlink(int index, ref Slot slot)
    {
        if (slot.Previous == None) _wheel[slot.Bucket] = slot.Next;
        else At(slot.Previous).Next = slot.Next;
        if (slot.Next != None) At(slot.Next).Previous = slot.Previous;
    }

    private ref Slot At(int index) => ref _chunks[index >> ChunkBits][index & (ChunkSize - 1)];

    private struct Slot
    {
        public IDelivery? Owner;
        public long Due;
        public long Deadline;
        public uint Generation;
        public int Next;
        public int Previous;
        public int Bucket;
        public byte Interval;
        public bool IsReliable;
        public bool IsProceeding;
    }
}
