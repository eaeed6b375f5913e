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
        if (!UdpSegments.IsKnown) return;
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
}
