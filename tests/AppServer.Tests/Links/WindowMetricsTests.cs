using System.Text;
using AppServer.Links;
using Conference.Actors.Ports;
using Xunit;

namespace AppServer.Tests.Links;

public sealed class WindowMetricsTests
{
    [Fact]
    public async Task Read_SetsWhatTheWindowsAreLike_ByKindOfHop()
    {
        await using var rig = await LinkRig.StartAsync(new LinkOptions { StreamOutstandingMax = 1_234 });
        WindowMetrics.Read(rig.Links);

        var text = await CollectAsync();

        Assert.Contains("conference_as_link_window_limit{hop=\"stream\"} 1234\n", text, StringComparison.Ordinal);
        Assert.Contains("conference_as_link_window_places{hop=\"udp\"} 0\n", text, StringComparison.Ordinal);
        Assert.Contains(
            "conference_as_link_window_waiting{hop=\"udp\",priority=\"high\"} 0\n", text, StringComparison.Ordinal);
        Assert.Contains(
            "conference_as_link_window_changes_total{hop=\"udp\",reason=\"late\"}", text, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryPriority_HasALabel() =>
        Assert.All(Enum.GetValues<DeliveryPriority>(), priority => Assert.NotEmpty(WindowMetrics.Label(priority)));

    private static async Task<string> CollectAsync()
    {
        using var stream = new MemoryStream();
        await Prometheus.Metrics.DefaultRegistry.CollectAndExportAsTextAsync(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
