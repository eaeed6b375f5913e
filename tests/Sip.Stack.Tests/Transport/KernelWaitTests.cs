using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Sip.Stack.Transport;

namespace Sip.Stack.Tests.Transport;

public sealed class KernelWaitTests
{
    [Fact]
    public void OfLast_OfADatagramThatLay_IsAtMostTheTimeSinceItWasSent()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var kernel = new KernelWait(socket);
        Assert.Equal(TimeSpan.Zero, kernel.OfLast()); // nothing was read; from here on the kernel stamps

        var sentAt = Stopwatch.GetTimestamp();
        socket.SendTo("x"u8, socket.LocalEndPoint!);
        socket.SendTo("y"u8, socket.LocalEndPoint!);
        socket.Receive(new byte[1]);
        var wait = kernel.OfLast();
        var elapsed = Stopwatch.GetElapsedTime(sentAt);

        // Two clocks: they may run apart by some hundred parts in a million.
        Assert.InRange(wait, TimeSpan.Zero, elapsed + TimeSpan.FromMilliseconds(1));
        if (OperatingSystem.IsLinux()) Assert.True(wait > TimeSpan.Zero, "nothing was stamped");
    }
}
