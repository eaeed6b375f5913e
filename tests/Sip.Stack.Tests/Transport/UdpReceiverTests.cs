using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Sip.Stack.Transport;

namespace Sip.Stack.Tests.Transport;

/// <summary>The receive thread with a reader in the test's hand.</summary>
public sealed class UdpReceiverTests : IDisposable
{
    private const string Request = "OPTIONS sip:a@b SIP/2.0\r\n\r\n";

    private readonly RecordingSink _sink = new();
    private readonly FakeReader _reader = new();
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly UdpReceiver _receiver;

    public UdpReceiverTests()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var local = (IPEndPoint)_socket.LocalEndPoint!;
        var incoming = new IncomingMessages(_sink, null, NullLogger.Instance);
        var intake = new DatagramIntake(local, incoming, null, 75, TimeProvider.System, NullLogger.Instance);
        _receiver = new UdpReceiver(_socket, local, _reader, intake, NullLogger.Instance);
    }

    public void Dispose()
    {
        _reader.Close();
        _receiver.Dispose();
        _socket.Dispose();
    }

    [Fact]
    public async Task FirstCall_ThatTheSystemDoesNotHave_IsFollowedByTheFallBack()
    {
        _reader.ThenFails(new PlatformNotSupportedException("recvmmsg: Function not implemented"));
        using var client = new RawUdp();
        client.Send(Request, (IPEndPoint)_socket.LocalEndPoint!);

        _receiver.Start();

        Assert.Equal(Request, await _sink.NextAsync()); // from the socket itself
        await _reader.Disposed.Task.WaitAsync(TestStack.Patience);
    }

    [Fact]
    public async Task Calls_ThatFail_AreCountedAndTriedAgain()
    {
        var faults = SipMetrics.LoopFaults.WithLabels("udp_receive");
        var before = faults.Value;
        _reader.ThenFails(new IOException("recvmmsg: Cannot allocate memory"));
        _reader.ThenFails(new IOException("recvmmsg: Cannot allocate memory"));
        _reader.ThenGives(Request);

        _receiver.Start();

        Assert.Equal(Request, await _sink.NextAsync());
        Assert.True(faults.Value >= before + 2);
    }

    [Fact]
    public async Task Dispose_WhileItWaits_EndsTheThreadAndGivesTheMemoryBack()
    {
        var isWaiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _reader.OnEmpty = () => isWaiting.TrySetResult();
        _receiver.Start();
        await isWaiting.Task.WaitAsync(TestStack.Patience);
        _reader.Close(); // As the socket does for a real one.

        _receiver.Dispose();

        await _reader.Disposed.Task.WaitAsync(TestStack.Patience);
    }

    [Fact]
    public async Task Dispose_BeforeTheStart_GivesTheMemoryBack()
    {
        _receiver.Dispose();

        await _reader.Disposed.Task.WaitAsync(TestStack.Patience);
    }
}
