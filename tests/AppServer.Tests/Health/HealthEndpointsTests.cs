using System.Net;
using AppServer.Configuration;
using AppServer.Lifetime;
using AppServer.Tests.Fakes;
using Xunit;

namespace AppServer.Tests.Health;

public sealed class HealthEndpointsTests
{
    private static readonly Uri Live = new("/healthz/live", UriKind.Relative);
    private static readonly Uri Ready = new("/healthz/ready", UriKind.Relative);
    private static readonly Uri Metrics = new("/metrics", UriKind.Relative);

    [Fact]
    public async Task Ready_FollowsThePhase_LiveDoesNot()
    {
        await using var rig = await HttpRig.StartAsync();
        var client = rig.Client(ProbeListener.Http);
        await ExpectAsync(client, HttpStatusCode.ServiceUnavailable, "not ready: starting\n");
        rig.Status.Enter(ServerPhase.Ready);
        await ExpectAsync(client, HttpStatusCode.OK, "ready\n");
        rig.Status.Enter(ServerPhase.Leaving);
        await ExpectAsync(client, HttpStatusCode.ServiceUnavailable, "not ready: draining\n");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(Live)).StatusCode);
    }

    [Fact]
    public async Task Ready_WithTheStoreAway_SaysSo_LiveStaysYes()
    {
        await using var rig = await HttpRig.StartAsync();
        rig.Status.Enter(ServerPhase.Ready);
        rig.Faults.IsAway = true;
        var client = rig.Client(ProbeListener.Http);
        await ExpectAsync(client, HttpStatusCode.ServiceUnavailable, "not ready: store unreachable\n");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(Live)).StatusCode);
    }

    [Fact]
    public async Task Probes_AreServedWhereTheOptionsSay()
    {
        await using var standard = await HttpRig.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await standard.Client(ProbeListener.Admin).GetAsync(Metrics)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await standard.Client(ProbeListener.Http).GetAsync(Metrics)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await standard.Client(ProbeListener.Admin).GetAsync(Live)).StatusCode);

        await using var other = await HttpRig.StartAsync(options: new AppServerOptions
        {
            Probes = new ProbeOptions { HealthOn = ProbeListener.None, MetricsOn = ProbeListener.Http },
        });
        Assert.Equal(HttpStatusCode.NotFound, (await other.Client(ProbeListener.Http).GetAsync(Live)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await other.Client(ProbeListener.Http).GetAsync(Metrics)).StatusCode);
    }

    [Fact]
    public async Task Metrics_HaveThePrefix_AndEveryDownloadOutcome()
    {
        await using var rig = await HttpRig.StartAsync();
        await rig.Client(ProbeListener.Http).GetAsync(new Uri("/files/x", UriKind.Relative));
        var text = await rig.Client(ProbeListener.Admin).GetStringAsync(Metrics);
        Assert.Contains("conference_as_downloads_total{outcome=\"malformed\"}", text, StringComparison.Ordinal);
    }

    private static async Task ExpectAsync(HttpClient client, HttpStatusCode status, string text)
    {
        var response = await client.GetAsync(Ready);
        Assert.Equal((status, text), (response.StatusCode, await response.Content.ReadAsStringAsync()));
    }
}
