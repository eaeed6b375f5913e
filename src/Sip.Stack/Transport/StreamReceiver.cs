using System.Buffers;
using System.IO.Pipelines;
using Sip.Stack.Messages;

namespace Sip.Stack.Transport;

/// <summary>
/// Cuts what one stream delivers into messages. Whole messages are read where they lie; split ones are gathered.
/// </summary>
internal sealed class StreamReceiver : IDisposable
{
    private readonly SipConnection _connection;
    private readonly IncomingMessages _incoming;
    private readonly SipParseLimits _limits;
    private readonly SipPeer _peer;

    // Touched only by the read loop.
    private byte[]? _gathered; // pooled; null while nothing is left over, so an idle stream holds no buffer
    private int _count;
    private int _taken; // bytes of memory that the table has lent for _gathered
    private bool _isUnfinished;
    private int _wanted; // length of the message that is being gathered; 0 while it is not known
    private SipFrameReader _frames;

    internal StreamReceiver(SipConnection connection, IncomingMessages incoming, SipParseLimits limits)
    {
        _connection = connection;
        _incoming = incoming;
        _limits = limits;
        _peer = new SipPeer(connection.Transport, connection.Remote, connection.Local, connection);
    }

    /// <inheritdoc/>
    public void Dispose() => Release();

    /// <summary>Reads until the peer closes its side. Throws what the stream throws.</summary>
    internal async Task RunAsync(PipeReader input)
    {
        while (true)
        {
            var result = await input.ReadAsync().ConfigureAwait(false);
            if (!result.Buffer.IsEmpty)
            {
                _connection.OnActivity();
                _incoming.BeginBatch();
                try
                {
                    Take(result.Buffer);
                }
                finally
                {
                    _incoming.EndBatch();
                }

                input.AdvanceTo(result.Buffer.End);
            }

            if (result.IsCompleted || result.IsCanceled) return;
        }
    }

    private void Take(in ReadOnlySequence<byte> bytes)
    {
        // An ending stream is read only so that its last refusal is not lost to a reset.
        if (_connection.IsEnding)
        {
            Release();
            return;
        }

        if (TakeWhole(bytes) > 0) _isUnfinished = false; // the clock of the message before has ended
        Watch();
    }

    /// <summary>Hands on what is whole and keeps the rest; returns how many bytes were whole.</summary>
    private int TakeWhole(in ReadOnlySequence<byte> bytes)
    {
        if (_count == 0 && bytes.IsSingleSegment)
        {
            var span = bytes.FirstSpan;
            var used = TakeFrames(span);
            if (used < span.Length) Gather(span[used..]);
            return used;
        }

        foreach (var segment in bytes)
        {
            if (!Gather(segment.Span)) return 0;
        }

        if (_count < _wanted) return 0;
        var consumed = TakeFrames(_gathered.AsSpan(0, _count));
        _gathered.AsSpan(consumed, _count - consumed).CopyTo(_gathered);
        _count -= consumed;
        if (_count == 0) Release();
        return consumed;
    }

    // A message must become whole in time, however busy its stream is. One CR LF that waits is a keep-alive.
    private void Watch()
    {
        var isUnfinished = _count > 0 && _gathered![0] != '\r';
        if (isUnfinished == _isUnfinished && isUnfinished) return;
        _isUnfinished = isUnfinished;
        _connection.OnUnfinished(isUnfinished);
    }

    /// <summary>Hands on every whole message; returns how many bytes are dealt with.</summary>
    private int TakeFrames(ReadOnlySpan<byte> bytes)
    {
        var used = 0;
        while (used < bytes.Length)
        {
            var rest = bytes[used..];
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

            if (frame.Kind == SipFrameKind.KeepAlive) OnKeepAlive(frame);
            else _incoming.OnMessage(rest[..frame.Length], _peer);
            used += frame.Length;
        }

        return used;
    }

    private void OnKeepAlive(FrameResult frame)
    {
        SipMetrics.KeepAlives.WithLabels(_peer.Transport.Label()).Inc();
        if (!frame.IsPing) return;
        _connection.Write("\r\n"u8, default); // RFC 5626 4.4.1; behind a full queue the peer gets traffic anyway.
        _connection.Flush();
    }

    /// <returns>False when there is no memory for it: the stream is closed.</returns>
    private bool Gather(ReadOnlySpan<byte> bytes)
    {
        var needed = Math.Max(_count + bytes.Length, Math.Min(_wanted, _limits.MessageBytesMax));
        if (_gathered is null || _gathered.Length < needed)
        {
            var larger = ArrayPool<byte>.Shared.Rent(needed);
            if (!_connection.TryTake(larger.Length - _taken))
            {
                ArrayPool<byte>.Shared.Return(larger);
                Release();
                _connection.Close(LinkReason.UnfinishedLimit);
                return false;
            }

            _gathered.AsSpan(0, _count).CopyTo(larger);
            if (_gathered is not null) ArrayPool<byte>.Shared.Return(_gathered);
            _taken = larger.Length;
            _gathered = larger;
        }

        bytes.CopyTo(_gathered.AsSpan(_count));
        _count += bytes.Length;
        return true;
    }

    private void Release()
    {
        if (_gathered is not null) ArrayPool<byte>.Shared.Return(_gathered);
        _connection.GiveBack(_taken);
        _taken = 0;
        _gathered = null;
        _count = 0;
        _wanted = 0;
    }
}
