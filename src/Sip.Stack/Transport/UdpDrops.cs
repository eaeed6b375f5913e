using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Sip.Stack.Transport;

/// <summary>
/// How many datagrams the kernel dropped on a socket because its receive buffer was full: the last column of
/// /proc/net/udp, asked of the socket itself, which costs the same however many sockets there are.
/// </summary>
internal sealed class UdpDrops(Socket socket)
{
    // Linux: include/uapi/linux/sock_diag.h, asm-generic/socket.h.
    private const int SolSocket = 1;
    private const int SoMemInfo = 55;
    private const int DropsIndex = 8;
    private const int Fields = 9;

    private uint _seen;

    /// <summary>
    /// Adds what was dropped since the last call to the metric; does nothing where the kernel cannot tell.
    /// </summary>
    internal void Count()
    {
        if (Read(socket) is not { } dropped) return;
        var more = unchecked(dropped - _seen); // the kernel's counter may wrap
        if (more > 0) SipMetrics.UdpDrops.Inc(more);
        _seen = dropped;
    }

    /// <summary>The kernel's count since the socket was made; null when it cannot be had.</summary>
    internal static uint? Read(Socket socket)
    {
        if (!OperatingSystem.IsLinux()) return null;
        Span<uint> fields = stackalloc uint[Fields];
        try
        {
            var bytes = socket.GetRawSocketOption(SolSocket, SoMemInfo, MemoryMarshal.AsBytes(fields));
            return bytes >= Fields * sizeof(uint) ? fields[DropsIndex] : null;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return null;
        }
    }
}
