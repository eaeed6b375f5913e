using System.Net;
using System.Net.Sockets;
using AppServer.Configuration;
using AppServer.Links;
using Conference.Actors.Ports;
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

    [Theory]
    [InlineData(ServerMode.Standalone, 0, 1_048_576)]
    [InlineData(ServerMode.Ims, 0, 60_000)]
    [InlineData(ServerMode.Ims, 200_000, 200_000)]
    public void BodyLimit_LeftOut_FollowsTheMode(ServerMode mode, int configured, int expected) =>
        Assert.Equal(expected, new LinkOptions { StreamBodyBytesMax = configured }.For(mode).StreamBodyBytesMax);
}
