using System.Net;
using System.Net.Sockets;
using System.Text;
using AppServer.Links;
using Conference.Actors.Ports;
using Conference.Protocol;
using Sip.Stack.Transport;
using Xunit;

namespace AppServer.Tests.Links;

/// <summary>Streams that are opened for a delivery.</summary>
public sealed class StreamConnectTests
{
    [Fact]
    public async Task Connect_ThatTakesLong_HoldsNoPlace()
    {
        // A listener whose queue is full answers no SYN.
        using var deaf = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        deaf.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        deaf.Listen(0);
        using var queued = new TcpClient();
        await queued.ConnectAsync((IPEndPoint)deaf.LocalEndPoint!);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var rig = await LinkRig.StartAsync(new LinkOptions { StreamOutstandingMax = 1 });
        var (waits, goes) = (new LinkRig.Source(LinkRig.Body(5)), new LinkRig.Source(LinkRig.Body(5)));

        rig.Route = LinkRig.At(SipTransportKind.Tcp, deaf.LocalEndPoint!);
        rig.Links.Open(LinkRig.Conference, LinkRig.Alice).Offer(waits);
        rig.Route = LinkRig.At(SipTransportKind.Tcp, listener.LocalEndpoint);
        rig.Links.Open(LinkRig.Conference, ParticipantUri.Parse("sip:bob@example.org")).Offer(goes);

        using var hop = await listener.AcceptTcpClientAsync().WaitAsync(LinkRig.Patience);
        await AnswerAsync(hop);
        Assert.Equal(DeliveryOutcome.Delivered, (await goes.ResultAsync()).Outcome);
    }

    [Fact]
    public async Task Stream_ThatEndsAsSoonAsItIsOpen_IsNotOpenedAgainAtOnce()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var rig = await LinkRig.StartAsync();
        rig.Route = LinkRig.At(SipTransportKind.Tcp, listener.LocalEndpoint);
        var source = new LinkRig.Source(LinkRig.Body(5));
        rig.Links.Open(LinkRig.Conference, LinkRig.Alice).Offer(source);

        while (!source.HasResult)
        {
            if (listener.Pending()) (await listener.AcceptSocketAsync()).Close(0);
            await Task.Yield();
        }

        Assert.Equal(DeliveryOutcome.TryLater, (await source.ResultAsync()).Outcome);
        Assert.Equal(0, rig.Slots.InFlight);
        Assert.False(listener.Pending());
    }

    private static async Task AnswerAsync(TcpClient hop)
    {
        var buffer = new byte[4_096];
        var text = new StringBuilder();
        while (!text.ToString().Contains("\r\n\r\nxxxxx", StringComparison.Ordinal))
        {
            var read = await hop.GetStream().ReadAsync(buffer).AsTask().WaitAsync(LinkRig.Patience);
            Assert.NotEqual(0, read);
            text.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        await hop.GetStream().WriteAsync(LinkRig.OkTo(text.ToString()));
    }
}
