using System.Net;
using System.Net.Sockets;
using Sip.Stack.Messages;
using Sip.Stack.Transport;
using Tests.Shared;

namespace Sip.Stack.Tests.Transport;

/// <summary>Requests of a stack, by each kind of system calls.</summary>
public abstract class SipStackClientTests(SipSystemCalls calls)
{
    [Theory]
    [InlineData(SipTransportKind.Udp)]
    [InlineData(SipTransportKind.Tcp)]
    public async Task Request_BetweenTwoStacks_GetsItsResponse(SipTransportKind transport)
    {
        await using var server = await StartAsync();
        await using var client = await StartAsync();

        var result = await client.Stack.SendAsync(Message(), new SipDestination(transport, server.Udp));

        Assert.Equal(SipClientFailure.None, result.Failure);
        Assert.Equal(200, result.Response!.StatusCode);
        var request = (await server.NextExchangeAsync()).Request;
        Assert.Equal(70, request.MaxForwards);
        Assert.StartsWith("z9hG4bK", request.TopVia!.Branch, StringComparison.Ordinal);
        Assert.Equal(client.Udp.Port, request.TopVia.Port);
    }

    [Fact]
    public async Task Requests_OneThousandAtOnceOverOneStream_AllGetTheirResponse()
    {
        await using var server = await StartAsync();
        await using var client = await StartAsync();
        var destination = new SipDestination(SipTransportKind.Tcp, server.Tcp);

        var results = await Task.WhenAll(
            Enumerable.Range(0, 1000).Select(_ => client.Stack.SendAsync(Message(), destination)));

        Assert.All(results, r => Assert.Equal(200, r.Response?.StatusCode));
        Assert.Equal(1, client.Stack.Transports.ConnectionCount);
        Assert.Equal(0, client.Stack.ClientTransactionCount);
    }

    [Fact]
    public async Task LargeRequest_ToUdpDestination_GoesByTcp()
    {
        await using var server = await StartAsync();
        await using var client = await StartAsync();

        var result = await client.Stack.SendAsync(Message(1300), new SipDestination(SipTransportKind.Udp, server.Udp));

        Assert.Equal(200, result.Response?.StatusCode);
        var exchange = await server.NextExchangeAsync();
        Assert.Equal(SipTransportKind.Tcp, exchange.Peer.Transport);
        Assert.Equal("TCP", exchange.Request.TopVia!.Transport);
    }

    [Fact]
    public async Task LargeRequest_TcpRefused_GoesByUdp()
    {
        await using var server = await StartAsync(
            new SipTransportOptions { Endpoints = [TestStack.Loopback() with { Tcp = false }] });
        await using var client = await StartAsync();

        var result = await client.Stack.SendAsync(Message(1300), new SipDestination(SipTransportKind.Udp, server.Udp));

        Assert.Equal(200, result.Response?.StatusCode);
        Assert.Equal(SipTransportKind.Udp, (await server.NextExchangeAsync()).Peer.Transport);
    }

    [Fact]
    public async Task Request_ToClosedTcpPort_FailsAsTransport()
    {
        await using var client = await StartAsync();
        var result = await client.Stack.SendAsync(Message(), new SipDestination(SipTransportKind.Tcp, UnusedPort()));

        Assert.Equal(SipClientFailure.Transport, result.Failure);
        Assert.Equal(503, result.StatusCode);
        Assert.Equal(LinkReason.ConnectRefused, result.LinkEnd);
        Assert.Equal(LinkReason.ConnectRefused, (await client.NextEndAsync()).Reason);
    }

    [Fact]
    public async Task PendingRequest_StreamCloses_FailsAsTransport()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var client = await StartAsync();

        var sending = client.Stack.SendAsync(
            Message(), new SipDestination(SipTransportKind.Tcp, (IPEndPoint)listener.LocalEndpoint));
        using (var peer = new RawTcp(await listener.AcceptSocketAsync().WaitAsync(TestStack.Patience)))
            await peer.ReceiveAsync();

        Assert.Equal(SipClientFailure.Transport, (await sending.WaitAsync(TestStack.Patience)).Failure);
    }

    [Fact]
    public async Task Peer_RestartedOnItsPort_IsReachedAgain()
    {
        var port = FreePort.Take(); // in between nobody else may get it
        var options = new SipTransportOptions
        {
            Endpoints = [new SipListenEndpoint { Address = IPAddress.Loopback, Port = port }],
        };
        var server = await StartAsync(options);
        await using var client = await StartAsync();
        var destination = new SipDestination(SipTransportKind.Tcp, server.Tcp);
        Assert.Equal(200, (await client.Stack.SendAsync(Message(), destination)).StatusCode);
        await server.DisposeAsync();
        await client.NextEndAsync();

        await using var restarted = await StartAsync(options);

        Assert.Equal(200, (await client.Stack.SendAsync(Message(), destination)).StatusCode);
    }

    [Fact]
    public async Task Start_PortTaken_SaysWhichAndLeavesNothingOpen()
    {
        using var udp = new RawUdp(port: FreePort.Take());
        var taken = udp.Local;
        var options = new SipTransportOptions
        {
            Endpoints = [new SipListenEndpoint { Address = IPAddress.Loopback, Port = taken.Port }],
        };

        var error = await Assert.ThrowsAsync<IOException>(() => StartAsync(options));

        Assert.Contains(taken.ToString(), error.Message, StringComparison.Ordinal);
        udp.Dispose();
        await using var second = await StartAsync(options);
        Assert.Equal(taken, second.Udp);
    }

    [Fact]
    public async Task Cancel_OfWaiting_EndsTransaction()
    {
        using var silent = new RawUdp();
        await using var client = await StartAsync();
        using var cancel = new CancellationTokenSource();
        var sending = client.Stack.SendAsync(
            Message(), new SipDestination(SipTransportKind.Udp, silent.Local), cancel.Token);
        await silent.ReceiveAsync();

        await cancel.CancelAsync();

        Assert.Equal(SipClientFailure.Cancelled, (await sending.WaitAsync(TestStack.Patience)).Failure);
        Assert.Equal(0, client.Stack.ClientTransactionCount);
    }

    [Fact]
    public async Task Stop_WithOpenRequest_WaitsForItsAnswerAndRefusesNewOnes()
    {
        await using var server = await StartAsync(handle: TestStack.KeepSilent);
        using var client = new RawUdp();
        client.Send(TestMessages.Request(branch: "z9hG4bK-1"), server.Udp);
        var exchange = await server.NextExchangeAsync();

        var stopping = server.Stack.StopAsync(TestStack.Patience);
        client.Send(TestMessages.Request(branch: "z9hG4bK-2", callId: "other"), server.Udp);
        var refusal = await client.ReceiveAsync();
        Assert.False(stopping.IsCompleted);
        exchange.Respond(200);

        Assert.StartsWith("SIP/2.0 503", refusal, StringComparison.Ordinal);
        Assert.Matches("\r\nRetry-After: ([5-9]|10)\r\n", refusal);
        Assert.StartsWith("SIP/2.0 200", await client.ReceiveAsync(), StringComparison.Ordinal);
        await stopping.WaitAsync(TestStack.Patience);
    }

    private Task<TestStack> StartAsync(
        SipTransportOptions? transport = null, Func<SipServerExchange, ValueTask>? handle = null) =>
        TestStack.StartAsync(transport, handle: handle, calls: calls);

    private static SipRequestBuilder Message(int bodyBytes = 5) =>
        new SipRequestBuilder("MESSAGE", "sip:conf@127.0.0.1")
            .From("sip:alice@127.0.0.1").To("sip:conf@127.0.0.1").WithBody("text/plain", new byte[bodyBytes]);

    private static IPEndPoint UnusedPort() => new(IPAddress.Loopback, FreePort.Take());
}

/// <summary>Many datagrams in one call, where the machine can.</summary>
public sealed class BatchedSipStackClientTests() : SipStackClientTests(SipSystemCalls.Batched);

/// <summary>The fall-back.</summary>
public sealed class PortableSipStackClientTests() : SipStackClientTests(SipSystemCalls.Portable);
