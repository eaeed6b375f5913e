using System.Net;
using System.Net.Sockets;
using static Sip.Stack.Tests.Transport.TestMessages;

namespace Sip.Stack.Tests.Transport;

/// <summary>Streams of peers that mean no good: what they take from the others.</summary>
public sealed class HostileStreamTests
{
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
}
