using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using AppServer.Links;
using Conference.Actors.Ports;
using Conference.Protocol;
using Sip.Stack.Transport;
using Xunit;

namespace AppServer.Tests.Links;

/// <summary>What leaves together towards one address, with the system call for many and with one each.</summary>
public sealed partial class DatagramRunTests
{
    private const int Participants = 100;

    [Theory]
    [InlineData(32)]
    [InlineData(1)]
    public async Task Batch_ToOneAddress_BringsEachParticipantItsMessage(int segmentsMax)
    {
        await using var rig = await LinkRig.StartAsync(
            transport: new SipTransportOptions { UdpSegmentsMax = segmentsMax });
        using var hop = new UdpClientSide();
        rig.Route = LinkRig.At(SipTransportKind.Udp, hop.Address) with { RequestUri = null };
        var sources = new Dictionary<string, LinkRig.Source>();
        rig.Links.BeginBatch();
        for (var i = 0; i < Participants; i++)
        {
            // Names of 1 to 100 characters: some differ by less than what is padded, some by more.
            var name = $"sip:{new string('p', i % 10 * 10)}{i}@example.org";
            var source = sources[name] = new LinkRig.Source(LinkRig.Body(i % 7));
            rig.Links.Open(LinkRig.Conference, ParticipantUri.Parse(name)).Offer(source);
        }

        rig.Links.EndBatch();

        for (var i = 0; i < Participants; i++)
        {
            var message = await hop.ReceiveAsync();
            var to = ToPattern().Match(message).Groups[1].Value;
            var body = message[(message.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
            var length = int.Parse(LengthPattern().Match(message).Groups[1].Value, CultureInfo.InvariantCulture);
            Assert.Equal((length, length), (body.Length, body.Count(c => c == 'x')));
            Assert.Matches(MaxForwardsPattern(), message);
            await hop.AnswerAsync(message);
            Assert.Equal(DeliveryOutcome.Delivered, (await sources[to].ResultAsync()).Outcome);
        }

        Assert.False(hop.HasMore);
    }

    [Fact]
    public async Task Batch_ThatTheNetworkRefuses_IsTriedLater()
    {
        await using var rig = await LinkRig.StartAsync();
        // Broadcast without SO_BROADCAST: the kernel says no to the batch and to each of it.
        rig.Route = LinkRig.At(SipTransportKind.Udp, new IPEndPoint(IPAddress.Broadcast, 9));
        var sources = Enumerable.Range(0, 10).Select(_ => new LinkRig.Source(LinkRig.Body(5))).ToArray();
        rig.Links.BeginBatch();
        for (var i = 0; i < sources.Length; i++)
            rig.Links.Open(LinkRig.Conference, ParticipantUri.Parse($"sip:p{i}@example.org")).Offer(sources[i]);
        rig.Links.EndBatch();

        foreach (var source in sources)
            Assert.Equal(new DeliveryResult(DeliveryOutcome.TryLater, 0, null), await source.ResultAsync());
        Assert.Equal(0, rig.Slots.InFlight);
    }

    [Fact]
    public void Flush_WithAFault_DoesTheRestAndTellsOfIt()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var sender = new UdpSender(socket, (IPEndPoint)socket.LocalEndPoint!, 1);
        var refused = new IPEndPoint(IPAddress.Broadcast, 9).Serialize();

        // Without a path to be told of it, what the network refuses is a fault: twice.
        SendBatch.Datagrams.Add(sender, refused, 100, path: null!, default);
        SendBatch.Datagrams.Add(sender, refused, 100, path: null!, default);

        Assert.Throws<NullReferenceException>(SendBatch.FlushUnlessOpen);
        Assert.False(SendBatch.Datagrams.HasWork);
        SendBatch.FlushUnlessOpen();
    }

    [Fact]
    public void Run_InAPause_GoesOneByOne_AndInSegmentsAgainAfterIt()
    {
        if (!SocketMessage.IsKnown) return;
        using var receiver = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        receiver.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var sender = new UdpSender(socket, (IPEndPoint)socket.LocalEndPoint!, 32);
        var to = receiver.LocalEndPoint!.Serialize();
        var run = new DatagramRun();

        sender.PauseSegments();
        for (var i = 0; i < UdpSender.PauseAfterRefusal; i++)
        {
            run.Add(sender, to, 100, path: null!, default);
            run.Add(sender, to, 100, path: null!, default);
            run.Send();
        }

        Assert.True(sender.TrySendSegments(new byte[200], 100, to, out _));
    }

    [GeneratedRegex("\r\nTo: <([^>]*)>")]
    private static partial Regex ToPattern();

    [GeneratedRegex("\r\nContent-Length: ([0-9]+)\r\n")]
    private static partial Regex LengthPattern();

    [GeneratedRegex("\r\nMax-Forwards: +70\r\n")]
    private static partial Regex MaxForwardsPattern();
}
