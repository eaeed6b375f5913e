using System.Buffers;
using System.Runtime.InteropServices;

namespace Sip.Stack.Transport;

/// <summary>
/// The bytes that wait for one stream: small messages are copied together into pooled chunks, large bodies are kept by
/// reference. Not thread-safe; <see cref="SipConnection"/> guards it.
/// </summary>
internal sealed class WriteQueue
{
    /// <summary>A body above this is not copied: a second buffer of a gathered write costs less (measured).</summary>
    internal const int CopyMax = 16 * 1024;

    /// <summary>A chunk holds at most this; also the amount that one write should carry.</summary>
    internal const int ChunkBytes = 64 * 1024;

    /// <summary>One write carries at most this, and less where a stream is slow: see <see cref="WriteSize"/>.</summary>
    internal const int BatchBytesMax = 256 * 1024;

    /// <summary>The first chunk: one or a few messages without taking 64 KiB.</summary>
    private const int FirstChunkBytes = 4 * 1024;

    /// <summary>Well below IOV_MAX (1,024).</summary>
    private const int BatchSegmentsMax = 64;

    private readonly Queue<Segment> _segments = new();
    private Segment? _rest; // comes before _segments
    private byte[]? _tail;
    private int _tailLength;

    /// <summary>Bytes queued and not taken.</summary>
    internal int Bytes { get; private set; }

    /// <summary>Memory of the pool that is queued and not taken; shared bodies are not in it.</summary>
    internal int PooledBytes { get; private set; }

    internal void Add(ReadOnlySpan<byte> head, ReadOnlyMemory<byte> body)
    {
        var copyBody = body.Length <= CopyMax || !MemoryMarshal.TryGetArray(body, out _);
        Append(head, copyBody ? body.Length : 0);
        if (copyBody)
        {
            Append(body.Span, 0);
        }
        else
        {
            Seal();
            MemoryMarshal.TryGetArray(body, out var shared);
            _segments.Enqueue(new Segment(shared, IsPooled: false));
        }

        Bytes += head.Length + body.Length;
    }

    /// <summary>Takes over an array of the shared pool.</summary>
    internal void AddPooled(byte[] pooled, int length)
    {
        Seal();
        _segments.Enqueue(new Segment(new ArraySegment<byte>(pooled, 0, length), IsPooled: true));
        Bytes += length;
        PooledBytes += pooled.Length;
    }

    /// <summary>Takes the next write: whole segments, and a slice of a shared one that is larger than what is left.
    /// </summary>
    /// <param name="batch">Gets them.</param>
    /// <param name="bytesMax">Of the write; at least <see cref="ChunkBytes"/>.</param>
    /// <returns>The bytes taken; 0 when nothing waits.</returns>
    internal int Take(List<Segment> batch, int bytesMax = BatchBytesMax)
    {
        Seal();
        var taken = 0;
        while (batch.Count < BatchSegmentsMax && TryNext(out var next))
        {
            var room = bytesMax - taken;
            if (next.Bytes.Count <= room || (next.IsPooled && taken == 0))
            {
                batch.Add(next);
                taken += next.Bytes.Count;
                if (next.IsPooled) PooledBytes -= next.Bytes.Array!.Length;
                continue;
            }

            // A pooled one is never split: it would be given back while a part of it is still written.
            var slice = next.IsPooled ? 0 : room;
            if (slice > 0) batch.Add(next with { Bytes = next.Bytes[..slice] });
            _rest = next with { Bytes = next.Bytes[slice..] };
            taken += slice;
            break;
        }

        Bytes -= taken;
        return taken;
    }

    internal void Clear()
    {
        Seal();
        while (TryNext(out var segment)) segment.Return();
        (Bytes, PooledBytes) = (0, 0);
    }

    private bool TryNext(out Segment next)
    {
        if (_rest is not { } rest) return _segments.TryDequeue(out next);
        next = rest;
        _rest = null;
        return true;
    }

    private void Append(ReadOnlySpan<byte> bytes, int more)
    {
        while (!bytes.IsEmpty)
        {
            if (_tail is null || _tailLength == _tail.Length) Grow(bytes.Length + more);
            var count = Math.Min(bytes.Length, _tail!.Length - _tailLength);
            bytes[..count].CopyTo(_tail.AsSpan(_tailLength));
            _tailLength += count;
            bytes = bytes[count..];
        }
    }

    private void Grow(int wanted)
    {
        var isFirst = _tail is null && _segments.Count == 0 && _rest is null;
        Seal();
        _tail = ArrayPool<byte>.Shared.Rent(isFirst && wanted <= FirstChunkBytes ? FirstChunkBytes : ChunkBytes);
        PooledBytes += _tail.Length;
    }

    private void Seal()
    {
        if (_tail is null) return;
        _segments.Enqueue(new Segment(new ArraySegment<byte>(_tail, 0, _tailLength), IsPooled: true));
        _tail = null;
        _tailLength = 0;
    }

    /// <summary>A run of bytes; a pooled one is given back after the write.</summary>
    internal readonly record struct Segment(ArraySegment<byte> Bytes, bool IsPooled)
    {
        internal void Return()
        {
            if (IsPooled) ArrayPool<byte>.Shared.Return(Bytes.Array!);
        }
    }
}
