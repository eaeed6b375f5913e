using System.Net;
using System.Net.Sockets;

namespace Load;

/// <summary>Where the answer to a request goes.</summary>
/// <param name="Socket">That it came in by.</param>
/// <param name="To">Its sender; null on a stream.</param>
internal readonly record struct ReplyPath(Socket Socket, SocketAddress? To)
{
    /// <summary>Whether it came as a datagram: only those are lost.</summary>
    internal bool IsDatagram => To is not null;

    internal void Send(ReadOnlySpan<byte> bytes)
    {
        if (To is { } to)
        {
            Socket.SendTo(bytes, SocketFlags.None, to);
            return;
        }

        lock (Socket) Socket.Send(bytes); // Two threads answer on a stream: no message may be cut by another.
    }
}
