using System.Net;
using System.Net.Sockets;

namespace Sip.Stack.Transport;

/// <summary>The raw way out of one UDP socket. Thread-safe; allocates nothing.</summary>
public sealed class UdpSender
{
    private readonly Socket _socket;

    internal UdpSender(Socket socket) => _socket = socket;

    /// <summary>Sends one datagram, blocking until the kernel has taken it.</summary>
    /// <returns>False when the kernel refused it; the reason is counted, never thrown.</returns>
    public bool Send(ReadOnlySpan<byte> datagram, SocketAddress to)
    {
        try
        {
            return _socket.SendTo(datagram, SocketFlags.None, to) == datagram.Length;
        }
        catch (SocketException)
        {
            return false;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }
}
