using System.Net.Sockets;

namespace Sip.Stack.Transport;

/// <summary>Where a stream's bytes go. One write at a time.</summary>
internal interface IByteSink
{
    /// <summary>Writes all segments in order; throws when the stream is broken.</summary>
    ValueTask WriteAsync(List<WriteQueue.Segment> segments);

    /// <summary>Tells the peer that nothing more comes.</summary>
    void EndWrites();

    /// <summary>Closes the stream at once, in both directions.</summary>
    void Abort();
}

/// <summary>Straight to the socket: a gathered write of a shared body takes a third of the CPU of a pipe and no copy
/// (66 against 22 us for 200 KB, docs/adr).</summary>
internal sealed class SocketByteSink(Socket socket) : IByteSink
{
    // Touched only by the one writer.
    private readonly List<ArraySegment<byte>> _gather = [];

    public async ValueTask WriteAsync(List<WriteQueue.Segment> segments)
    {
        if (segments.Count == 1)
        {
            await socket.SendAsync(segments[0].Bytes.AsMemory(), SocketFlags.None).ConfigureAwait(false);
            return;
        }

        _gather.Clear();
        foreach (var segment in segments) _gather.Add(segment.Bytes);
        await socket.SendAsync(_gather, SocketFlags.None).ConfigureAwait(false);
        _gather.Clear();
    }

    public void EndWrites()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Gone already: the read loop sees the same and ends the connection.
        }
    }

    public void Abort() => socket.Dispose();
}
