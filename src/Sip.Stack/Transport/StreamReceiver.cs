using System.Buffers;
using System.Net.Sockets;
using Sip.Stack.Messages;

namespace Sip.Stack.Transport;

/// <summary>Reads one stream and cuts what it brings into messages, which are handed on where they lie.</summary>
/// <remarks>A large buffer is taken from the pool when there is something to read, and given back with the read: an
/// idle stream holds none, a busy one is read 64 KiB at a time, and what a batch of answers causes to be sent leaves in
/// as large writes. Only an unfinished message is kept from one read to the next.</remarks>
internal sealed class StreamReceiver : IDisposable
{
    /// <summary>Of one read.</summary>
    private const int ReadBytes = 64 * 1024;

    /// <summary>Reads one after the other that found bytes; then the others who wait for this thread have their turn.
    /// 16: up to 1 MiB, which is tens of milliseconds of work.</summary>
    private const int ReadsInlineMax = 16;

    /// <summary>An unfinished message up to this many bytes is kept in a buffer of its size.</summary>
    private const int SmallBytes = 4 * 1024;

    private readonly SipConnection _connection;
    private readonly IncomingMessages _incoming;
    private readonly SipParseLimits _limits;

    // Touched only by the read loop.
    private SipPeer _peer; // with the time of the last read
    private byte[]? _buffer; // pooled; null between reads while no message is unfinished
    private int _count; // bytes in it: an unfinished message
    private int _held; // bytes of memory that the stream accounts for it
    private bool _isUnfinished;
    private int _wanted; // length of the message that is being gathered; 0 while it is not known
    private SipFrameReader _frames;
    private int _keepAlives; // of the batch, as the next one
    private bool _isPinged;

    internal StreamReceiver(SipConnection connection, IncomingMessages incoming, SipParseLimits limits)
    {
        _connection = connection;
        _incoming = incoming;
        _limits = limits;
        _peer = new SipPeer(connection.Transport, connection.Remote, connection.Local, connection);
    }

    /// <summary>Memory that the stream holds at the moment.</summary>
    internal int HeldBytes => _buffer?.Length ?? 0;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_buffer is not null) ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _count, _wanted) = (null, 0, 0);
        Account();
    }

    /// <summary>Reads until the peer closes its side, or there is no memory for what it sends. Throws what the socket
    /// throws.</summary>
    internal async Task RunAsync(Socket socket)
    {
        var isDrained = true;
        for (var inline = 1; ; inline++)
        {
            if (isDrained)
            {
                // Of no bytes: completes when there are some.
                var arrival = socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None);
                if (!arrival.IsCompleted) inline = 0;
                await arrival.ConfigureAwait(false);
            }

            if (inline >= ReadsInlineMax)
            {
                await Task.Yield();
                inline = 0;
            }

            EnsureBuffer();
            var room = _buffer!.Length - _count;
            var read = await socket.ReceiveAsync(_buffer.AsMemory(_count), SocketFlags.None).ConfigureAwait(false);
            if (read == 0) return;
            _connection.OnActivity();
            _peer = _peer with { ReadAt = _connection.Time.GetTimestamp() };
            _count += read;
            TakeBuffered();
            if (!Keep()) return;

            // Where nothing is kept, not to take a buffer for what may be a long time is worth one more system call.
            isDrained = read < room || _buffer is null;
        }
    }

    /// <summary>Hands on every whole message at the start of some bytes.</summary>
    /// <returns>How many bytes are dealt with.</returns>
    internal int Take(ReadOnlySpan<byte> bytes)
    {
        _incoming.BeginBatch();
        try
        {
            return TakeFrames(bytes);
        }
        finally
        {
            _incoming.EndBatch();
            if (_keepAlives > 0) EndKeepAlives();
        }
    }

    private void EnsureBuffer()
    {
        // Twice of what has arrived, however much is announced: that costs a head of 60 bytes, this as much to send.
        var bytes = Math.Max(ReadBytes, _wanted == 0 ? 2 * _count : Math.Min(_wanted, 2 * _count));
        if (_buffer is not null && _buffer.Length >= bytes) return;
        Replace(bytes);
    }

    private void Replace(int bytes)
    {
        var next = ArrayPool<byte>.Shared.Rent(bytes);
        _buffer.AsSpan(0, _count).CopyTo(next);
        if (_buffer is not null) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = next;
    }

    private void TakeBuffered()
    {
        // An ending stream is read only so that its last refusal is not lost to a reset.
        var used = _connection.IsEnding ? _count : _count >= _wanted ? Take(_buffer.AsSpan(0, _count)) : 0;
        if (used > 0) _isUnfinished = false; // the clock of the message before has ended
        _buffer.AsSpan(used, _count - used).CopyTo(_buffer);
        _count -= used;
        Watch();
    }

    // A message must become whole in time, however busy its stream is. One CR LF that waits is a keep-alive.
    private void Watch()
    {
        var isUnfinished = _count > 0 && _buffer![0] != '\r';
        if (isUnfinished == _isUnfinished && isUnfinished) return;
        _isUnfinished = isUnfinished;
        _connection.OnUnfinished(isUnfinished);
    }

    /// <summary>Keeps what is unfinished, and as little memory for it as will do.</summary>
    /// <returns>False when the stream is closed, as there is no memory for it.</returns>
    private bool Keep()
    {
        if (_count == 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer!);
            _buffer = null;
        }
        else if (_count > SmallBytes)
        {
            EnsureBuffer(); // What the next read needs is taken, or refused, now.
        }
        else if (_buffer!.Length > SmallBytes)
        {
            Replace(_count);
        }

        return Account();
    }

    private bool Account()
    {
        var held = HeldBytes;
        if (held == _held) return true;
        _held = held;
        return _connection.TryHold(held);
    }

    private int TakeFrames(ReadOnlySpan<byte> bytes)
    {
        var used = 0;
        while (used < bytes.Length)
        {
            var rest = bytes[used..];
            if (_incoming.TryTakeResponse(rest, _peer, out var length))
            {
                _connection.OnMessage();
                _frames = default; // It may have looked at the first part of this one.
                _wanted = 0;
                used += length;
                continue;
            }

            var isFound = _frames.TryReadFrame(rest, _limits, out var frame);
            _wanted = isFound ? 0 : frame.Length;
            if (!isFound) return used;
            if (frame.Kind == SipFrameKind.Bad)
            {
                // Where the next message begins is not known any more.
                _incoming.OnMalformed(frame.Outcome, frame.Length > 0 ? rest[..frame.Length] : rest, _peer);
                _connection.EndAfterWrites(LinkReason.Malformed);
                return bytes.Length;
            }

            used += frame.Length;
            if (frame.Kind == SipFrameKind.Frame)
            {
                OnMessage(rest[..frame.Length]);
                continue;
            }

            _keepAlives++;
            _isPinged |= frame.IsPing;
        }

        return used;
    }

    private void OnMessage(ReadOnlySpan<byte> message)
    {
        _connection.OnMessage();
        _incoming.OnMessage(message, _peer);
    }

    // One pong for all pings that came together: a client waits for its pong before the next one (RFC 5626 4.4.1), and
    // a flood of them is not to cost a write each.
    private void EndKeepAlives()
    {
        SipMetrics.KeepAlives.WithLabels(_peer.Transport.Label()).Inc(_keepAlives);
        _keepAlives = 0;
        if (!_isPinged) return;
        _isPinged = false;
        _connection.Write("\r\n"u8, default); // Behind a full queue the peer gets traffic anyway.
        _connection.Flush();
    }
}
