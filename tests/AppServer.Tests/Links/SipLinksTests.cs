using System.Net;
using System.Net.Sockets;
using AppServer.Configuration;
using AppServer.Links;
using Conference.Actors.Ports;
using Conference.Protocol;
using Sip.Stack.Transport;
using Xunit;

namespace AppServer.Tests.Links;

public sealed class SipLinksTests
{
    [Theory]
    [InlineData(80_000, DeliveryOutcome.TooLarge)]
    [InlineData(2_000, DeliveryOutcome.TryLater)]
    public async Task Stream_ClosedByTheCoreUnanswered_EndsTheDeliveryAtOnce(int bytes, DeliveryOutcome expected)
    {
        using var core = new TcpListener(IPAddress.Loopback, 0);
        core.Start();
        await using var rig = await LinkRig.StartAsync(mode: ServerMode.Ims);
        rig.Route = LinkRig.At(SipTransportKind.Udp, core.LocalEndpoint) with
        {
            RequestUri = null,
            RouteSet = [$"<sip:{core.LocalEndpoint};lr>"],
            AssertsIdentity = true,
        };
        using var link = rig.Links.Open(LinkRig.Conference, LinkRig.Alice);
        var source = new LinkRig.Source(LinkRig.Body(bytes));

        link.Offer(source);
        using (var stream = await core.AcceptTcpClientAsync())
        {
            Assert.NotEqual(0, await stream.GetStream().ReadAsync(new byte[1_000]));
        }

        Assert.Equal(expected, (await source.ResultAsync()).Outcome);
    }

    [Fact]
    public async Task Raise_OfAConference_PutsThoseOfItWhoWaitBeforeOthers()
    {
        await using var rig = await LinkRig.StartAsync(new LinkOptions { UdpOutstandingMax = 1 });
        using var client = new UdpClientSide();
        rig.Route = LinkRig.At(SipTransportKind.Udp, client.Address);
        var other = ConferenceUri.Parse("sip:conf-2@conf.example");
        rig.Links.Open(LinkRig.Conference, Member(1)).Offer(new LinkRig.Source(LinkRig.Body(10)));
        rig.Links.Open(LinkRig.Conference, Member(2)).Offer(new LinkRig.Source(LinkRig.Body(10)));
        rig.Links.Open(other, Member(3)).Offer(new LinkRig.Source(LinkRig.Body(10)));
        rig.Links.Open(LinkRig.Conference, Member(4))
            .Offer(new LinkRig.Source(LinkRig.Body(10)) { Priority = DeliveryPriority.High });

        rig.Links.Raise(other, DeliveryPriority.High);
        rig.Links.Raise(ConferenceUri.Parse("sip:asleep@conf.example"), DeliveryPriority.High); // Nobody knows it.

        foreach (var expected in new[] { 1, 4, 3, 2 })
        {
            var request = await client.ReceiveAsync();
            Assert.Contains($"To: <{Member(expected)}>", request, StringComparison.Ordinal);
            await client.AnswerAsync(request);
        }
    }

    [Fact]
    public async Task Participant_ThatWaitsAndHasNothingToGetAnyMore_CostsNobodyAPlace()
    {
        await using var rig = await LinkRig.StartAsync(new LinkOptions { UdpOutstandingMax = 1 });
        using var client = new UdpClientSide();
        rig.Route = LinkRig.At(SipTransportKind.Udp, client.Address);
        rig.Links.Open(LinkRig.Conference, Member(1)).Offer(new LinkRig.Source(LinkRig.Body(10)));
        var leaver = rig.Links.Open(LinkRig.Conference, Member(2));
        leaver.Offer(new LinkRig.Source());
        var last = new LinkRig.Source(LinkRig.Body(20));
        rig.Links.Open(LinkRig.Conference, Member(3)).Offer(last);

        leaver.Dispose();
        await client.AnswerAsync(await client.ReceiveAsync());
        await client.AnswerAsync(await client.ReceiveAsync());

        Assert.Equal(DeliveryOutcome.Delivered, (await last.ResultAsync()).Outcome);
        await UntilAsync(() => InUse(rig, "udp") == (0, 1)); // Given back after the outcome was told.
    }

    [Fact]
    public async Task Core_ThatAnswers_IsSentMoreAtATime_UpToTheMaximum()
    {
        await using var rig = await LinkRig.StartAsync(
            new LinkOptions { CoreOutstandingMin = 1, CoreOutstandingMax = 3 }, ServerMode.Ims);
        using var core = new UdpClientSide();
        rig.Route = LinkRig.At(SipTransportKind.Udp, core.Address) with { RequestUri = null, AssertsIdentity = true };
        var sources = Enumerable.Range(0, 9).Select(_ => new LinkRig.Source(LinkRig.Body(10))).ToList();
        foreach (var (number, source) in sources.Index())
            rig.Links.Open(LinkRig.Conference, Member(number)).Offer(source);
        Assert.Equal((1, 1), InUse(rig, "core"));

        await core.AnswerAsync(await core.ReceiveAsync());
        await sources[0].ResultAsync();
        var two = (await core.ReceiveAsync(), await core.ReceiveAsync());
        Assert.Equal((2, 2), InUse(rig, "core"));
        await core.AnswerAsync(two.Item1);
        await core.AnswerAsync(two.Item2);
        for (var i = 3; i < 9; i++) await core.AnswerAsync(await core.ReceiveAsync());
        foreach (var source in sources.Skip(1))
            Assert.Equal(DeliveryOutcome.Delivered, (await source.ResultAsync()).Outcome);

        Assert.Equal(3, InUse(rig, "core").Limit);
        Assert.Equal((0, 10), InUse(rig, "udp") with { Limit = 10 });
    }

    [Fact]
    public void Bounds_OfAConfigurationOfBefore_KeepTheMaximumThatItNames()
    {
        var options = new LinkOptions { CoreOutstandingMax = 5, UdpOutstandingMax = 100 };

        Assert.Equal(5, new AdaptiveLimit(options.CoreBounds).Current);
        Assert.Equal(100, new AdaptiveLimit(options.UdpBounds).Current);
        Assert.True(new AdaptiveLimit(options.StreamBounds).IsFixed);
    }

    [Fact]
    public async Task Windows_OfCoresThatAreGone_AreForgotten_WhatTheyCountedIsNot()
    {
        await using var rig = await LinkRig.StartAsync(
            new LinkOptions { CoreOutstandingMin = 1, CoreOutstandingMax = 3 }, ServerMode.Ims);
        using var core = new UdpClientSide();
        var flows = new ConferenceFlows();
        rig.Route = LinkRig.At(SipTransportKind.Udp, core.Address) with { RequestUri = null, AssertsIdentity = true };
        var sources = Enumerable.Range(0, 3).Select(_ => new LinkRig.Source(LinkRig.Body(10))).ToList();
        foreach (var (number, source) in sources.Index())
            rig.Links.Open(LinkRig.Conference, Member(number)).Offer(source);
        foreach (var source in sources) await core.AnswerAsync(await core.ReceiveAsync());
        foreach (var source in sources) await source.ResultAsync();
        await UntilAsync(() => InUse(rig, "core").InUse == 0);
        var grown = Grown(rig);
        Assert.NotEqual(0, grown);

        for (var port = 1; port <= 40; port++)
        {
            var route = rig.Route with { Destination = new(SipTransportKind.Udp, new(IPAddress.Loopback, port)) };
            flows.For(rig.Links.WindowFor(route));
        }

        Assert.InRange(rig.Links.DescribeWindows().Count(w => w.Hop == "core"), 1, 18);
        Assert.InRange(flows.Count, 1, 18);
        Assert.Equal(grown, Grown(rig));
    }

    [Theory]
    [InlineData(ServerMode.Standalone, 0, 1_048_576)]
    [InlineData(ServerMode.Ims, 0, 60_000)]
    [InlineData(ServerMode.Ims, 200_000, 200_000)]
    public void BodyLimit_LeftOut_FollowsTheMode(ServerMode mode, int configured, int expected) =>
        Assert.Equal(expected, new LinkOptions { StreamBodyBytesMax = configured }.For(mode).StreamBodyBytesMax);

    private static ParticipantUri Member(int number) => ParticipantUri.Parse($"sip:member{number}@example.org");

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(LinkRig.Patience);
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static long Grown(LinkRig rig) =>
        rig.Links.DescribeWindows().Where(w => w.Hop == "core").Sum(w => w.Window.Changes.Grown);

    // Read until the answer that was sent last has been taken in.
    private static (int InUse, int Limit) InUse(LinkRig rig, string hop)
    {
        var window = rig.Links.DescribeWindows().Single(w => w.Hop == hop).Window;
        return (window.InUse, window.Limit);
    }
}
