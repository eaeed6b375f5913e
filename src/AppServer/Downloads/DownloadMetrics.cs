using Prometheus;

namespace AppServer.Downloads;

/// <summary>What is downloaded, and what is not.</summary>
internal static class DownloadMetrics
{
    internal static readonly Counter Downloads = Prometheus.Metrics.CreateCounter(
        "conference_as_downloads_total", "Downloads by outcome.", "outcome");

    internal static readonly Counter Bytes = Prometheus.Metrics.CreateCounter(
        "conference_as_download_bytes_total", "Bytes of content handed out, before ranges.");

    static DownloadMetrics()
    {
        foreach (var outcome in Enum.GetValues<DownloadOutcome>())
            Downloads.WithLabels(DownloadOutcomes.Describe(outcome).Label);
    }
}
