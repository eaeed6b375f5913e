using System.Net;
using System.Net.Sockets;
using Sip.Stack.Transport;

namespace Sip.Stack.Tests.Transport;

public sealed class UdpSegmentsTests
{
    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public void TrySend_ArrivesAsSoManyDatagrams(AddressFamily family)
    {
        if (!SocketMessage.IsKnown) return;
        var loopback = family == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback;
        using var receiver = new Socket(family, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 30_000 };
        receiver.Bind(new IPEndPoint(loopback, 0));
        using var sender = new Socket(family, SocketType.Dgram, ProtocolType.Udp);
        sender.Bind(new IPEndPoint(loopback, 0));
        var datagrams = new byte[32 * 700];
        for (var i = 0; i < datagrams.Length; i++) datagrams[i] = (byte)(i / 700);

        Assert.True(UdpSegments.TrySend(sender.SafeHandle, datagrams, 700, receiver.LocalEndPoint!.Serialize()));

        var buffer = new byte[2_000];
        for (var i = 0; i < 32; i++)
        {
            Assert.Equal(700, receiver.Receive(buffer));
            Assert.All(buffer[..700], b => Assert.Equal((byte)i, b));
        }
    }

    [Fact]
    public void TrySendSegments_ToAnAddressThatIsRefused_LeavesSegmentsToOthers_AndPausesWhenTold()
    {
        if (!SocketMessage.IsKnown) return;
        using var receiver = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        receiver.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        var sender = new UdpSender(socket, (IPEndPoint)socket.LocalEndPoint!, 32);
        var (to, datagrams) = (receiver.LocalEndPoint!.Serialize(), new byte[200]);

        // Broadcast is not allowed on the socket: that says nothing about segments.
        var broadcast = new IPEndPoint(IPAddress.Broadcast, 9).Serialize();
        Assert.False(sender.TrySendSegments(datagrams, 100, broadcast, out var isRefused));
        Assert.True(isRefused);
        Assert.True(sender.TrySendSegments(datagrams, 100, to, out _));

        sender.PauseSegments();
        for (var i = 0; i < UdpSender.PauseAfterRefusal; i++)
        {
            Assert.False(sender.TrySendSegments(datagrams, 100, to, out isRefused));
            Assert.False(isRefused); // who takes it for a refusal pauses for ever
        }

        Assert.True(sender.TrySendSegments(datagrams, 100, to, out _));
    }

    [Theory]
    [InlineData(SipSystemCalls.Batched, 32)]
    [InlineData(SipSystemCalls.Portable, 1)]
    public async Task SegmentsMax_IsOfTheSystemCallsChosen(SipSystemCalls calls, int expected)
    {
        if (!SocketMessage.IsKnown) return;
        await using var server = await TestStack.StartAsync(calls: calls);

        Assert.True(server.Stack.Transports.TryGetUdpSender(server.Udp, out var sender));
        Assert.Equal(expected, sender.SegmentsMax);
    }
}
