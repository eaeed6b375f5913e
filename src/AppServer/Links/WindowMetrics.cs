using Conference.Actors.Ports;
using Prometheus;

namespace AppServer.Links;

/// <summary>Instruments of the windows, read when somebody asks: a delivery pays nothing for them.</summary>
/// <remarks>The label <c>hop</c> is what kind of hop: <c>core</c> (all S-CSCFs together), <c>udp</c>, <c>stream</c>.
/// </remarks>
internal static class WindowMetrics
{
    private static readonly Gauge Limit = Prometheus.Metrics.CreateGauge(
        "conference_as_link_window_limit", "MESSAGEs that may be out at a time, by kind of hop.", "hop");

    private static readonly Gauge Places = Prometheus.Metrics.CreateGauge(
        "conference_as_link_window_places", "MESSAGEs that are out and count, by kind of hop.", "hop");

    private static readonly Gauge Waiting = Prometheus.Metrics.CreateGauge(
        "conference_as_link_window_waiting", "Participants that wait for a place, by kind of hop and priority.",
        "hop", "priority");

    private static readonly Counter Changes = Prometheus.Metrics.CreateCounter(
        "conference_as_link_window_changes_total",
        "Changes of limits, by kind of hop and reason: answers (places it grew by), late, busy, delay (it shrank).",
        "hop", "reason");

    private static readonly Counter Overdue = Prometheus.Metrics.CreateCounter(
        "conference_as_link_window_overdue_total",
        "MESSAGEs that stopped to count before their answer came, since others were answered, by kind of hop.", "hop");

    /// <summary>Has the windows of these links read from now on, for as long as the links are in use.</summary>
    internal static void Register(SipLinks links)
    {
        var weak = new WeakReference<SipLinks>(links);
        Prometheus.Metrics.DefaultRegistry.AddBeforeCollectCallback(() =>
        {
            if (weak.TryGetTarget(out var alive)) Read(alive);
        });
    }

    /// <summary>Reads them now.</summary>
    internal static void Read(SipLinks links)
    {
        foreach (var kind in links.DescribeWindows().GroupBy(w => w.Hop, w => w.Window)) Set(kind.Key, [.. kind]);
    }

    private static void Set(string hop, WindowDescription[] windows)
    {
        Limit.WithLabels(hop).Set(windows.Sum(w => w.Limit));
        Places.WithLabels(hop).Set(windows.Sum(w => w.InUse));
        Waiting.WithLabels(hop, Label(DeliveryPriority.High)).Set(windows.Sum(w => w.High));
        Waiting.WithLabels(hop, Label(DeliveryPriority.Normal)).Set(windows.Sum(w => w.Normal));
        Waiting.WithLabels(hop, Label(DeliveryPriority.Low)).Set(windows.Sum(w => w.Low));
        Changes.WithLabels(hop, "answers").IncTo(windows.Sum(w => w.Changes.Grown));
        Changes.WithLabels(hop, "late").IncTo(windows.Sum(w => w.Changes.ShrunkLate));
        Changes.WithLabels(hop, "busy").IncTo(windows.Sum(w => w.Changes.ShrunkBusy));
        Changes.WithLabels(hop, "delay").IncTo(windows.Sum(w => w.Changes.ShrunkDelay));
        Overdue.WithLabels(hop).IncTo(windows.Sum(w => w.Changes.Overdue));
    }

    internal static string Label(DeliveryPriority priority) => priority switch
    {
        DeliveryPriority.High => "high",
        DeliveryPriority.Normal => "normal",
        DeliveryPriority.Low => "low",
        _ => throw new System.Diagnostics.UnreachableException($"No label for {priority}"),
    };
}
