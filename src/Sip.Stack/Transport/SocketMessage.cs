using System.Runtime.InteropServices;

namespace Sip.Stack.Transport;

/// <summary>struct iovec (readv(2)).</summary>
internal unsafe struct IoVector
{
    public byte* Base;
    public nuint Length;
}

/// <summary>struct msghdr (recvmsg(2)): 56 bytes where a pointer has 8.</summary>
/// <remarks>musl has two of the lengths as int with padding behind them: the same bytes on a little-endian machine,
/// which is why no other is taken.</remarks>
internal unsafe struct SocketMessage
{
    public byte* Name;
    public uint NameLength;
    public IoVector* Vectors;
    public nuint VectorCount;
    public void* Control;
    public nuint ControlLength;
    public int Flags;

    /// <summary>Whether the structures here are those of this machine, and its C library has the calls.</summary>
    public static bool IsKnown { get; } = OperatingSystem.IsLinux() && nint.Size == 8 && BitConverter.IsLittleEndian
        && sizeof(SocketMessage) == 56 && sizeof(BatchedMessage) == 64 && HasCalls();

    private static bool HasCalls() =>
        NativeLibrary.TryLoad("libc", typeof(SocketMessage).Assembly, null, out var library)
        && NativeLibrary.TryGetExport(library, "sendmsg", out _)
        && NativeLibrary.TryGetExport(library, "recvmmsg", out _);
}

/// <summary>struct mmsghdr (recvmmsg(2)).</summary>
internal struct BatchedMessage
{
    public SocketMessage Message;
    public uint Length;
}
