using System.Net;
using System.Net.Sockets;
using System.Text;
using AppServer.Links;
using Conference.Actors.Ports;
using Conference.Protocol;
using Sip.Stack.Transport;
using Xunit;

namespace AppServer.Tests.Links;

public sealed class ParticipantPathTests
{
    [Fact]
    public async Task Datagram_Answered_IsDelivered()
    {
        await using var rig = await LinkRig.StartAsync();
        using var client = new UdpClientSide();
        rig.Route = LinkRig.At(SipTransportKind.Udp, client.Address);
        var source = new LinkRig.Source(LinkRig.Body(100));

        Open(rig).Offer(source);
        await client.AnswerAsync(await client.ReceiveAsync());

        Assert.Equal(new DeliveryResult(DeliveryOutcome.Delivered, 200, null), await source.ResultAsync());
        Assert.Equal(0, rig.Slots.InFlight);
    }

    [Fact]
    public async Task Datagram_NotAnswered_IsSentAgainAndThenTimesOut()
    {
        await using var rig = await LinkRig.StartAsync();
        using var client = new UdpClientSide();
        rig.Route = LinkRig.At(SipTransportKind.Udp, client.Address);
        var source = new LinkRig.Source(LinkRig.Body(100));
        Open(rig).Offer(source);
        var first = await client.ReceiveAsync();

        rig.Time.Advance(TimeSpan.FromMilliseconds(520)); // Timer E.
        Assert.Equal(first, await client.ReceiveAsync());
        for (var second = 0; second < 33; second++) rig.Time.Advance(TimeSpan.FromSeconds(1)); // Timer F.

        Assert.Equal(new DeliveryResult(DeliveryOutcome.TryLater, 408, null), await source.ResultAsync());
    }

    [Fact]
    public async Task TwoConferences_OneParticipant_OneMessageAtATime()
    {
        await using var rig = await LinkRig.StartAsync();
        using var client = new UdpClientSide();
        rig.Route = LinkRig.At(SipTransportKind.Udp, client.Address);
        var (one, other) = (new LinkRig.Source(LinkRig.Body(10)), new LinkRig.Source(LinkRig.Body(20)));
        Open(rig).Offer(one);
        Open(rig).Offer(other);
        var first = await client.ReceiveAsync();
        Assert.Equal(1, rig.Slots.InFlight);
        Assert.False(client.HasMore);

        await client.AnswerAsync(first);
        var second = await client.ReceiveAsync();
        await client.AnswerAsync(second);

        Assert.Equal(DeliveryOutcome.Delivered, (await one.ResultAsync()).Outcome);
        Assert.Equal(DeliveryOutcome.Delivered, (await other.ResultAsync()).Outcome);
        Assert.EndsWith(new string('x', 20), second, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LinkClosedAndOpenedAgain_WhileAMessageIsOut_StillOneMessageAtATime()
    {
        await using var rig = await LinkRig.StartAsync();
        using var client = new UdpClientSide();
        rig.Route = LinkRig.At(SipTransportKind.Udp, client.Address);
        var link = Open(rig);
        link.Offer(new LinkRig.Source(LinkRig.Body(10)));
        var first = await client.ReceiveAsync();
        link.Dispose();
        var source = new LinkRig.Source(LinkRig.Body(20));

        Open(rig).Offer(source);
        Assert.Equal(1, rig.Slots.InFlight);
        await client.AnswerAsync(first);
        await client.AnswerAsync(await client.ReceiveAsync());

        Assert.Equal(DeliveryOutcome.Delivered, (await source.ResultAsync()).Outcome);
    }

    [Fact]
    public async Task NoContact_IsSaidAtOnce()
    {
        await using var rig = await LinkRig.StartAsync();
        var source = new LinkRig.Source(LinkRig.Body(10));
        var link = Open(rig);

        link.Offer(source);

        Assert.Equal(DeliveryOutcome.NoContact, (await source.ResultAsync()).Outcome);
        Assert.False(link.Capabilities.HasContact);
    }

    [Fact]
    public async Task LargeBody_ToAUdpContactWithoutTcp_IsTooLarge_AndSmallOnesStillGo()
    {
        await using var rig = await LinkRig.StartAsync();
        using var client = new UdpClientSide();
        rig.Route = LinkRig.At(SipTransportKind.Udp, client.Address);
        var source = new LinkRig.Source(LinkRig.Body(5_000), LinkRig.Body(100));
        var link = Open(rig);
        link.Offer(source);
        Assert.Equal(DeliveryOutcome.TooLarge, (await source.ResultAsync()).Outcome);
        Assert.InRange(link.Capabilities.BodyBytesMax, 500, 1_300);

        link.Offer(source);
        await client.AnswerAsync(await client.ReceiveAsync());

        Assert.Equal(DeliveryOutcome.Delivered, (await source.ResultAsync()).Outcome);
    }

    [Fact]
    public async Task Stream_ThatCloses_FailsWhatIsOutOverItAtOnce()
    {
        await using var rig = await LinkRig.StartAsync();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        rig.Route = LinkRig.At(SipTransportKind.Tcp, listener.LocalEndpoint);
        var source = new LinkRig.Source(LinkRig.Body(5_000), LinkRig.Body(10));
        var link = Open(rig);
        link.Offer(source);
        using (var client = await listener.AcceptTcpClientAsync())
        {
            Assert.NotEqual(0, await client.GetStream().ReadAsync(new byte[10]));
            Assert.False(source.HasResult);
        }

        // No time passes: neither timer F nor a retry is waited for.
        Assert.Equal(new DeliveryResult(DeliveryOutcome.TryLater, 0, null), await source.ResultAsync());
        Assert.Equal(0, rig.Slots.InFlight);

        link.Offer(source);
        using var again = await listener.AcceptTcpClientAsync();
        var answer = LinkRig.OkTo(await ReadMessageAsync(again));
        await again.GetStream().WriteAsync(answer);
        Assert.Equal(DeliveryOutcome.Delivered, (await source.ResultAsync()).Outcome);
    }

    [Fact]
    public async Task Stream_WhoseQueueIsFull_DelaysWhatHasNoRoom_AndFailsNothing()
    {
        const int Participants = 8;
        const int Bytes = 400_000;
        await using var rig = await LinkRig.StartAsync(
            new LinkOptions { StreamBodyBytesMax = Bytes },
            transport: new SipTransportOptions { WriteQueueBytesMax = 1_000_000 });
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        rig.Route = LinkRig.At(SipTransportKind.Tcp, listener.LocalEndpoint);
        var sources = new LinkRig.Source[Participants];
        var before = LinkMetrics.RoomWaits.Value;
        for (var i = 0; i < Participants; i++)
        {
            sources[i] = new LinkRig.Source(LinkRig.Body(Bytes));
            rig.Links.Open(LinkRig.Conference, ParticipantUri.Parse($"sip:p{i}@example.org")).Offer(sources[i]);
        }

        // The hop reads nothing for now: some wait for room in the queue, and nobody was told of a failure.
        using var hop = await listener.AcceptTcpClientAsync();
        while (LinkMetrics.RoomWaits.Value == before) await Task.Yield();
        Assert.DoesNotContain(sources, source => source.HasResult);

        for (var i = 0; i < Participants; i++)
            await hop.GetStream().WriteAsync(LinkRig.OkTo(await ReadMessageAsync(hop, Bytes)));
        foreach (var source in sources)
            Assert.Equal(new DeliveryResult(DeliveryOutcome.Delivered, 200, null), await source.ResultAsync());
    }

    [Fact]
    public async Task Register_FromAnotherContact_GivesUpWhatIsOutToTheOldOne()
    {
        await using var rig = await LinkRig.StartAsync();
        using var gone = new UdpClientSide();
        using var back = new UdpClientSide();
        rig.Route = LinkRig.At(SipTransportKind.Udp, gone.Address);
        var source = new LinkRig.Source(LinkRig.Body(10));
        Open(rig).Offer(source);
        await gone.ReceiveAsync();

        rig.Register(LinkRig.At(SipTransportKind.Udp, back.Address));

        Assert.Equal(new DeliveryResult(DeliveryOutcome.TryLater, 0, null), await source.ResultAsync());
    }

    [Fact]
    public async Task SourceThatThrows_CostsNeitherThePlaceNorTheTurn()
    {
        await using var rig = await LinkRig.StartAsync(new LinkOptions { UdpOutstandingMax = 1 });
        using var client = new UdpClientSide();
        rig.Route = LinkRig.At(SipTransportKind.Udp, client.Address);
        var broken = new LinkRig.Source { Fault = new InvalidOperationException("a bug") };
        Open(rig).Offer(broken);
        Assert.Equal(DeliveryOutcome.TryLater, (await broken.ResultAsync()).Outcome);
        var source = new LinkRig.Source(LinkRig.Body(10));

        Open(rig).Offer(source);
        await client.AnswerAsync(await client.ReceiveAsync());

        Assert.Equal(DeliveryOutcome.Delivered, (await source.ResultAsync()).Outcome);
    }

    [Fact]
    public async Task LateAnswer_GivesThePlaceToOthers()
    {
        await using var rig = await LinkRig.StartAsync(new LinkOptions { UdpOutstandingMax = 1 });
        using var client = new UdpClientSide();
        rig.Route = LinkRig.At(SipTransportKind.Udp, client.Address);
        Open(rig).Offer(new LinkRig.Source(LinkRig.Body(10)));
        await client.ReceiveAsync();
        var other = Conference.Protocol.ParticipantUri.Parse("sip:bob@example.org");
        rig.Links.Open(LinkRig.Conference, other).Offer(new LinkRig.Source(LinkRig.Body(20)));
        Assert.Equal(1, rig.Slots.InFlight);

        rig.Time.Advance(TimeSpan.FromMilliseconds(520)); // Timer E: late.

        Assert.Equal(2, rig.Slots.InFlight);
    }

    private static IParticipantLink Open(LinkRig rig) => rig.Links.Open(LinkRig.Conference, LinkRig.Alice);

    // One message with a body of so many bytes, and nothing of the next one.
    private static async Task<string> ReadMessageAsync(TcpClient from, int bodyBytes)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await from.GetStream().ReadExactlyAsync(one);
            head.Append((char)one[0]);
        }

        await from.GetStream().ReadExactlyAsync(new byte[bodyBytes]);
        return head.ToString();
    }

    private static async Task<string> ReadMessageAsync(TcpClient from)
    {
        var buffer = new byte[64 * 1024];
        var count = 0;
        while (!Encoding.ASCII.GetString(buffer, 0, count).EndsWith('x'))
            count += await from.GetStream().ReadAsync(buffer.AsMemory(count));
        return Encoding.ASCII.GetString(buffer, 0, count);
    }
}
