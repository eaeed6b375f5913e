using System.Net;
using System.Net.Sockets;

namespace Sip.Stack.Transport;

/// <summary>The raw way out of one UDP socket. Thread-safe; allocates nothing.</summary>
public sealed class UdpSender
{
    private readonly Socket _socket;

    internal UdpSender(Socket socket, IPEndPoint local)
    {
        _socket = socket;
        Local = local;
    }

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
