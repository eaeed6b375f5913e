using System.Net;
using System.Net.Sockets;

namespace Tests.Shared;

/// <summary>Port numbers for programs that a test starts, kills and starts again at the same place.</summary>
/// <remarks>Not from the range that the system gives to outgoing connections: while the program is down, one of those
/// could take its place, a client that tries to connect to it by itself. And 10,000 above is free as well, which a
/// redis-server in a cluster wants.</remarks>
public static class FreePort
{
    private const int First = 15_000;
    private const int Count = 7_000;

    private static int _next = Random.Shared.Next(Count);

    /// <summary>A number that is free for UDP and TCP on 127.0.0.1, and that this process gives nobody else.</summary>
    public static int Take()
    {
        for (var tried = 0; tried < Count; tried++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _next) % Count);
            if (IsFree(port, SocketType.Stream) && IsFree(port, SocketType.Dgram)) return port;
        }

        throw new InvalidOperationException("No port is free.");
    }

    private static bool IsFree(int port, SocketType type)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, type, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
