using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Sip.Stack.Messages;
using Sip.Stack.Transport;
using static Sip.Stack.Tests.Transport.TestMessages;

namespace Sip.Stack.Tests.Transport;

public sealed class StreamReceiverTests
{
    private const int ReadBytes = 64 * 1024;

    [Fact]
    public async Task Read_ThatFillsTheBufferWithWholeMessages_LeavesNoBufferWithAStreamThatIdles()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = await RawTcp.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        using var socket = await listener.AcceptSocketAsync().WaitAsync(TestStack.Patience);
        var table = new ConnectionTable(
            new SipTransportOptions(), TimeProvider.System, NullLogger.Instance, (_, _) => { });
        var stream = table.TryAdd(SipTransportKind.Tcp, client.Local, (IPEndPoint)listener.LocalEndpoint)!;
        var sink = new RecordingSink();
        using var receiver = new StreamReceiver(
            stream, new IncomingMessages(sink, null, NullLogger.Instance), SipParseLimits.Default);
        var spare = ReadBytes - Bytes(Request(transport: "TCP", body: new string('x', 60_000))).Length;
        await client.SendAsync(Request(transport: "TCP", body: new string('x', 60_000 + spare)));
        await TestStack.UntilAsync(() => socket.Available >= ReadBytes);

        var reading = receiver.RunAsync(socket); // As far as there is something to read, on this thread.

        Assert.Single(sink.TakePassed());
        Assert.False(reading.IsCompleted);
        Assert.Equal(0, receiver.HeldBytes);
        client.EndSending();
        await reading.WaitAsync(TestStack.Patience);
    }
}
