using System.Net;
using System.Net.Sockets;

namespace Load.Floor;

/// <summary>One way of handing requests to the kernel and of taking the answers from it, on the caller's thread.
/// </summary>
internal abstract class FloorWire : IDisposable
{
    private const int SocketBufferBytes = 4 * 1024 * 1024;

    protected FloorWire(Socket socket)
    {
        Socket = socket;
        // All answers that can be out fit in: the sink never waits for this side while this side waits for the sink.
        socket.ReceiveBufferSize = SocketBufferBytes;
        socket.SendBufferSize = SocketBufferBytes;
        socket.ReceiveTimeout = 3_000; // Milliseconds. Longer means lost.
    }

    protected Socket Socket { get; }

    internal abstract void Send(ReadOnlySpan<byte> messages, int bytesEach);

    /// <summary>Waits for answers.</summary>
    /// <returns>How many have come.</returns>
    internal abstract int Receive();

    public void Dispose() => Socket.Dispose();
}

/// <summary>A system call for each datagram, or one for as many as UDP_SEGMENT takes.</summary>
internal sealed class DatagramWire : FloorWire
{
    // include/uapi/linux/udp.h
    private const int SolUdp = 17;
    private const int UdpSegment = 103;

    private readonly byte[] _answer = new byte[8_192];
    private readonly SocketAddress _to;
    private readonly SocketAddress _from = new(AddressFamily.InterNetwork);
    private readonly bool _isSegmented;

    internal DatagramWire(IPEndPoint to, int bytesEach, bool isSegmented)
        : base(new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp))
    {
        _to = to.Serialize();
        _isSegmented = isSegmented;
        Socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        if (isSegmented) Socket.SetRawSocketOption(SolUdp, UdpSegment, BitConverter.GetBytes(bytesEach));
    }

    internal override void Send(ReadOnlySpan<byte> messages, int bytesEach)
    {
        if (_isSegmented) bytesEach = messages.Length;
        for (; !messages.IsEmpty; messages = messages[bytesEach..])
            Socket.SendTo(messages[..bytesEach], SocketFlags.None, _to);
    }

    internal override int Receive()
    {
        Socket.ReceiveFrom(_answer, SocketFlags.None, _from);
        return 1;
    }
}

/// <summary>All that is to be sent in one write to one stream.</summary>
internal sealed class StreamWire : FloorWire
{
    private readonly byte[] _answers = new byte[1 << 20];
    private int _buffered;

    internal StreamWire(IPEndPoint to)
        : base(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }) =>
        Socket.Connect(to);

    internal override void Send(ReadOnlySpan<byte> messages, int bytesEach)
    {
        while (!messages.IsEmpty) messages = messages[Socket.Send(messages)..];
    }

    internal override int Receive()
    {
        var read = Socket.Receive(_answers.AsSpan(_buffered));
        if (read == 0) throw new SocketException((int)SocketError.ConnectionReset);
        _buffered += read;
        var rest = _answers.AsSpan(0, _buffered);
        var count = 0;
        while (rest.IndexOf("\r\n\r\n"u8) is >= 0 and var end) // An answer has no body.
        {
            count++;
            rest = rest[(end + 4)..];
        }

        rest.CopyTo(_answers);
        _buffered = rest.Length;
        return count;
    }
}
