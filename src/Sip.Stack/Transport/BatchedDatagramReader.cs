using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Sip.Stack.Transport;

/// <summary>Reads many datagrams with one call (recvmmsg(2), Linux 2.6.33).</summary>
/// <remarks>The call waits for the first datagram and takes what is there behind it, so an idle socket costs nothing
/// and a busy one no call per datagram. Closing the socket shuts it down, which ends the wait.</remarks>
internal sealed unsafe partial class BatchedDatagramReader : DatagramReader
{
    private const int MsgWaitForOne = 0x10000;
    private const int InterruptedCall = 4; // EINTR

    private readonly Socket _socket;
    private readonly KernelWait _kernel;
    private readonly BatchedMessage* _messages;
    private readonly IoVector* _vectors;
    private int _taken = BatchMax; // Whose fields the kernel has written over.
    private bool _hasWorked;

    internal BatchedDatagramReader(Socket socket)
    {
        _socket = socket;
        _kernel = new KernelWait(socket);
        _messages = (BatchedMessage*)NativeMemory.AllocZeroed(BatchMax, (nuint)sizeof(BatchedMessage));
        _vectors = (IoVector*)NativeMemory.AllocZeroed(BatchMax, (nuint)sizeof(IoVector));
        for (var i = 0; i < BatchMax; i++)
        {
            _vectors[i] = new IoVector { Base = Place(i), Length = DatagramBytesMax };
            _messages[i].Message.Name = SourcePlace(i);
            _messages[i].Message.Vectors = &_vectors[i];
            _messages[i].Message.VectorCount = 1;
        }
    }

    internal override int Take()
    {
        for (var i = 0; i < _taken; i++) _messages[i].Message.NameLength = SourceBytesMax;
        _taken = 0;
        var count = ReceiveMany(_socket.SafeHandle, _messages, BatchMax, MsgWaitForOne, null);
        if (count < 0) return OnError(Marshal.GetLastPInvokeError());
        _hasWorked = true;
        _taken = count;
        for (var i = 0; i < count; i++)
            Note(i, (int)_messages[i].Length, (int)_messages[i].Message.NameLength);
        return count;
    }

    internal override int QueuePercent() => UdpMemory.PercentOf(_socket);

    internal override TimeSpan KernelWait() => _kernel.OfLast();

    protected override void Free()
    {
        NativeMemory.Free(_messages);
        NativeMemory.Free(_vectors);
    }

    private int OnError(int error)
    {
        if (error == InterruptedCall) return 0;

        // A sandbox or a system that only looks like Linux (ENOSYS, EPERM, EINVAL, ...): if it was the socket that
        // failed, the other way of reading meets the same error and says so.
        var message = $"recvmmsg: {Marshal.GetPInvokeErrorMessage(error)}";
        throw _hasWorked ? new IOException(message) : new PlatformNotSupportedException(message);
    }

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    private static partial int ReceiveMany(
        SafeSocketHandle socket, BatchedMessage* messages, uint count, int flags, void* timeout);
}
