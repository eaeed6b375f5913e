using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sip.Stack.Messages;
using Sip.Stack.Transport;
using static Sip.Stack.Tests.Transport.TestMessages;

namespace Sip.Stack.Tests.Transport;

/// <summary>Streams of peers that mean no good: what they take from the others.</summary>
public sealed class HostileStreamTests
{
    [Fact]
    public async Task Stream_ThatHasSentBeforeItIsAccepted_IsNotReadByTheLoopThatAccepts()
    {
        using var sink = new HoldingSink();
        var table = new ConnectionTable(
            new SipTransportOptions(), TimeProvider.System, NullLogger.Instance, (_, _) => { });
        var incoming = new IncomingMessages(sink, null, NullLogger.Instance);
        await using var tcp = new TcpTransport(table, incoming, SipParseLimits.Default, NullLoggerFactory.Instance);
        var listener = tcp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var address = (IPEndPoint)listener.LocalEndPoint!;
        using var first = await RawTcp.ConnectAsync(address);
        await first.SendAsync(Request("HOLD", transport: "TCP")); // It is there when the stream is accepted.

        tcp.Start(listener);
        await sink.Held.Task.WaitAsync(TestStack.Patience);
        using var second = await RawTcp.ConnectAsync(address);
        await second.SendAsync(Request(transport: "TCP"));

        await sink.Passed.Task.WaitAsync(TestStack.Patience);
        sink.Release();
    }

    [Fact]
    public async Task Streams_WhosePeersNeverPause_HoldUpNeitherNewOnesNorTheEnd()
    {
        await using var server = await TestStack.StartAsync();
        using var over = new CancellationTokenSource();

        // Several: those behind the first have sent before they are accepted.
        var floods = Enumerable.Range(0, 4).Select(_ => Task.Run(() => FloodAsync(server.Tcp, over.Token))).ToArray();
        for (var number = 0; number < 5; number++)
        {
            using var client = await RawTcp.ConnectAsync(server.Tcp);
            await client.SendAsync(Request(transport: "TCP", branch: $"z9hG4bK-{number}", callId: $"c{number}"));
            Assert.StartsWith("SIP/2.0 200", await client.ReceiveAsync(), StringComparison.Ordinal);
        }

        await server.DisposeAsync().AsTask().WaitAsync(TestStack.Patience);
        await over.CancelAsync();
        await Task.WhenAll(floods).WaitAsync(TestStack.Patience);
    }

    [Fact]
    public async Task Heads_ThatAnnounceMuch_TakeNoMoreThanWasSent()
    {
        await using var server = await TestStack.StartAsync(
            new SipTransportOptions { UnfinishedBytesMax = 1_000_000 });
        var streams = new List<RawTcp>();
        for (var number = 0; number < 20; number++)
        {
            var stream = await RawTcp.ConnectAsync(server.Tcp);
            streams.Add(stream);
            await stream.SendAsync(
                Request(transport: "TCP", branch: $"z9hG4bK-{number}", callId: $"c{number}") + Begun(900_005, "begun"));
            await stream.ReceiveAsync(); // What has begun was read with it.
        }

        using var client = await RawTcp.ConnectAsync(server.Tcp);
        await client.SendAsync(Request(transport: "TCP", callId: "large", body: new string('x', 300_000)));

        Assert.StartsWith("SIP/2.0 200", await client.ReceiveAsync(), StringComparison.Ordinal);
        Assert.Equal(streams.Count + 1, server.Stack.Transports.ConnectionCount);
        foreach (var stream in streams) stream.Dispose();
    }

    [Fact]
    public async Task Streams_WithMoreUnfinishedBytesThanMayBe_AreClosed_AndGiveThemBack()
    {
        await using var server = await TestStack.StartAsync(
            new SipTransportOptions { UnfinishedBytesMax = 1_300_000 });
        using var first = await RawTcp.ConnectAsync(server.Tcp);
        using var second = await RawTcp.ConnectAsync(server.Tcp);
        foreach (var client in (RawTcp[])[first, second])
        {
            await client.SendAsync(Begun(600_005, "z9hG4bK-1"));
            await TrySendAsync(client, new byte[500_000]);
        }

        var (ended, reason) = await server.NextEndAsync();
        Assert.Equal(LinkReason.UnfinishedLimit, reason);
        var whole = ended.Remote.Equals(second.Local) ? first : second;
        await whole.SendAsync(new byte[100_000]);
        Assert.StartsWith("SIP/2.0 200", await whole.ReceiveAsync(), StringComparison.Ordinal);
        await whole.SendAsync(Request(transport: "TCP", branch: "z9hG4bK-2", callId: "other"));
        await whole.ReceiveAsync(); // memory is given back after the answer, but before the next message is read
        using var third = await RawTcp.ConnectAsync(server.Tcp);
        await third.SendAsync(Begun(600_005, "z9hG4bK-3"));
        await third.SendAsync(new byte[600_000]);
        Assert.StartsWith("SIP/2.0 200", await third.ReceiveAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_ThatBringsKeepAlivesOnly_IsClosedAfterMessageTimeout()
    {
        var time = new FakeTimeProvider();
        await using var server = await TestStack.StartAsync(
            new SipTransportOptions { MessageTimeout = TimeSpan.FromSeconds(5) }, time);
        using var silent = await RawTcp.ConnectAsync(server.Tcp);
        using var other = await RawTcp.ConnectAsync(server.Tcp);
        await silent.SendAsync("\r\n\r\n");
        await silent.ReceiveExactlyAsync(2);
        await other.SendAsync(Request(transport: "TCP"));
        await other.ReceiveAsync();

        var (ended, reason) = await server.NextEndAsync(time);

        Assert.Equal((silent.Local, LinkReason.SlowMessage), (ended.Remote, reason));
        Assert.Equal(1, server.Stack.Transports.ConnectionCount);
    }

    [Fact]
    public void Pings_ThatComeTogether_GetOnePong()
    {
        var sink = new RecordingSink();
        var table = new ConnectionTable(
            new SipTransportOptions(), TimeProvider.System, NullLogger.Instance, (_, _) => { });
        var peer = new IPEndPoint(IPAddress.Loopback, 5060);
        var stream = table.TryAdd(SipTransportKind.Tcp, peer, peer)!;
        using var receiver = new StreamReceiver(
            stream, new IncomingMessages(sink, sink, NullLogger.Instance), SipParseLimits.Default);
        var pings = Bytes(string.Concat(Enumerable.Repeat("\r\n\r\n", 1_000)));

        Assert.Equal(pings.Length, receiver.Take(pings));
        Assert.Equal(2, stream.QueuedBytes);
        var request = Bytes("\r\n\r\n" + Request(transport: "TCP") + "\r\n");
        Assert.Equal(request.Length - 2, receiver.Take(request));
        Assert.Equal(4, stream.QueuedBytes);
        Assert.Single(sink.TakePassed());
    }

    // Five bytes of the body are there.
    private static string Begun(int bytes, string branch) => Request(transport: "TCP", branch: branch).Replace(
        "Content-Length: 5", $"Content-Length: {bytes}", StringComparison.Ordinal);

    private static async Task TrySendAsync(RawTcp client, byte[] bytes)
    {
        try
        {
            await client.SendAsync(bytes);
        }
        catch (SocketException)
        {
            // It was this one that was closed.
        }
    }

    // Responses that nobody waits for: nothing comes back that the flood would have to read.
    private static async Task FloodAsync(IPEndPoint to, CancellationToken over)
    {
        var response = TcpTransportTests.ResponseTo(Request(transport: "TCP"));
        var bytes = Bytes(string.Concat(Enumerable.Repeat(response, 1_000)));
        using var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(to, over);
            while (true) await socket.SendAsync(bytes, over);
        }
        catch (Exception ended) when (ended is SocketException or OperationCanceledException)
        {
            // The server has closed it, or the test is over.
        }
    }

    /// <summary>Keeps the thread that brings a HOLD, as a stream does that always has more.</summary>
    private sealed class HoldingSink : ISipMessageSink, IDisposable
    {
        private readonly ManualResetEventSlim _isOver = new();

        internal TaskCompletionSource Held { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal TaskCompletionSource Passed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void OnMessage(ReadOnlySpan<byte> message, in SipPeer peer)
        {
            if (!message.StartsWith("HOLD"u8))
            {
                Passed.TrySetResult();
                return;
            }

            Held.TrySetResult();
            _isOver.Wait(2 * TestStack.Patience); // Longer than the test waits.
        }

        public void OnMalformed(SipParseOutcome outcome, ReadOnlySpan<byte> message, in SipPeer peer)
        {
        }

        public void OnConnectionClosed(SipConnection connection)
        {
        }

        public void Dispose() => _isOver.Dispose();

        internal void Release() => _isOver.Set();
    }
}
