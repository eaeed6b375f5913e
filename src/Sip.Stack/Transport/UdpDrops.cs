using System.Net.Sockets;

namespace Sip.Stack.Transport;

/// <summary>
/// How many datagrams the kernel dropped on a socket because its receive buffer was full: the last column of
/// /proc/net/udp.
/// </summary>
internal sealed class UdpDrops(Socket socket)
{
    private uint _seen;

    /// <summary>
    /// Adds what was dropped since the last call to the metric; does nothing where the kernel cannot tell.
    /// </summary>
    internal void Count()
    {
        if (!UdpMemory.TryRead(socket, out var memory)) return;
        var more = unchecked(memory.Dropped - _seen); // the kernel's counter may wrap
        if (more > 0) SipMetrics.UdpDrops.Inc(more);
        _seen = memory.Dropped;
    }
}
