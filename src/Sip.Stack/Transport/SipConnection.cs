using System.Net;

namespace Sip.Stack.Transport;

/// <summary>One stream to one peer, in either direction, with a bounded write queue.</summary>
/// <remarks>
/// Connecting (writes queue up), open, ending (writes leave, input is discarded, so that a last refusal is not lost to
/// a reset), closed. Every end has one <see cref="LinkReason"/>: the first.
/// </remarks>
public sealed partial class SipConnection
{
    /// <summary>After this many writes in one go the caller's thread is given back and the pool goes on.</summary>
    private const int InlineWritesMax = 4;

    private readonly ConnectionTable _table;
    private readonly bool _isInbound;
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource<bool> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource _writesEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // All below: touched under _lock.
    private readonly WriteQueue _queue = new();
    private volatile State _state = State.Connecting; // Written under _lock, read without it.
    private LinkReason? _reason;
    private IByteSink? _sink;
    private bool _isWriting;
    private int _bytesInWrite;
    private int _held; // memory for an unfinished message

    // Timestamps of the table's clock; read by the sweep without the lock.
    private long _lastActivity;
    private long _writeStarted;
    private long _endsAt;
    private long _messageBegan; // 0 while no message is unfinished
    private long _strangerSince; // 0 once it has brought a whole message, and where we have opened it

    // Touched only by the one writer (_isWriting).
    private readonly List<WriteQueue.Segment> _batch = [];
    private WriteSize _writeSize;

    internal SipConnection(
        long id, SipTransportKind transport, IPEndPoint remote, IPEndPoint local, ConnectionTable table,
        bool isInbound)
    {
        Id = id;
        Transport = transport;
        Remote = remote;
        Local = local;
        _table = table;
        _lastActivity = table.Time.GetTimestamp();
        _isInbound = isInbound;
        _strangerSince = isInbound ? _lastActivity : 0;
    }

    private enum State : byte
    {
        Connecting,
        Open,
        Ending,
        Closed,
    }

    /// <summary>Unique in this process; never used again.</summary>
    public long Id { get; }

    /// <summary>The clock that it goes by.</summary>
    internal TimeProvider Time => _table.Time;

    /// <summary>It came in from an address outside of the trusted networks, where there are some.</summary>
    internal bool IsUntrusted { get; init; }

    /// <summary>TCP now.</summary>
    public SipTransportKind Transport { get; }

    /// <summary>The peer's address.</summary>
    public IPEndPoint Remote { get; }

    /// <summary>Our address; that of the listener for a stream that came in.</summary>
    public IPEndPoint Local { get; private set; }

    /// <summary>True while the stream is connected and not ending.</summary>
    public bool IsOpen => _state == State.Open;

    /// <summary>Bytes that wait for the peer to read.</summary>
    public int QueuedBytes
    {
        get
        {
            lock (_lock) return _queue.Bytes + _bytesInWrite;
        }
    }

    /// <summary>Why it ended; null while it has not.</summary>
    public LinkReason? EndReason
    {
        get
        {
            lock (_lock) return _reason;
        }
    }

    /// <summary>True while messages can be queued: connecting or open.</summary>
    internal bool IsUsable => _state is State.Connecting or State.Open;

    /// <summary>True once what arrives is only discarded.</summary>
    internal bool IsEnding => _state is State.Ending or State.Closed;

    /// <summary>Completes when the stream is open (true) or will never be (false).</summary>
    internal Task<bool> Opened => _opened.Task;

    /// <summary>Completes when the stream ended and everything queued has left, or never will.</summary>
    internal Task WritesEnded => _writesEnded.Task;

    /// <summary>Starts sending what is queued, on the caller's thread as far as the kernel takes it at once.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            if (_isWriting || _state is State.Connecting or State.Closed || _queue.Bytes == 0) return;
            _isWriting = true;
        }

        _ = WriteLoopAsync();
    }

    /// <summary>Ends the stream. The first reason wins; later calls do nothing.</summary>
    public void Close(LinkReason reason)
    {
        IByteSink? sink;
        lock (_lock)
        {
            if (_state == State.Closed) return;
            _state = State.Closed;
            reason = _reason ??= reason;
            _queue.Clear();
            AccountQueue();
            _table.Account(-_held); // Its read loop ends now, and gives the memory back.
            _held = 0;
            sink = _sink;
            WakeAll();
        }

        sink?.Abort();
        _opened.TrySetResult(false);
        _writesEnded.TrySetResult();
        _table.OnClosed(this, reason);
    }

    /// <summary>The stream is connected: what was queued leaves.</summary>
    /// <returns>False when it was closed in the meantime; the sink is then the caller's to abort.</returns>
    internal bool Open(IByteSink sink, IPEndPoint local)
    {
        lock (_lock)
        {
            if (_state != State.Connecting) return false;
            _state = State.Open;
            _sink = sink;
            Local = local;
        }

        OnActivity();
        _opened.TrySetResult(true);
        Flush();
        return true;
    }

    /// <summary>
    /// Lets the queue leave, tells the peer that nothing more comes, discards its input, then closes.
    /// </summary>
    internal void EndAfterWrites(LinkReason reason)
    {
        bool isConnecting;
        IByteSink? idle = null;
        lock (_lock)
        {
            if (_state is State.Ending or State.Closed) return;
            _reason = reason;
            isConnecting = _state == State.Connecting;
            if (!isConnecting)
            {
                _state = State.Ending;
                WakeAll(); // There will be no room for them, however long the rest takes to leave.
                Volatile.Write(ref _endsAt, _table.Time.GetTimestamp() + _table.SendTimeoutTicks);
                if (!_isWriting && _queue.Bytes == 0) idle = _sink;
            }
        }

        if (isConnecting) Close(reason);
        else if (idle is not null) EndWrites(idle);
        else Flush();
    }

    /// <summary>A whole message has come.</summary>
    internal void OnMessage()
    {
        if (Volatile.Read(ref _strangerSince) != 0) Volatile.Write(ref _strangerSince, 0);
    }

    /// <summary>A message has begun and is not whole yet (true), or none is (false).</summary>
    internal void OnUnfinished(bool isUnfinished) =>
        Volatile.Write(ref _messageBegan, isUnfinished ? _table.Time.GetTimestamp() : 0);

    /// <summary>Since when a message has begun and is not whole; 0 while none is.</summary>
    internal long MessageBegan => Volatile.Read(ref _messageBegan);

    /// <summary>Says how much memory an unfinished message of this stream holds. When all together hold too much, some
    /// streams are closed, and this may be one of them.</summary>
    /// <returns>False when this one is closed.</returns>
    internal bool TryHold(int bytes)
    {
        lock (_lock)
        {
            if (_state == State.Closed) return false;
            _table.Account(bytes - _held);
            _held = bytes;
        }

        _table.KeepWithinLimit(); // Without the lock: it takes those of others.
        return _state != State.Closed;
    }

    internal void OnActivity() => Volatile.Write(ref _lastActivity, _table.Time.GetTimestamp());

    /// <summary>Ends the stream when one of its time-outs has passed. Called about once a second.</summary>
    internal void Sweep(long now)
    {
        var endsAt = Volatile.Read(ref _endsAt);
        var writeStarted = Volatile.Read(ref _writeStarted);
        var began = MessageBegan;
        var strangerSince = Volatile.Read(ref _strangerSince);
        var quiet = now - Volatile.Read(ref _lastActivity); // Since it was made, while it is connecting.
        if (writeStarted != 0 && now - writeStarted > _table.SendTimeoutTicks) Close(LinkReason.SendTimeout);
        else if (endsAt != 0 && now > endsAt) Close(LinkReason.SendTimeout);
        else if (began != 0 && now - began > _table.MessageTimeoutTicks) Close(LinkReason.SlowMessage);
        else if (strangerSince != 0 && now - strangerSince > _table.MessageTimeoutTicks) Close(LinkReason.SlowMessage);
        else if (_state == State.Connecting && !_isInbound && quiet > _table.ConnectingTicks)
            Close(LinkReason.ConnectTimeout);
        else if (IsOpen && quiet > _table.IdleTimeoutTicks) Close(LinkReason.Idle);
    }

    private async Task WriteLoopAsync()
    {
        try
        {
            for (var writes = 1; TryTakeBatch(out var sink); writes++)
            {
                if (writes % InlineWritesMax == 0) await Task.Yield();
                var started = _table.Time.GetTimestamp();
                Volatile.Write(ref _writeStarted, started);
                await sink.WriteAsync(_batch).ConfigureAwait(false);
                Volatile.Write(ref _writeStarted, 0);
                SipMetrics.StreamWrites.Inc();
                OnActivity();
                _writeSize.Note(_bytesInWrite, _table.Time.GetElapsedTime(started, Volatile.Read(ref _lastActivity)));
            }
        }
        catch (Exception)
        {
            // Whatever broke the write broke the stream; the reason is the peer's or the time-out's if that was first.
            Close(LinkReason.Reset);
            lock (_lock) ReturnBatch();
        }
    }

    private bool TryTakeBatch(out IByteSink sink)
    {
        IByteSink? ended = null;
        lock (_lock)
        {
            ReturnBatch();
            sink = _sink!;
            if (_state != State.Closed) _bytesInWrite = _queue.Take(_batch, _writeSize.BytesMax);
            AccountQueue();
            WakeNext();
            if (_bytesInWrite > 0) return true;
            _isWriting = false;
            if (_state == State.Ending) ended = _sink;
        }

        if (ended is not null) EndWrites(ended);
        return false;
    }

    private void EndWrites(IByteSink sink)
    {
        sink.EndWrites();
        _writesEnded.TrySetResult();
    }

    private void ReturnBatch()
    {
        foreach (var segment in _batch) segment.Return();
        _batch.Clear();
        _bytesInWrite = 0;
    }
}
