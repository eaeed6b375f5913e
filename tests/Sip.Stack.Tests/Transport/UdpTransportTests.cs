using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Sip.Stack.Transport;
using static Sip.Stack.Tests.Transport.TestMessages;

namespace Sip.Stack.Tests.Transport;

/// <summary>The UDP listener by each kind of system calls.</summary>
public abstract class UdpTransportTests(SipSystemCalls calls)
{
    [Fact]
    public async Task Message_WithRport_IsAnsweredToItsSource()
    {
        await using var server = await StartAsync();
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
        await using var server = await StartAsync();
        using var sender = new RawUdp();
        using var listener = new RawUdp();

        sender.Send(Request(sentBy: $"127.0.0.1:{listener.Local.Port}", viaParameters: ""), server.Udp);

        Assert.StartsWith("SIP/2.0 200", await listener.ReceiveAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_OverIpv6_IsAnswered()
    {
        await using var server = await StartAsync(
            new SipTransportOptions { Endpoints = [TestStack.Loopback(IPAddress.IPv6Loopback)] });
        using var client = new RawUdp(IPAddress.IPv6Loopback);

        client.Send(Request(sentBy: "[::1]:5099"), server.Udp);

        var response = await client.ReceiveAsync();
        Assert.Contains($";received=::1;rport={client.Local.Port}", response, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Garbage_ThenMessage_OnlyMessageIsAnswered()
    {
        await using var server = await StartAsync();
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
        await using var server = await StartAsync();
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
        await using var server = await StartAsync(handle: exchange =>
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
        await using var server = await StartAsync(with: o => o with { ResponseInterceptor = interceptor });
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
        await using var server = await StartAsync(new SipTransportOptions { UdpSocketsPerEndpoint = 2 });
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
        await using var server = await StartAsync();
        using var client = new RawUdp();
        Assert.True(server.Stack.Transports.TryGetUdpSender(client.Local, out var sender));

        Assert.True(sender.Send("bytes"u8, client.Local.Serialize()));

        Assert.Equal("bytes", await client.ReceiveAsync());
        Assert.Equal(server.Udp, sender.Local);
        Assert.False(sender.Send(new byte[70_000], client.Local.Serialize()));
    }

    [Fact]
    public async Task Datagrams_MoreThanOneBatch_AllArrive()
    {
        await using var server = await StartAsync(handle: TestStack.KeepSilent);
        using var client = new RawUdp();

        for (var i = 0; i < 500; i++)
            client.Send(Request(branch: $"z9hG4bK-{i}", callId: $"c{i}"), server.Udp);

        var seen = new HashSet<string>();
        for (var i = 0; i < 500; i++) seen.Add((await server.NextExchangeAsync()).Request.CallId!);
        Assert.Equal(500, seen.Count);
    }

    [Fact]
    public async Task Message_OfTheLargestDatagram_IsTakenWhole()
    {
        await using var server = await StartAsync();
        using var client = new RawUdp();
        var message = Request(body: new string('x', 60_000));

        client.Send(message, server.Udp);

        Assert.StartsWith("SIP/2.0 200", await client.ReceiveAsync(), StringComparison.Ordinal);
        Assert.Equal(60_000, (await server.NextExchangeAsync()).Request.Body.Length);
    }

    [Fact]
    public async Task Requests_OfUntrustedSources_BeyondTheirRate_AreDroppedUnread()
    {
        var time = new FakeTimeProvider();
        var options = new SipTransportOptions
        {
            TrustedNetworks = [IPNetwork.Parse("127.0.0.1/32")],
            UdpUntrustedPerSecondMax = 2,
        };
        await using var server = await StartAsync(options, time);
        using var stranger = new RawUdp(IPAddress.Parse("127.0.0.2"));
        using var friend = new RawUdp();
        var before = SipMetrics.Strange.Value;
        for (var i = 0; i < 5; i++) stranger.Send(Request(branch: $"z9hG4bK-s{i}", callId: $"s{i}"), server.Udp);
        for (var i = 0; i < 5; i++) friend.Send(Request(branch: $"z9hG4bK-f{i}", callId: $"f{i}"), server.Udp);

        var callIds = new List<string>();
        for (var i = 0; i < 7; i++) callIds.Add((await server.NextExchangeAsync()).Request.CallId!);
        Assert.Equal(["s0", "s1", "f0", "f1", "f2", "f3", "f4"], callIds);
        Assert.True(SipMetrics.Strange.Value >= before + 3);

        time.Advance(TimeSpan.FromSeconds(1));
        stranger.Send(Request(branch: "z9hG4bK-s9", callId: "s9"), server.Udp);
        Assert.Equal("s9", (await server.NextExchangeAsync()).Request.CallId);
    }

    [Fact]
    public async Task Malformed_BeyondItsRate_IsCountedAndNotAnswered()
    {
        await using var server = await StartAsync(
            time: new FakeTimeProvider(), with: o => o with { UdpMalformedPerSecondMax = 2 });
        using var client = new RawUdp();
        var before = SipMetrics.MalformedUnanswered.Value;
        var broken = Request().Replace("Call-ID: call-1@client.example\r\n", "", StringComparison.Ordinal);

        for (var i = 0; i < 5; i++) client.Send(broken, server.Udp);
        client.Send(Request(), server.Udp);

        Assert.StartsWith("SIP/2.0 400", await client.ReceiveAsync(), StringComparison.Ordinal);
        Assert.StartsWith("SIP/2.0 400", await client.ReceiveAsync(), StringComparison.Ordinal);
        Assert.StartsWith("SIP/2.0 200", await client.ReceiveAsync(), StringComparison.Ordinal);
        Assert.True(SipMetrics.MalformedUnanswered.Value >= before + 3);
    }

    [Fact]
    public async Task Dispose_OfAnIdleListener_EndsItsWait()
    {
        var server = await StartAsync();
        await server.DisposeAsync().AsTask().WaitAsync(TestStack.Patience);
    }

    [Fact]
    public async Task Dispose_InAFlood_Ends()
    {
        var server = await StartAsync();
        using var client = new RawUdp();
        using var isOver = new CancellationTokenSource();
        var to = server.Udp;
        var flood = Task.Run(() =>
        {
            while (!isOver.IsCancellationRequested) client.Send("OPTIONS sip:a@b SIP/2.0\r\n\r\n", to);
        });
        client.Send(Request(), to);
        await server.NextExchangeAsync();

        await server.DisposeAsync().AsTask().WaitAsync(TestStack.Patience);

        await isOver.CancelAsync();
        await Task.WhenAny(flood); // A closed port may refuse it.
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

        Assert.True(UdpMemory.TryRead(receiver, out var memory));
        new UdpDrops(receiver).Count();

        Assert.InRange(memory.Dropped, 90u, 100u);
        Assert.InRange(memory.UsedPercent, 50, 200);
        Assert.True(SipMetrics.UdpDrops.Value - before >= memory.Dropped);
    }

    private Task<TestStack> StartAsync(
        SipTransportOptions? transport = null, TimeProvider? time = null,
        Func<SipServerExchange, ValueTask>? handle = null, Func<SipStackOptions, SipStackOptions>? with = null) =>
        TestStack.StartAsync(transport, time, handle, with, calls);

    private sealed class Interceptor : IResponseInterceptor
    {
        internal List<string> Seen { get; } = [];

        internal int Depth { get; private set; }

        public bool TryHandle(ReadOnlySpan<byte> message)
        {
            Seen.Add(Encoding.UTF8.GetString(message));
            if (message.IndexOf("throw"u8) >= 0) throw new InvalidOperationException("A bug of the interceptor.");
            return true;
        }

        public bool TryTake(ReadOnlySpan<byte> buffered, out int length)
        {
            length = 0;
            return false; // Asked by streams only.
        }

        public void BeginBatch() => Depth++;

        public void EndBatch() => Depth--;
    }
}

/// <summary>Many datagrams in one call, where the machine can.</summary>
public sealed class BatchedUdpTransportTests() : UdpTransportTests(SipSystemCalls.Batched);

/// <summary>The fall-back.</summary>
public sealed class PortableUdpTransportTests() : UdpTransportTests(SipSystemCalls.Portable);
