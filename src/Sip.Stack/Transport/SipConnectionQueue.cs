namespace Sip.Stack.Transport;

/// <content>What goes into the write queue, and who waits until there is room in it.</content>
public sealed partial class SipConnection
{
    /// <summary>All that is accounted of a queue is a multiple of it: most are never that full, and cost nothing.
    /// </summary>
    private const int AccountedStep = 256 * 1024;

    private int _accounted; // Under _lock: memory of the queue.
    private RoomQueue? _room; // Under _lock; made when the queue is full for the first time.

    /// <summary>
    /// Queues one message; nothing is sent before <see cref="Flush"/> or 64 KiB have gathered, so that a batch leaves
    /// in few writes. The head and a small body are copied; a body above 16 KiB is kept by reference until it is sent
    /// and must not change.
    /// </summary>
    /// <param name="head">The message, or its head.</param>
    /// <param name="body">What follows.</param>
    /// <param name="waitsItsTurn">Whether there is no room for it while others wait for room. Not for responses, which
    /// cannot wait.</param>
    /// <returns><see cref="SipSendOutcome.Sent"/>, or why nothing was queued: <see cref="SipSendOutcome.QueueFull"/>
    /// (counted; <see cref="WhenRoom"/> tells when to try again), <see cref="SipSendOutcome.TooLarge"/> for a message
    /// that no empty queue takes, <see cref="SipSendOutcome.Closed"/>.</returns>
    public SipSendOutcome Write(ReadOnlySpan<byte> head, ReadOnlyMemory<byte> body, bool waitsItsTurn = false)
    {
        bool isFull;
        lock (_lock)
        {
            if (RefusalOf(head.Length + body.Length, waitsItsTurn) is { } refused) return refused;
            _queue.Add(head, body);
            AccountQueue();
            isFull = _queue.Bytes >= WriteQueue.ChunkBytes;
        }

        if (isFull) Flush();
        return SipSendOutcome.Sent;
    }

    /// <summary>Queues a run of deliveries that lie one behind the other, as <see cref="Write"/> does with one that
    /// waits its turn.</summary>
    /// <param name="pooled">An array of the shared pool.</param>
    /// <param name="length">How much of it is the run.</param>
    /// <param name="isTaken">The array is this stream's now, which gives it back to the pool: a long run is not copied.
    /// </param>
    /// <returns>For all of them; see <see cref="Write"/>.</returns>
    public SipSendOutcome WriteRun(byte[] pooled, int length, out bool isTaken)
    {
        isTaken = false;
        bool isFull;
        lock (_lock)
        {
            if (RefusalOf(length, waitsItsTurn: true) is { } refused) return refused;
            if (length > WriteQueue.CopyMax)
            {
                _queue.AddPooled(pooled, length);
                isTaken = true;
            }
            else
            {
                _queue.Add(pooled.AsSpan(0, length), default);
            }

            AccountQueue();
            isFull = _queue.Bytes >= WriteQueue.ChunkBytes / 2;
        }

        if (isFull) Flush();
        return SipSendOutcome.Sent;
    }

    /// <summary>Memory of its queue, as accounted.</summary>
    internal int AccountedBytes => Volatile.Read(ref _accounted);

    // Under _lock.
    private void AccountQueue()
    {
        var bytes = _queue.PooledBytes / AccountedStep * AccountedStep;
        if (bytes == _accounted) return;
        _table.AccountQueued(bytes - _accounted);
        _accounted = bytes;
    }

    // Under _lock.
    private SipSendOutcome? RefusalOf(int bytes, bool waitsItsTurn)
    {
        if (_state is State.Ending or State.Closed) return SipSendOutcome.Closed;
        if (bytes > _table.Options.WriteQueueBytesMax) return SipSendOutcome.TooLarge;
        // Each answer brings the next delivery of somebody who was not waiting: taken at once, they would keep the
        // queue from ever becoming as empty as it has to for those who wait.
        var hasRoom = _queue.Bytes + _bytesInWrite + bytes <= _table.Options.WriteQueueBytesMax;
        if (hasRoom && (_room is null || !waitsItsTurn || _room.TryEnter(bytes))) return null;
        if (waitsItsTurn) Room.NoteRefused(bytes);
        SipMetrics.SendErrors.WithLabels(Transport.Label(), "queue_full").Inc();
        return SipSendOutcome.QueueFull;
    }

    /// <summary>Calls back once, on a pool thread, when at least half of the queue is free, and room for those who came
    /// before, or when the stream has ended.</summary>
    public void WhenRoom(Action callback)
    {
        lock (_lock)
        {
            Room.Add(callback);
            if (_state is State.Ending or State.Closed) WakeAll();
            else WakeNext();
        }
    }

    private RoomQueue Room => _room ??= new RoomQueue(_table.Options.WriteQueueBytesMax);

    // Under _lock, as the next one.
    private void WakeNext() => Wake(_room?.TakeNext(_queue.Bytes + _bytesInWrite));

    private void WakeAll() => Wake(_room?.TakeAll());

    // The callbacks run without the lock, and not on the writer, which goes on writing.
    private void Wake(List<Action>? woken)
    {
        if (woken is null) return;
        ThreadPool.UnsafeQueueUserWorkItem(
            static work =>
            {
                foreach (var callback in work.Woken) Call(callback);
                work.Stream.WakeBehind();
            },
            (Stream: this, Woken: woken), preferLocal: false);
    }

    // When none of those who were woken has anything to send, no write ends that would wake the next. Looked at behind
    // what they have left to other threads.
    private void WakeBehind() => ThreadPool.UnsafeQueueUserWorkItem(
        static stream =>
        {
            lock (stream._lock)
            {
                if (stream._queue.Bytes + stream._bytesInWrite == 0) stream.WakeNext();
            }
        },
        this, preferLocal: false);

    private static void Call(Action callback)
    {
        try
        {
            callback();
        }
        catch (Exception)
        {
            // Out of a pool thread it would end the process, and the others who wait would never be called.
            SipMetrics.LoopFaults.WithLabels("room").Inc();
        }
    }
}
