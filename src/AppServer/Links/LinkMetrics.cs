using Prometheus;

namespace AppServer.Links;

/// <summary>Instruments of the outbound paths.</summary>
internal static class LinkMetrics
{
    internal static readonly Counter StreamsLost = Prometheus.Metrics.CreateCounter(
        "conference_as_link_stream_lost_total", "MESSAGEs given up because the stream they were out over ended.");

    internal static readonly Counter RoomWaits = Prometheus.Metrics.CreateCounter(
        "conference_as_link_room_waits_total", "MESSAGEs that waited until the write queue of their stream had room.");

    internal static readonly Counter Faults = Prometheus.Metrics.CreateCounter(
        "conference_as_link_faults_total", "MESSAGEs that failed by a bug of ours; the log has it.");
}
