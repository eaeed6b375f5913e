using Prometheus;

namespace AppServer.FrontDoor;

/// <summary>What comes in and how it is answered.</summary>
internal static class FrontDoorMetrics
{
    internal static readonly Counter Refusals = Prometheus.Metrics.CreateCounter(
        "conference_as_refusals_total", "Requests refused, by reason.", "reason");

    internal static readonly Counter Accepted = Prometheus.Metrics.CreateCounter(
        "conference_as_requests_accepted_total", "Requests accepted, by kind.", "kind");

    internal static readonly Counter Dropped = Prometheus.Metrics.CreateCounter(
        "conference_as_bodies_dropped_total",
        "Bodies that were acknowledged and not passed on: reports that clients make by themselves.", "type");

    internal static readonly Gauge UnderWay = Prometheus.Metrics.CreateGauge(
        "conference_as_requests_under_way", "Requests that are not answered yet.");

    internal static readonly Histogram AnswerSeconds = Prometheus.Metrics.CreateHistogram(
        "conference_as_answer_seconds", "Time from a MESSAGE to its answer.",
        new HistogramConfiguration { Buckets = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2] });
}
