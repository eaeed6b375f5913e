using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Sip.Stack.Transport;

/// <summary>How long datagrams lie in the kernel before they are read: the wait that no clock of this process sees.
/// </summary>
/// <remarks>The kernel stamps what arrives from the first question on (SIOCGSTAMPNS, socket(7)). One system call per
/// question, so it is asked once per batch. Where the kernel cannot tell, nothing has waited.</remarks>
internal sealed partial class KernelWait(Socket socket)
{
    private const nuint TimeOfLast = 0x8907; // SIOCGSTAMPNS, include/uapi/asm-generic/sockios.h

    // A clock that was set must not look like a wait: more than this does not fit into a receive buffer anyway.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly bool _isKnown = OperatingSystem.IsLinux() && nint.Size == 8;

    /// <summary>The wait of the datagram that was read last.</summary>
    internal unsafe TimeSpan OfLast()
    {
        var arrived = default(TimeValue);
        if (!_isKnown || Control(socket.SafeHandle, TimeOfLast, &arrived) != 0) return TimeSpan.Zero;
        var at = DateTimeOffset.UnixEpoch.AddTicks(
            (arrived.Seconds * TimeSpan.TicksPerSecond) + (arrived.Nanoseconds / TimeSpan.NanosecondsPerTick));
        var wait = TimeProvider.System.GetUtcNow() - at; // The clock that the kernel reads.
        return wait > TimeSpan.Zero && wait < Longest ? wait : TimeSpan.Zero;
    }

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static unsafe partial int Control(SafeSocketHandle socket, nuint request, TimeValue* value);

    private struct TimeValue
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
