using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Sip.Stack.Transport;

namespace AppServer.Tests.Links;

/// <summary>The next hop of <see cref="DeliveryRig"/>: keeps what is sent and writes the answers to it.</summary>
internal sealed class DeliveryHop : IByteSink, IDisposable
{
    private const int BytesMax = 64 * 1024 * 1024;

    private readonly byte[] _bytes = new byte[BytesMax];
    private readonly Socket? _socket; // Null for a stream.
    private volatile int _length;

    internal DeliveryHop(SipTransportKind transport)
    {
        Transport = transport;
        Address = new IPEndPoint(IPAddress.Loopback, 5060);
        if (transport != SipTransportKind.Udp) return;
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
        {
            ReceiveBufferSize = 4 * 1024 * 1024,
        };
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Address = (IPEndPoint)_socket.LocalEndPoint!;
    }

    internal SipTransportKind Transport { get; }

    internal IPEndPoint Address { get; }

    /// <summary>Answers, one behind the other.</summary>
    /// <param name="Bytes">All of them.</param>
    /// <param name="Ends">Where each ends.</param>
    internal sealed record Answers(byte[] Bytes, IReadOnlyList<int> Ends)
    {
        internal ReadOnlySpan<byte> this[int index] =>
            Bytes.AsSpan(index == 0 ? 0 : Ends[index - 1], Ends[index] - (index == 0 ? 0 : Ends[index - 1]));
    }

    /// <inheritdoc/>
    public void Dispose() => _socket?.Dispose();

    /// <inheritdoc/>
    public ValueTask WriteAsync(List<WriteQueue.Segment> segments)
    {
        foreach (var segment in segments)
        {
            segment.Bytes.AsSpan().CopyTo(_bytes.AsSpan(_length));
            _length += segment.Bytes.Count;
        }

        return default;
    }

    /// <inheritdoc/>
    public void EndWrites()
    {
    }

    /// <inheritdoc/>
    public void Abort()
    {
    }

    internal void Clear() => _length = 0;

    /// <summary>Waits for so many requests and answers them.</summary>
    internal Answers AnswersTo(int requests)
    {
        while (_bytes.AsSpan(0, _length).Count("\r\nCSeq: 1 MESSAGE\r\n"u8) < requests)
        {
            if (_socket is null) Thread.Yield();
            else _length += _socket.Receive(_bytes, _length, BytesMax - _length, SocketFlags.None);
        }

        var answers = new MemoryStream();
        var ends = new List<int>();
        for (var rest = _bytes.AsSpan(0, _length); !rest.IsEmpty;)
        {
            var head = rest.IndexOf("\r\n\r\n"u8) + 4;
            rest = rest[(head + WriteAnswer(rest[..head], answers))..];
            ends.Add((int)answers.Length);
        }

        return new Answers(answers.ToArray(), ends);
    }

    // RFC 3261 8.2.6.2. Returns the length of the request's body.
    private static int WriteAnswer(ReadOnlySpan<byte> head, MemoryStream to)
    {
        to.Write("SIP/2.0 200 OK\r\n"u8);
        var bodyLength = 0;
        foreach (var range in head.Split("\r\n"u8))
        {
            var line = head[range];
            if (line.StartsWith("Content-Length: "u8)) bodyLength = int.Parse(line[16..], CultureInfo.InvariantCulture);
            if (!line.StartsWith("Via:"u8) && !line.StartsWith("From:"u8) && !line.StartsWith("To:"u8)
                && !line.StartsWith("Call-ID:"u8) && !line.StartsWith("CSeq:"u8))
            {
                continue;
            }

            to.Write(line);
            to.Write(line.StartsWith("To:"u8) ? ";tag=1\r\n"u8 : "\r\n"u8);
        }

        to.Write("Content-Length: 0\r\n\r\n"u8);
        return bodyLength;
    }
}
