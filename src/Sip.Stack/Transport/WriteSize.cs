namespace Sip.Stack.Transport;

/// <summary>How many bytes one write to a stream may carry: few while it is not known to be quick. Pure: time comes in.
/// </summary>
/// <remarks>A write is all that is seen of a peer's progress, so that the send time-out over this is the slowest that a
/// peer may be: 6.5 KB/s. Large writes are for those who gain by them.</remarks>
internal struct WriteSize
{
    /// <summary>Of a stream that is slow, or new.</summary>
    internal const int SlowBytes = WriteQueue.ChunkBytes;

    /// <summary>More than the kernel takes of what the peer does not (<see cref="SipTransportOptions"/>: it doubles the
    /// send buffer): beyond, quick writes are the peer's doing.</summary>
    internal const int ProvenBytes = 1024 * 1024;

    /// <summary>A write that took longer was a slow one.</summary>
    internal static readonly TimeSpan SlowAfter = TimeSpan.FromSeconds(1);

    private int _quickBytes;

    /// <summary>For the next write.</summary>
    internal readonly int BytesMax => _quickBytes < ProvenBytes ? SlowBytes : WriteQueue.BatchBytesMax;

    /// <summary>A write is over.</summary>
    internal void Note(int bytes, TimeSpan took) =>
        _quickBytes = took > SlowAfter ? 0 : Math.Min(ProvenBytes, _quickBytes + bytes);
}
