using System.Diagnostics;

namespace Sip.Stack.Delivery;

/// <summary>The client transactions of the fan-out: non-INVITE client transactions (RFC 3261 17.1.2) in pooled slots,
/// found by index, timed by one wheel per shard. Nothing is allocated in steady state.</summary>
/// <remarks>
/// The behaviour is that of the general machine (Transactions/NonInviteClientTransaction) with one simplification
/// that nobody can see: Completed takes no slot. Timer K exists to swallow repeated responses, and a repeated response
/// finds its generation gone and is swallowed without it.
/// The timer runs only when a timer of a slot is due: with answers that come in time that is twice a second, and never
/// while nothing is out.
/// Locks: a shard's lock guards its slots and wheel and is never held while an owner is called.
/// </remarks>
public sealed class DeliverySlots : IDisposable
{
    private const int TickMilliseconds = 10;

    private readonly DeliverySlotShard[] _shards;
    private readonly int _shardBits;
    private readonly DeliveryToken _tokens;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly long _start;
    private readonly long _t1;
    private readonly long _t2;
    private readonly DeliverySlotShard.Expired[] _expired = new DeliverySlotShard.Expired[64]; // Of the tick alone.
    private readonly Lock _scheduling = new();
    private long _scheduledFor = long.MaxValue; // Written under _scheduling.
    private int _ticking;

    /// <param name="options">Limits and times.</param>
    /// <param name="tokens">Makes and checks branches.</param>
    /// <param name="time">Drives timers E and F.</param>
    public DeliverySlots(DeliverySlotsOptions options, DeliveryToken tokens, TimeProvider time)
    {
        _tokens = tokens;
        _time = time;
        _start = time.GetTimestamp(); // Near zero milliseconds stay exact.
        _t1 = (long)options.T1.TotalMilliseconds;
        _t2 = (long)options.T2.TotalMilliseconds;
        Debug.Assert(_t1 > 0 && _t1 <= _t2, "Validated at start.");
        _shardBits = (int)Math.Ceiling(Math.Log2(Math.Max(1, options.Shards)));
        _shards = new DeliverySlotShard[1 << _shardBits];
        var perShard = Math.Max(1, options.InFlightMax >> _shardBits);
        for (var i = 0; i < _shards.Length; i++) _shards[i] = new DeliverySlotShard(perShard, TickMilliseconds);
        _timer = time.CreateTimer(
            static self => ((DeliverySlots)self!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Requests in flight.</summary>
    public int InFlight
    {
        get
        {
            var sum = 0;
            foreach (var shard in _shards) sum += shard.InFlight;
            return sum;
        }
    }

    private long Now => _time.GetElapsedTime(_start).Ticks / TimeSpan.TicksPerMillisecond;

    /// <summary>Begins a transaction: the caller sends the request right after, with the token in its branch.</summary>
    /// <param name="owner">Told what becomes of it.</param>
    /// <param name="isReliable">Whether the transport is: then there is no timer E.</param>
    /// <param name="handle">Names the transaction.</param>
    /// <returns>False when as many are in flight as may be.</returns>
    public bool TryStart(IDelivery owner, bool isReliable, out DeliveryHandle handle) =>
        TryStart(owner, isReliable, _time.GetTimestamp(), out handle);

    /// <summary>The same at a time that the caller has read, for many in a row.</summary>
    /// <param name="owner">Told what becomes of it.</param>
    /// <param name="isReliable">Whether the transport is: then there is no timer E.</param>
    /// <param name="timestamp">Of <see cref="TimeProvider.GetTimestamp"/>, at most some milliseconds ago.</param>
    /// <param name="handle">Names the transaction.</param>
    public bool TryStart(IDelivery owner, bool isReliable, long timestamp, out DeliveryHandle handle)
    {
        var now = _time.GetElapsedTime(_start, timestamp).Ticks / TimeSpan.TicksPerMillisecond;
        var shardIndex = Thread.GetCurrentProcessorId() & (_shards.Length - 1);
        // Timers E and F: T1 and 64*T1 (17.1.2.2).
        var started = _shards[shardIndex].TryStart(
            owner, now, now + _t1, now + (64 * _t1), isReliable, out var index, out var generation);
        handle = new DeliveryHandle(((uint)index << _shardBits) | (uint)shardIndex, generation);
        if (!started) DeliveryMetrics.SlotsExhausted.Inc();
        else if (Volatile.Read(ref _scheduledFor) > now + _t1) Schedule(now + _t1);
        return started;
    }

    /// <summary>Writes the 24 digits that follow <see cref="DeliveryToken.Prefix"/> in the branch.</summary>
    public void WriteToken(DeliveryHandle handle, Span<byte> to) => _tokens.Write(handle, to);

    /// <summary>Ends a transaction without telling its owner: the request could not be sent.</summary>
    /// <returns>False when it has ended already.</returns>
    public bool TryCancel(DeliveryHandle handle) => TryGetShard(handle, out var shard, out var index)
        && shard.TryEnd(index, handle.Generation, out _);

    /// <summary>Takes a response if it answers a fan-out request.</summary>
    /// <param name="message">One framed message.</param>
    /// <returns>False when it is for somebody else. True also when it is late, repeated or forged: then it is counted
    /// and dropped.</returns>
    public bool TryHandle(ReadOnlySpan<byte> message)
    {
        if (!DeliveryResponse.TryRead(message, out var status, out var token)) return false;
        Handle(status, token, message);
        return true;
    }

    /// <summary>Takes a response at the start of what a stream has brought, if it answers a fan-out request and is one
    /// of the plain kind that <see cref="DeliveryResponse.TryReadFrame"/> reads.</summary>
    /// <param name="buffered">It and what follows.</param>
    /// <param name="length">How long it is.</param>
    public bool TryTake(ReadOnlySpan<byte> buffered, out int length)
    {
        if (!DeliveryResponse.TryReadFrame(buffered, out length, out var status, out var token)) return false;
        Handle(status, token, buffered[..length]);
        return true;
    }

    private void Handle(int status, ReadOnlySpan<byte> token, ReadOnlySpan<byte> message)
    {
        if (!_tokens.TryRead(token, out var handle) || !TryGetShard(handle, out var shard, out var index))
        {
            DeliveryMetrics.ResponsesForged.Inc();
        }
        else if (status < 200)
        {
            // 17.1.2.2: in Proceeding timer E is T2. It takes effect when the running one fires.
            shard.MarkProceeding(index, handle.Generation);
        }
        else if (shard.TryEnd(index, handle.Generation, out var owner))
        {
            owner!.OnFinal(handle, status, message);
        }
        else
        {
            DeliveryMetrics.ResponsesLate.Inc();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private bool TryGetShard(DeliveryHandle handle, out DeliverySlotShard shard, out int index)
    {
        shard = _shards[handle.Slot & (uint)(_shards.Length - 1)];
        index = (int)(handle.Slot >> _shardBits);
        return shard.Contains(index);
    }

    // One tick at a time: a slow owner delays timers, it does not pile up threads.
    private void Tick()
    {
        // First of all: what starts from here on schedules for itself, what has started is seen below.
        lock (_scheduling) _scheduledFor = long.MaxValue;
        if (Interlocked.Exchange(ref _ticking, 1) != 0) return; // The other tick looks again when it ends.
        try
        {
            var now = Now;
            for (var i = 0; i < _shards.Length; i++) TickShard(i, now);
        }
        finally
        {
            Volatile.Write(ref _ticking, 0);
            var next = long.MaxValue;
            foreach (var shard in _shards) next = Math.Min(next, shard.NextDue());
            if (next != long.MaxValue) Schedule(next);
        }
    }

    private void Schedule(long due)
    {
        lock (_scheduling)
        {
            if (_scheduledFor <= due) return;
            _scheduledFor = due;
            _timer.Change(TimeSpan.FromMilliseconds(Math.Max(0, due - Now)), Timeout.InfiniteTimeSpan);
        }
    }

    private static void Call(IDelivery owner, DeliveryHandle handle, DeliveryTimer timer)
    {
        switch (timer)
        {
            case DeliveryTimer.Late:
                owner.OnLate(handle);
                break;
            case DeliveryTimer.Resend:
                DeliveryMetrics.Retransmissions.Inc();
                owner.Resend(handle);
                break;
            default:
                DeliveryMetrics.Timeouts.Inc();
                owner.OnTimeout(handle);
                break;
        }
    }

    private void TickShard(int shardIndex, long now)
    {
        var shard = _shards[shardIndex];
        var expired = _expired.AsSpan();
        int count;
        do
        {
            count = shard.TakeExpired(now, _t1, _t2, expired);
            foreach (ref readonly var one in expired[..count])
            {
                var handle = new DeliveryHandle(((uint)one.Index << _shardBits) | (uint)shardIndex, one.Generation);
                try
                {
                    Call(one.Owner, handle, one.Timer);
                }
                catch (Exception)
                {
                    // An owner contains and logs its own faults. One that escapes must not end the process, which an
                    // exception out of a timer does, nor the timers of all others.
                    SipMetrics.LoopFaults.WithLabels("delivery_timer").Inc();
                }
            }
        }
        while (count == expired.Length);
    }
}
