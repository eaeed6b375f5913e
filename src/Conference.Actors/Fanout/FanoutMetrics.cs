using Conference.Actors.Ports;
using Prometheus;

namespace Conference.Actors.Fanout;

/// <summary>Instruments of the fan-out.</summary>
internal static class FanoutMetrics
{
    private static readonly Counter DeliveriesByOutcome = Metrics.CreateCounter(
        "conference_as_fanout_deliveries_total", "MESSAGEs to participants that ended, by outcome.", "outcome");

    private static readonly Counter.Child[] DeliveryChildren =
        [.. Enum.GetValues<DeliveryOutcome>().Select(o => DeliveriesByOutcome.WithLabels(Label(o)))];

    private static readonly Counter DroppedByReason = Metrics.CreateCounter(
        "conference_as_fanout_dropped_total", "What was not sent although somebody was meant to get it, by reason.",
        "reason");

    internal static readonly Counter.Child DirectedOverflow = DroppedByReason.WithLabels("directed_overflow");
    internal static readonly Counter.Child DirectedTooLarge = DroppedByReason.WithLabels("directed_too_large");
    internal static readonly Counter.Child BodyFailures = DroppedByReason.WithLabels("body_failed");
    internal static readonly Counter.Child PointerOverflow = DroppedByReason.WithLabels("pointer_overflow");
    internal static readonly Counter.Child PageContentMissing = DroppedByReason.WithLabels("page_content_missing");
    internal static readonly Counter.Child PageNoForm = DroppedByReason.WithLabels("page_no_form");
    internal static readonly Counter.Child WaitingOverflow = DroppedByReason.WithLabels("waiting_overflow");

    internal static readonly Gauge Parked = Metrics.CreateGauge(
        "conference_as_fanout_parked_participants", "Participants that are not delivered to until they are back.");

    internal static readonly Gauge Recipients = Metrics.CreateGauge(
        "conference_as_fanout_participants", "Participants of the conferences that are awake on this node.");

    internal static readonly Counter Events = Metrics.CreateCounter(
        "conference_as_fanout_events_total", "Events handed to the fan-out.");

    internal static readonly Counter EventsDelivered = Metrics.CreateCounter(
        "conference_as_fanout_events_delivered_total", "Events times participants that confirmed them.");

    internal static readonly Counter Snapshots = Metrics.CreateCounter(
        "conference_as_fanout_snapshots_total", "Snapshots that a participant confirmed.");

    internal static readonly Counter PagesByForm = Metrics.CreateCounter(
        "conference_as_fanout_pages_total", "Page contents that a participant confirmed, by form.", "form");

    internal static readonly Counter BodiesByReference = Metrics.CreateCounter(
        "conference_as_fanout_bodies_by_reference_total", "Bodies too large for a path that were sent as a reference.");

    internal static readonly Counter Retries = Metrics.CreateCounter(
        "conference_as_fanout_retries_total", "Deliveries tried again after a pause.");

    internal static readonly Counter RetryAfterCut = Metrics.CreateCounter(
        "conference_as_fanout_retry_after_cut_total", "Retry-After values above RetryAfterMax.");

    internal static readonly Histogram DeliverySeconds = Metrics.CreateHistogram(
        "conference_as_fanout_delivery_seconds",
        "From the event being durable to its confirmation by one participant, of each message's newest event.",
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.001, 2, DeliveryTally.Bounds) });

    /// <summary>What each delivery counts; the instruments above get it when they are read.</summary>
    internal static readonly DeliveryTally Tally = new();

    internal static readonly Histogram TurnWaitSeconds = Metrics.CreateHistogram(
        "conference_as_fanout_turn_wait_seconds",
        "From a conference having something to send to its turn at a worker.",
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.0001, 4, 9) });

    internal static readonly Gauge ConferencesBehind = Metrics.CreateGauge(
        "conference_as_fanout_conferences_behind",
        "Conferences whose events come faster than most of their members can be sent them.");

    internal static readonly Counter CursorsStored = Metrics.CreateCounter(
        "conference_as_fanout_cursors_stored_total", "Cursors written to the store.");

    internal static readonly Counter CursorWriteFailures = Metrics.CreateCounter(
        "conference_as_fanout_cursor_write_failures_total", "Cursor writes that failed and are tried again.");

    static FanoutMetrics() => Metrics.DefaultRegistry.AddBeforeCollectCallback(AddTally);

    internal static Counter.Child Deliveries(DeliveryOutcome outcome) => DeliveryChildren[(int)outcome];

    private static void AddTally()
    {
        var counts = Tally.Take();
        foreach (var outcome in Enum.GetValues<DeliveryOutcome>()) Deliveries(outcome).Inc(counts.Of(outcome));
        EventsDelivered.Inc(counts.Events);
        for (var bin = 0; bin <= DeliveryTally.Bounds; bin++)
        {
            var (count, meanSeconds) = counts.Bin(bin);
            if (count > 0) DeliverySeconds.Observe(meanSeconds, count);
        }
    }

    private static string Label(DeliveryOutcome outcome) => outcome switch
    {
        DeliveryOutcome.Delivered => "delivered",
        DeliveryOutcome.TryLater => "try_later",
        DeliveryOutcome.TooLarge => "too_large",
        DeliveryOutcome.TypeRefused => "type_refused",
        DeliveryOutcome.Refused => "refused",
        DeliveryOutcome.NoContact => "no_contact",
        _ => throw new System.Diagnostics.UnreachableException($"No label for {outcome}"),
    };
}
