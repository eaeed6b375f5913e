using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Sip.Stack.Messages;
using Sip.Stack.Transport;
using static Sip.Stack.Tests.Transport.TestMessages;

namespace Sip.Stack.Tests.Transport;

public class TcpTransportTests
{
    [Fact]
    public async Task Ports_WithPortZero_AreTheSameForUdpAndTcp()
    {
        await using var server = await TestStack.StartAsync();

        Assert.Equal(server.Udp.Port, server.Tcp.Port);
        Assert.NotEqual(0, server.Tcp.Port);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task Message_SplitByteByByte_IsAnsweredOnItsStream(string address)
    {
        await using var server = await TestStack.StartAsync(
            new SipTransportOptions { Endpoints = [TestStack.Loopback(IPAddress.Parse(address))] });
        using var client = await RawTcp.ConnectAsync(server.Tcp);

        foreach (var octet in Bytes(Request(transport: "TCP"))) await client.SendAsync([octet]);

        Assert.StartsWith("SIP/2.0 200 OK\r\n", await client.ReceiveAsync(), StringComparison.Ordinal);
        var exchange = await server.NextExchangeAsync();
        Assert.Equal("hello", Encoding.UTF8.GetString(exchange.Request.Body.Span));
        Assert.NotNull(exchange.Peer.Connection);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.30")]
    public async Task Stream_OpenedByUs_LeavesFromTheAddressListenedOn(string address)
    {
        await using var client = await TestStack.StartAsync(
            new SipTransportOptions { Endpoints = [TestStack.Loopback(IPAddress.Parse(address))] });
        await using var server = await TestStack.StartAsync();

        await client.Stack.Transports.ConnectAsync(new SipDestination(SipTransportKind.Tcp, server.Tcp));
        client.Stack.Transports.Send(
            new SipDestination(SipTransportKind.Tcp, server.Tcp), Bytes(Request(transport: "TCP")), default);

        var exchange = await server.NextExchangeAsync();
        Assert.Equal(address, exchange.Peer.Remote.Address.ToString());
    }

    [Fact]
    public async Task Messages_GluedAndSplit_AreAllAnsweredInOrder()
    {
        await using var server = await TestStack.StartAsync();
        using var client = await RawTcp.ConnectAsync(server.Tcp);
        var many = string.Concat(Enumerable.Range(0, 200).Select(i =>
            Request(transport: "TCP", branch: $"z9hG4bK-{i}", callId: $"c{i}", body: new string('x', i * 7))));
        var bytes = Bytes(many);

        // Pieces of a size that has nothing to do with the messages.
        for (var at = 0; at < bytes.Length; at += 1013)
            await client.SendAsync(bytes[at..Math.Min(bytes.Length, at + 1013)]);

        for (var i = 0; i < 200; i++)
            Assert.Contains($"branch=z9hG4bK-{i};", await client.ReceiveAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LargeMessage_BothWays_ArrivesWhole()
    {
        var page = new string('p', 900_000);
        await using var server = await TestStack.StartAsync(handle: exchange =>
        {
            exchange.Respond(
                new SipResponseBuilder(exchange.Request, 200).WithBody("text/plain", exchange.Request.Body));
            return default;
        });
        using var client = await RawTcp.ConnectAsync(server.Tcp);

        await client.SendAsync(Request(transport: "TCP", body: page));

        Assert.EndsWith(page, await client.ReceiveAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeepAlive_Ping_GetsPong()
    {
        await using var server = await TestStack.StartAsync();
        using var client = await RawTcp.ConnectAsync(server.Tcp);

        await client.SendAsync("\r\n\r\n");

        Assert.Equal("\r\n", await client.ReceiveExactlyAsync(2));
    }

    [Theory]
    [InlineData("Content-Length: 5", "", "SIP/2.0 400 Missing Content-Length")]
    [InlineData("Content-Length: 5", "Content-Length: x", "SIP/2.0 400 Bad Content-Length")]
    [InlineData("Content-Length: 5", "Content-Length: 20000000", "SIP/2.0 513")]
    public async Task Frame_Unusable_IsRefusedAndStreamCloses(string what, string with, string expected)
    {
        await using var server = await TestStack.StartAsync();
        using var client = await RawTcp.ConnectAsync(server.Tcp);
        var line = with.Length > 0 ? with + "\r\n" : "";
        var message = Request(transport: "TCP").Replace(what + "\r\n", line, StringComparison.Ordinal);

        await client.SendAsync(message);

        Assert.StartsWith(expected, await client.ReceiveToEndAsync(), StringComparison.Ordinal);
        client.Dispose();
        Assert.Equal(LinkReason.Malformed, (await server.NextEndAsync()).Reason);
    }

    [Fact]
    public async Task HugeMessage_WhilePeerStillSends_RefusalIsReadable()
    {
        await using var server = await TestStack.StartAsync();
        using var client = await RawTcp.ConnectAsync(server.Tcp);
        var head = Request(transport: "TCP", body: "")
            .Replace("Content-Length: 0", "Content-Length: 20000000", StringComparison.Ordinal);

        await client.SendAsync(head);
        for (var i = 0; i < 20; i++) await client.SendAsync(new byte[1_000_000]);

        Assert.StartsWith("SIP/2.0 513", await client.ReceiveAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PeerThatDoesNotRead_AfterSendTimeout_IsClosed()
    {
        var time = new FakeTimeProvider();
        var options = new SipTransportOptions { WriteQueueBytesMax = 1_000_000 };
        await using var server = await TestStack.StartAsync(options, time);
        using var client = await RawTcp.ConnectAsync(server.Tcp);
        await client.SendAsync(Request(transport: "TCP"));
        var connection = (await server.NextExchangeAsync()).Peer.Connection!;
        var body = new byte[100_000];

        // The kernel takes some of it first, on both sides.
        while (connection.Write("head"u8, body) == SipSendOutcome.Sent) connection.Flush();
        Assert.True(connection.IsOpen);

        Assert.Equal((connection, LinkReason.SendTimeout), await server.NextEndAsync(time));
        Assert.Equal(SipSendOutcome.Closed, connection.Write("head"u8, default));
    }

    [Fact]
    public async Task WhenRoom_OfAFullQueue_TellsWhenThePeerReads_AndWhenTheStreamEnds()
    {
        var options = new SipTransportOptions { WriteQueueBytesMax = 1_000_000 };
        await using var server = await TestStack.StartAsync(options);
        using var client = await RawTcp.ConnectAsync(server.Tcp);
        await client.SendAsync(Request(transport: "TCP"));
        var connection = (await server.NextExchangeAsync()).Peer.Connection!;
        var (body, sent) = (new byte[100_000], 0);
        TaskCompletionSource room;
        do
        {
            while (connection.Write("head"u8, body) == SipSendOutcome.Sent)
            {
                connection.Flush();
                sent += 4 + body.Length;
            }

            // Until the kernel, on both sides, has taken what it can: till then there is room without the peer's doing.
            room = new TaskCompletionSource();
            connection.WhenRoom(room.SetResult);
            await Task.WhenAny(room.Task, Task.Delay(TimeSpan.FromMilliseconds(200)));
        }
        while (room.Task.IsCompleted);

        // Who comes later is behind who waits, unless it cannot wait.
        Assert.Equal(SipSendOutcome.QueueFull, connection.Write("head"u8, default, waitsItsTurn: true));
        Assert.Equal(SipSendOutcome.Sent, connection.Write("head"u8, default));
        sent += 4;
        await client.ReceiveExactlyAsync(sent);
        await room.Task.WaitAsync(TestStack.Patience);
        Assert.Equal(SipSendOutcome.Sent, connection.Write("head"u8, body));

        while (connection.Write("head"u8, body) == SipSendOutcome.Sent) connection.Flush();
        var ended = new TaskCompletionSource();
        connection.WhenRoom(() => throw new InvalidOperationException("A bug of who waits.")); // Costs others nothing.
        connection.WhenRoom(ended.SetResult);
        connection.Close(LinkReason.ClosedByOwner);
        await ended.Task.WaitAsync(TestStack.Patience);
    }

    [Fact]
    public async Task Write_OfMoreThanAnEmptyQueueTakes_IsTooLarge()
    {
        await using var server = await TestStack.StartAsync(new SipTransportOptions { WriteQueueBytesMax = 1_000 });
        using var client = await RawTcp.ConnectAsync(server.Tcp);
        await client.SendAsync(Request(transport: "TCP"));
        var connection = (await server.NextExchangeAsync()).Peer.Connection!;

        Assert.Equal(SipSendOutcome.TooLarge, connection.Write("head"u8, new byte[1_000]));
        Assert.Equal(SipSendOutcome.Sent, connection.Write("head"u8, new byte[900]));
    }

    [Fact]
    public async Task Stream_WithoutTraffic_IsClosedAfterIdleTimeout()
    {
        var time = new FakeTimeProvider();
        var options = new SipTransportOptions { IdleTimeout = TimeSpan.FromSeconds(30) };
        await using var server = await TestStack.StartAsync(options, time);
        using var client = await RawTcp.ConnectAsync(server.Tcp);
        await client.SendAsync(Request(transport: "TCP"));
        await server.NextExchangeAsync();

        Assert.Equal(LinkReason.Idle, (await server.NextEndAsync(time)).Reason);
    }

    [Fact]
    public async Task Stream_WhoseMessageTricklesIn_IsClosedAfterMessageTimeout()
    {
        var time = new FakeTimeProvider();
        var options = new SipTransportOptions { MessageTimeout = TimeSpan.FromSeconds(5) };
        await using var server = await TestStack.StartAsync(options, time);
        using var client = await RawTcp.ConnectAsync(server.Tcp);
        await client.SendAsync(Request(transport: "TCP") + "MESSAGE sip:slow");
        await server.NextExchangeAsync();

        for (var i = 0; i < 3; i++)
        {
            await client.SendAsync("x"); // the stream is not idle
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(LinkReason.SlowMessage, (await server.NextEndAsync(time)).Reason);
    }

    [Fact]
    public async Task Stream_WithAKeepAliveOnly_OutlivesMessageTimeout()
    {
        var time = new FakeTimeProvider();
        var options = new SipTransportOptions { MessageTimeout = TimeSpan.FromSeconds(5) };
        await using var server = await TestStack.StartAsync(options, time);
        using var client = await RawTcp.ConnectAsync(server.Tcp);
        await client.SendAsync(Request(transport: "TCP", branch: "z9hG4bK-1") + "\r\n");
        await client.ReceiveAsync();

        // Less than SendTimeout: the answer may have come before its write is known to be over.
        for (var i = 0; i < 8; i++) time.Advance(TimeSpan.FromSeconds(1));

        await client.SendAsync(Request(transport: "TCP", branch: "z9hG4bK-2"));
        Assert.StartsWith("SIP/2.0 200", await client.ReceiveAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connections_AboveLimit_AreClosed()
    {
        await using var server = await TestStack.StartAsync(new SipTransportOptions { ConnectionsPerAddressMax = 2 });
        using var first = await RawTcp.ConnectAsync(server.Tcp);
        using var second = await RawTcp.ConnectAsync(server.Tcp);
        await first.SendAsync(Request(transport: "TCP", branch: "z9hG4bK-1"));
        await first.ReceiveAsync();
        await second.SendAsync(Request(transport: "TCP", branch: "z9hG4bK-2"));
        await second.ReceiveAsync();

        Assert.Equal("", await ConnectAndReadAsync(server.Tcp));
        first.Dispose();
        await server.NextEndAsync();
        using var fourth = await RawTcp.ConnectAsync(server.Tcp);
        await fourth.SendAsync(Request(transport: "TCP", branch: "z9hG4bK-4"));
        Assert.StartsWith("SIP/2.0 200", await fourth.ReceiveAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Peer_ClosesItsSendingSide_StillGetsItsAnswers()
    {
        await using var server = await TestStack.StartAsync();
        using var client = await RawTcp.ConnectAsync(server.Tcp);

        await client.SendAsync(Request(transport: "TCP") + Request(transport: "TCP", branch: "z9hG4bK-2", cseq: 2));
        client.EndSending();

        Assert.StartsWith("SIP/2.0 200", await client.ReceiveAsync(), StringComparison.Ordinal);
        Assert.StartsWith("SIP/2.0 200", await client.ReceiveAsync(), StringComparison.Ordinal);
        Assert.Equal("", await client.ReceiveToEndAsync());
        Assert.Equal(LinkReason.PeerClosed, (await server.NextEndAsync()).Reason);
    }

    [Fact]
    public async Task Handler_ThrowsOnStream_Gets500AndStreamGoesOn()
    {
        var calls = 0;
        await using var server = await TestStack.StartAsync(handle: async exchange =>
        {
            await Task.Yield();
            if (calls++ == 0) throw new InvalidOperationException("A bug of the handler.");
            exchange.Respond(200);
        });
        using var client = await RawTcp.ConnectAsync(server.Tcp);

        await client.SendAsync(Request(transport: "TCP"));
        Assert.StartsWith("SIP/2.0 500", await client.ReceiveAsync(), StringComparison.Ordinal);
        await client.SendAsync(Request(transport: "TCP", branch: "z9hG4bK-2", cseq: 2));
        Assert.StartsWith("SIP/2.0 200", await client.ReceiveAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_ToPeerThatIsConnected_UsesItsStream()
    {
        await using var server = await TestStack.StartAsync();
        using var client = await RawTcp.ConnectAsync(server.Tcp);
        await client.SendAsync(Request(transport: "TCP"));
        await client.ReceiveAsync();

        var result = server.Stack.SendAsync(
            new SipRequestBuilder("OPTIONS", "sip:alice@client").From("sip:conf@here").To("sip:alice@client"),
            new SipDestination(SipTransportKind.Tcp, client.Local));
        var request = await client.ReceiveAsync();
        await client.SendAsync(ResponseTo(request));

        Assert.StartsWith("OPTIONS sip:alice@client SIP/2.0\r\n", request, StringComparison.Ordinal);
        Assert.Contains("\r\nVia: SIP/2.0/TCP 127.0.0.1:", request, StringComparison.Ordinal);
        Assert.Equal(200, (await result.WaitAsync(TestStack.Patience)).Response!.StatusCode);
        Assert.Equal(1, server.Stack.Transports.ConnectionCount);
    }

    [Fact]
    public async Task Response_AfterStreamIsGone_GoesByNewStreamToSentBy()
    {
        await using var server = await TestStack.StartAsync(handle: TestStack.KeepSilent);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var client = await RawTcp.ConnectAsync(server.Tcp);
        await client.SendAsync(Request(transport: "TCP", sentBy: $"127.0.0.1:{port}"));
        var exchange = await server.NextExchangeAsync();
        client.Dispose();
        await server.NextEndAsync();

        exchange.Respond(200);

        using var second = new RawTcp(await listener.AcceptSocketAsync().WaitAsync(TestStack.Patience));
        Assert.StartsWith("SIP/2.0 200", await second.ReceiveAsync(), StringComparison.Ordinal);
    }

    private static async Task<string> ConnectAndReadAsync(IPEndPoint to)
    {
        try
        {
            using var client = await RawTcp.ConnectAsync(to);
            return await client.ReceiveToEndAsync();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return ""; // refused before the connect was through
        }
    }

    internal static string ResponseTo(string request, int status = 200)
    {
        var lines = request.Split("\r\n").Where(l =>
            l.StartsWith("Via:", StringComparison.Ordinal) || l.StartsWith("From:", StringComparison.Ordinal)
            || l.StartsWith("To:", StringComparison.Ordinal) || l.StartsWith("Call-ID:", StringComparison.Ordinal)
            || l.StartsWith("CSeq:", StringComparison.Ordinal));
        return $"SIP/2.0 {status} X\r\n{string.Join("\r\n", lines)}\r\nContent-Length: 0\r\n\r\n";
    }
}
