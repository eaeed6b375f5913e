using Prometheus;

namespace Conference.Actors.Focus;

/// <summary>What the conferences of this node count. Labels are bounded: actions, outcomes and reasons are closed.
/// </summary>
public static class FocusMetrics
{
    private static readonly double[] Seconds =
        [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2];

    internal static readonly Counter Commands = Metrics.CreateCounter(
        "conference_as_focus_commands_total", "Commands by action and outcome (accepted, or the refusal's name)",
        "action", "outcome");

    internal static readonly Counter Events = Metrics.CreateCounter(
        "conference_as_focus_events_total", "Events stored");

    internal static readonly Histogram AppendEvents = Metrics.CreateHistogram(
        "conference_as_focus_append_events", "Events stored in one append",
        new HistogramConfiguration { Buckets = [1, 2, 4, 8, 16, 32, 64, 128, 256] });

    internal static readonly Histogram AppendSeconds = Metrics.CreateHistogram(
        "conference_as_focus_append_seconds", "Time of one append, pages of it included",
        new HistogramConfiguration { Buckets = Seconds });

    internal static readonly Counter AppendFailures = Metrics.CreateCounter(
        "conference_as_focus_append_failures_total", "Appends that did not become durable, by reason", "reason");

    internal static readonly Gauge Active = Metrics.CreateGauge(
        "conference_as_focus_conferences_active", "Conferences in memory on this node");

    internal static readonly Counter Restores = Metrics.CreateCounter(
        "conference_as_focus_restores_total", "Conferences read from the store, by outcome", "outcome");

    internal static readonly Histogram RestoreSeconds = Metrics.CreateHistogram(
        "conference_as_focus_restore_seconds", "Time to read one conference from the store",
        new HistogramConfiguration { Buckets = Seconds });

    internal static readonly Counter Checkpoints = Metrics.CreateCounter(
        "conference_as_focus_checkpoints_total", "Checkpoints by outcome", "outcome");

    internal static readonly Counter Passivations = Metrics.CreateCounter(
        "conference_as_focus_passivations_total", "Conferences put away to save memory");

    internal static readonly Counter AwaitedTurns = Metrics.CreateCounter(
        "conference_as_focus_awaited_turns_total", "Turns that waited for a page, by outcome", "outcome");

    internal static readonly Gauge PartBytes = Metrics.CreateGauge(
        "conference_as_focus_part_bytes", "Bytes of page parts kept until their page is whole");

    internal static readonly Counter PartsDropped = Metrics.CreateCounter(
        "conference_as_focus_part_pages_dropped_total", "Pages in parts that never became whole, by reason", "reason");

    internal static readonly Counter Saves = Metrics.CreateCounter(
        "conference_as_focus_saves_total", "Saved files by outcome", "outcome");

    internal static readonly Counter GatewayTimeouts = Metrics.CreateCounter(
        "conference_as_focus_gateway_timeouts_total", "Commands that a conference did not answer in time");

    internal static readonly Counter GatewayRetries = Metrics.CreateCounter(
        "conference_as_focus_gateway_retries_total", "Commands sent again because their conference was moving");

    /// <summary>Conferences put away since the start, and in memory now.</summary>
    public static (long PutAway, long Awake) Conferences => ((long)Passivations.Value, (long)Active.Value);

    /// <summary>Counts one outcome.</summary>
    internal static void Count(Protocol.Requests.RequestAction action, CommandOutcome outcome) =>
        Commands.WithLabels(
            action.GetType().Name,
            outcome is CommandOutcome.Refused refused ? RefuseReasons.Describe(refused.Reason).Label : "accepted")
            .Inc();
}
