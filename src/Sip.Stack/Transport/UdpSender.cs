using System.Net;
using System.Net.Sockets;

namespace Sip.Stack.Transport;

/// <summary>The raw way out of one UDP socket. Thread-safe; allocates nothing.</summary>
public sealed class UdpSender
{
    // A kernel, a device or a path that cannot cut segments says so each time: it is asked again only now and then.
    internal const int PauseAfterRefusal = 1_000;

    private readonly Socket _socket;
    private int _notToBeTried; // Batches still sent one by one after a refusal.

    internal UdpSender(Socket socket, IPEndPoint local, int segmentsMax)
    {
        _socket = socket;
        Local = local;
        SegmentsMax = SocketMessage.IsKnown ? Math.Max(1, segmentsMax) : 1;
    }

    /// <summary>How many datagrams <see cref="TrySendSegments"/> takes; 1 where it takes none.</summary>
    public int SegmentsMax { get; }

    /// <summary>The bound address and port: the source of what is sent.</summary>
    public IPEndPoint Local { get; }

    /// <summary>Sends one datagram, blocking until the kernel has taken it.</summary>
    /// <returns>False when the kernel refused it; the reason is counted, never thrown.</returns>
    public bool Send(ReadOnlySpan<byte> datagram, SocketAddress to)
    {
        try
        {
            return _socket.SendTo(datagram, SocketFlags.None, to) == datagram.Length;
        }
        catch (SocketException e)
        {
            SipMetrics.SendErrors.WithLabels("udp", Label(e.SocketErrorCode)).Inc();
            return false;
        }
        catch (ObjectDisposedException)
        {
            SipMetrics.SendErrors.WithLabels("udp", "stopped").Inc();
            return false;
        }
    }

    /// <summary>Sends datagrams of equal length that lie one behind the other, in one system call.</summary>
    /// <param name="datagrams">All of them, at most <see cref="SegmentsMax"/> and 65,000 bytes.</param>
    /// <param name="bytesEach">Length of one.</param>
    /// <param name="to">Their address.</param>
    /// <param name="isRefused">Whether the kernel was asked, and refused them.</param>
    /// <returns>False when nothing was sent (no support, a path with a smaller MTU, a pause): send each by itself.
    /// </returns>
    public bool TrySendSegments(
        ReadOnlySpan<byte> datagrams, int bytesEach, SocketAddress to, out bool isRefused)
    {
        isRefused = false;
        if (Volatile.Read(ref _notToBeTried) > 0)
        {
            Interlocked.Decrement(ref _notToBeTried);
            return false;
        }

        try
        {
            if (UdpSegments.TrySend(_socket.SafeHandle, datagrams, bytesEach, to))
            {
                SipMetrics.SegmentSends.Inc();
                return true;
            }
        }
        catch (ObjectDisposedException)
        {
            return false; // One by one they fail the same way, and are counted.
        }

        SipMetrics.SegmentRefusals.Inc();
        isRefused = true;
        return false;
    }

    /// <summary>What <see cref="TrySendSegments"/> refused went out one by one: it was the segments that were refused,
    /// not the address, and they are not tried again for a while.</summary>
    public void PauseSegments() => Volatile.Write(ref _notToBeTried, PauseAfterRefusal);

    private static string Label(SocketError error) => error switch
    {
        SocketError.MessageSize => "too_large",
        SocketError.NetworkUnreachable or SocketError.HostUnreachable => "unreachable",
        SocketError.ConnectionRefused => "refused",
        SocketError.NoBufferSpaceAvailable or SocketError.WouldBlock => "no_buffer",
        SocketError.AccessDenied => "denied",
        _ => "other",
    };
}
