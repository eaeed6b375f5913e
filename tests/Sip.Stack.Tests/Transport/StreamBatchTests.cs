using System.Net;
using System.Net.Sockets;
using Sip.Stack.Transport;

namespace Sip.Stack.Tests.Transport;

/// <summary>Alone, as it counts the writes of the whole process.</summary>
[Collection(Name)]
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class StreamBatchTests
{
    private const string Name = "writes of the process";

    [Fact]
    public async Task Batch_OnOneConnection_LeavesInFewWrites()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var client = await TestStack.StartAsync();
        var destination = new SipDestination(SipTransportKind.Tcp, (IPEndPoint)listener.LocalEndpoint);
        Assert.False(client.Stack.Transports.TryGetConnection(destination, out _));
        var connection = await client.Stack.Transports.ConnectAsync(destination);
        using var peer = new RawTcp(await listener.AcceptSocketAsync().WaitAsync(TestStack.Patience));
        var writesBefore = SipMetrics.StreamWrites.Value;

        for (var i = 0; i < 1000; i++) Assert.Equal(SipSendOutcome.Sent, connection!.Write(new byte[60], new byte[40]));
        connection!.Flush();

        Assert.Equal(100_000, (await peer.ReceiveExactlyAsync(100_000)).Length);
        Assert.True(client.Stack.Transports.TryGetConnection(destination, out var same));
        Assert.Same(connection, same);
        Assert.InRange(SipMetrics.StreamWrites.Value - writesBefore, 1, 500);
    }
}
