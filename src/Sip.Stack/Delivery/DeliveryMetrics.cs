using Prometheus;

namespace Sip.Stack.Delivery;

/// <summary>Instruments of the fan-out's client transactions.</summary>
internal static class DeliveryMetrics
{
    private static readonly Counter Dropped = Metrics.CreateCounter(
        "conference_as_delivery_responses_dropped_total",
        "Responses to fan-out requests that changed nothing, by reason.",
        "reason");

    internal static readonly Counter.Child ResponsesForged = Dropped.WithLabels("forged");

    internal static readonly Counter.Child ResponsesLate = Dropped.WithLabels("late");

    internal static readonly Counter Retransmissions = Metrics.CreateCounter(
        "conference_as_delivery_retransmissions_total", "Fan-out requests sent again by timer E.");

    internal static readonly Counter Timeouts = Metrics.CreateCounter(
        "conference_as_delivery_timeouts_total", "Fan-out requests without a final response until timer F.");

    internal static readonly Counter SlotsExhausted = Metrics.CreateCounter(
        "conference_as_delivery_slots_exhausted_total", "Requests not started because InFlightMax was reached.");
}
