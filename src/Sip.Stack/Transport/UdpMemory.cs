using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Sip.Stack.Transport;

/// <summary>What the kernel says about the memory of a UDP socket, asked of the socket itself: it costs the same
/// however many sockets there are.</summary>
/// <param name="Used">Bytes charged for what waits to be read, book-keeping included: the amount that the kernel
/// compares with <paramref name="Size"/> before it drops.</param>
/// <param name="Size">Bytes that may be.</param>
/// <param name="Dropped">Datagrams dropped since the socket was made; may wrap.</param>
internal readonly record struct UdpMemory(uint Used, uint Size, uint Dropped)
{
    // Linux: include/uapi/linux/sock_diag.h, asm-generic/socket.h.
    private const int SolSocket = 1;
    private const int SoMemInfo = 55;
    private const int UsedIndex = 0;
    private const int SizeIndex = 1;
    private const int DroppedIndex = 8;
    private const int Fields = 9;

    /// <summary>How full it is; beyond 100 while the kernel drops.</summary>
    internal int UsedPercent => Size == 0 ? 0 : (int)Math.Min(1_000, 100L * Used / Size);

    /// <summary><see cref="UsedPercent"/> of a socket; 0 where the kernel cannot tell.</summary>
    internal static int PercentOf(Socket socket) => TryRead(socket, out var memory) ? memory.UsedPercent : 0;

    /// <summary>Asks. False where the kernel cannot tell (not Linux, or before 4.12).</summary>
    internal static bool TryRead(Socket socket, out UdpMemory memory)
    {
        memory = default;
        if (!OperatingSystem.IsLinux()) return false;
        Span<uint> fields = stackalloc uint[Fields];
        try
        {
            var bytes = socket.GetRawSocketOption(SolSocket, SoMemInfo, MemoryMarshal.AsBytes(fields));
            if (bytes < Fields * sizeof(uint)) return false;
            memory = new UdpMemory(fields[UsedIndex], fields[SizeIndex], fields[DroppedIndex]);
            return true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }
}
