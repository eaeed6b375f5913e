using System.Net;
using System.Net.Sockets;

namespace Sip.Stack.Transport;

/// <summary>Reads one datagram with each call: works wherever .NET does.</summary>
internal sealed unsafe class PortableDatagramReader(Socket socket) : DatagramReader
{
    private readonly KernelWait _kernel = new(socket);
    private readonly SocketAddress _from = new(socket.AddressFamily);

    internal override int Take()
    {
        Receive(0);
        var count = 1;

        // Asked this way, an empty datagram is one: bytes that are there (FIONREAD) would be none, the batch would end,
        // and a queue that is full would look as if it were empty behind it.
        while (count < BatchMax && socket.Poll(0, SelectMode.SelectRead)) Receive(count++);
        return count;
    }

    internal override int QueuePercent() => UdpMemory.PercentOf(socket);

    internal override TimeSpan KernelWait() => _kernel.OfLast();

    private void Receive(int index)
    {
        _from.Size = SocketAddress.GetMaximumAddressSize(socket.AddressFamily);
        var length = socket.ReceiveFrom(new Span<byte>(Place(index), DatagramBytesMax), SocketFlags.None, _from);
        var source = _from.Buffer.Span[..Math.Min(_from.Size, SourceBytesMax)];
        source.CopyTo(new Span<byte>(SourcePlace(index), SourceBytesMax));
        Note(index, length, source.Length);
    }
}
