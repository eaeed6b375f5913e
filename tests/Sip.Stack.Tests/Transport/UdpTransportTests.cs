using System.Net;
using System.Net.Sockets;
using System.Text;
using Sip.Stack.Transport;
using static Sip.Stack.Tests.Transport.TestMessages;

namespace Sip.Stack.Tests.Transport;

public class UdpTransportTests
{
    [Fact]
    public async Task Message_WithRport_IsAnsweredToItsSource()
    {
        await using var server = await TestStack.StartAsync();
        using var client = new RawUdp();

        client.Send(Request(sentBy: "10.0.0.9:5099"), server.Udp);
        var response = await client.ReceiveAsync();

        Assert.StartsWith("SIP/2.0 200 OK\r\n", response, StringComparison.Ordinal);
        Assert.Contains(";received=127.0.0.1", response, StringComparison.Ordinal);
        Assert.Contains($";rport={client.Local.Port}", response, StringComparison.Ordinal);
        var exchange = await server.NextExchangeAsync();
        Assert.Equal(client.Local, exchange.Peer.Remote);
        Assert.Equal(server.Udp, exchange.Peer.Local);
        Assert.Contains($"tag={exchange.LocalTag}", response, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_WithoutRport_IsAnsweredToPortOfSentBy()
    {
        await using var server = await TestStack.StartAsync();
        using var sender = new RawUdp();
        using var listener = new RawUdp();

        sender.Send(Request(sentBy: $"127.0.0.1:{listener.Local.Port}", viaParameters: ""), server.Udp);

        Assert.StartsWith("SIP/2.0 200", await listener.ReceiveAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_OverIpv6_IsAnswered()
    {
        await using var server = await TestStack.StartAsync(
            new SipTransportOptions { Endpoints = [TestStack.Loopback(IPAddress.IPv6Loopback)] });
        using var client = new RawUdp(IPAddress.IPv6Loopback);

        client.Send(Request(sentBy: "[::1]:5099"), server.Udp);

        var response = await client.ReceiveAsync();
        Assert.Contains($";received=::1;rport={client.Local.Port}", response, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Garbage_ThenMessage_OnlyMessageIsAnswered()
    {
        await using var server = await TestStack.StartAsync();
        using var client = new RawUdp();
        byte[] stun = [0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

        client.Send("\r\n\r\n", server.Udp);
        client.Send([], server.Udp);
        client.Send(stun, server.Udp);
        client.Send([0xff, 0x00, 0x80], server.Udp);
        client.Send("hello world", server.Udp);
        client.Send("SIP/2.0 200 OK\r\n\r\n", server.Udp);
        client.Send("\r\n\r\n" + Request(), server.Udp);

        Assert.StartsWith("SIP/2.0 200", await client.ReceiveAsync(), StringComparison.Ordinal);
        var exchange = await server.NextExchangeAsync();
        Assert.Equal("hello", Encoding.UTF8.GetString(exchange.Request.Body.Span));
    }

    [Fact]
    public async Task Malformed_Request_GetsStateless400()
    {
        await using var server = await TestStack.StartAsync();
        using var client = new RawUdp();
        var broken = Request().Replace("Call-ID: call-1@client.example\r\n", "", StringComparison.Ordinal);

        client.Send(broken, server.Udp);
        var first = await client.ReceiveAsync();
        client.Send(broken, server.Udp);

        Assert.StartsWith("SIP/2.0 400 Missing Call-ID", first, StringComparison.Ordinal);
        Assert.Equal(first, await client.ReceiveAsync());
        Assert.Equal(0, server.Stack.ServerTransactionCount);
    }

    [Fact]
    public async Task Handler_Throws_Gets500AndNextIsServed()
    {
        var isFirst = true;
        await using var server = await TestStack.StartAsync(handle: exchange =>
        {
            if (!isFirst) return TestStack.Answer200(exchange);
            isFirst = false;
            throw new InvalidOperationException("A bug of the handler.");
        });
        using var client = new RawUdp();

        client.Send(Request(branch: "z9hG4bK-a"), server.Udp);
        Assert.StartsWith("SIP/2.0 500", await client.ReceiveAsync(), StringComparison.Ordinal);
        client.Send(Request(branch: "z9hG4bK-b", callId: "other"), server.Udp);
        Assert.StartsWith("SIP/2.0 200", await client.ReceiveAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interceptor_TakesResponsesOnly_AndItsFaultsAreContained()
    {
        var interceptor = new Interceptor();
        await using var server = await TestStack.StartAsync(with: o => o with { ResponseInterceptor = interceptor });
        using var client = new RawUdp();

        client.Send("SIP/2.0 200 OK\r\nfirst\r\n", server.Udp);
        client.Send("SIP/2.0 200 OK\r\nthrow\r\n", server.Udp);
        client.Send(Request(), server.Udp);
        await client.ReceiveAsync();

        Assert.Equal(["SIP/2.0 200 OK\r\nfirst\r\n", "SIP/2.0 200 OK\r\nthrow\r\n"], interceptor.Seen);
    }

    [Fact]
    public async Task SeveralSockets_OnOnePort_AllAreServed()
    {
        await using var server = await TestStack.StartAsync(new SipTransportOptions { UdpSocketsPerEndpoint = 2 });
        for (var i = 0; i < 16; i++)
        {
            using var client = new RawUdp();
            client.Send(Request(branch: $"z9hG4bK-{i}", callId: $"c{i}"), server.Udp);
            Assert.StartsWith("SIP/2.0 200", await client.ReceiveAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task UdpSender_ToAddress_SendsFromListeningPort()
    {
        await using var server = await TestStack.StartAsync();
        using var client = new RawUdp();
        Assert.True(server.Stack.Transports.TryGetUdpSender(client.Local, out var sender));

        Assert.True(sender.Send("bytes"u8, client.Local.Serialize()));

        Assert.Equal("bytes", await client.ReceiveAsync());
        Assert.Equal(server.Udp, sender.Local);
        Assert.False(sender.Send(new byte[70_000], client.Local.Serialize()));
    }

    [Fact]
    public void UdpDrops_BufferOverflows_AreCounted()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var receiver = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
        {
            ReceiveBufferSize = 2048,
        };
        receiver.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var sender = new RawUdp();
        var before = SipMetrics.UdpDrops.Value;
        for (var i = 0; i < 100; i++) sender.Send(new byte[1000], (IPEndPoint)receiver.LocalEndPoint!);

        var dropped = UdpDrops.Read(receiver);
        new UdpDrops(receiver).Count();

        Assert.InRange(dropped!.Value, 90u, 100u);
        Assert.True(SipMetrics.UdpDrops.Value - before >= dropped.Value);
    }

    private sealed class Interceptor : IResponseInterceptor
    {
        internal List<string> Seen { get; } = [];

        internal int Depth { get; private set; }

        public bool TryHandle(ReadOnlySpan<byte> message, in SipPeer peer)
        {
            Seen.Add(Encoding.UTF8.GetString(message));
            if (message.IndexOf("throw"u8) >= 0) throw new InvalidOperationException("A bug of the interceptor.");
            return true;
        }

        public bool TryTake(ReadOnlySpan<byte> buffered, in SipPeer peer, out int length)
        {
            length = 0;
            return false; // Asked by streams only.
        }

        public void BeginBatch() => Depth++;

        public void EndBatch() => Depth--;
    }
}
