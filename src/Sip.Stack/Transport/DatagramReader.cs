using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Sip.Stack.Transport;

/// <summary>Takes what one UDP socket holds, batch by batch. Of one thread alone.</summary>
/// <remarks>The memory is outside of the managed heap, and resident only as far as datagrams have reached into it.
/// </remarks>
internal abstract unsafe class DatagramReader : IDisposable
{
    /// <summary>Datagrams taken together at most: what they cause to be sent waits for the last of them.</summary>
    internal const int BatchMax = 64;

    /// <summary>As large as a datagram can be (RFC 3261 18.1.1): none is ever cut.</summary>
    protected const int DatagramBytesMax = 65_535;

    /// <summary>sockaddr_in6, the longer one, is 28.</summary>
    protected const int SourceBytesMax = 32;

    // Not a power of two: the heads of all would meet in the same few lines of each cache.
    private const int Stride = DatagramBytesMax + 1 + (17 * 64);

    private readonly byte* _datagrams;
    private readonly byte* _sources;
    private readonly int[] _lengths = new int[BatchMax];
    private readonly int[] _sourceLengths = new int[BatchMax];
    private bool _isDisposed;

    protected DatagramReader()
    {
        _datagrams = (byte*)NativeMemory.AlignedAlloc(BatchMax * Stride, 64);
        _sources = (byte*)NativeMemory.AllocZeroed(BatchMax * SourceBytesMax);
    }

    /// <summary>Gives the memory back. Only when nothing reads any more.</summary>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        NativeMemory.AlignedFree(_datagrams);
        NativeMemory.Free(_sources);
        Free();
    }

    /// <summary>The reader of a socket.</summary>
    internal static DatagramReader For(Socket socket, SipSystemCalls calls) =>
        calls == SipSystemCalls.Batched && SocketMessage.IsKnown
            ? new BatchedDatagramReader(socket)
            : new PortableDatagramReader(socket);

    /// <summary>Waits for a datagram and takes it with all that are there, at most <see cref="BatchMax"/>. Closing the
    /// socket ends the wait.</summary>
    /// <returns>How many there are, until the next call.</returns>
    /// <exception cref="PlatformNotSupportedException">This way of reading does not work here at all.</exception>
    internal abstract int Take();

    /// <summary>How full the socket's queue is, in per cent of what it may hold; 0 where that cannot be had.</summary>
    internal abstract int QueuePercent();

    /// <summary>How long the last datagram taken lay in the kernel; zero where that cannot be had.</summary>
    internal abstract TimeSpan KernelWait();

    internal ReadOnlySpan<byte> Datagram(int index) => new(Place(index), _lengths[index]);

    /// <summary>Where it came from, as the system writes it (sockaddr_in, sockaddr_in6).</summary>
    internal ReadOnlySpan<byte> Source(int index) => new(SourcePlace(index), _sourceLengths[index]);

    /// <summary>What a deriving class has taken besides.</summary>
    protected virtual void Free()
    {
    }

    protected byte* Place(int index) => _datagrams + (index * Stride);

    protected byte* SourcePlace(int index) => _sources + (index * SourceBytesMax);

    protected void Note(int index, int length, int sourceLength)
    {
        _lengths[index] = length;
        _sourceLengths[index] = Math.Min(sourceLength, SourceBytesMax);
    }
}
