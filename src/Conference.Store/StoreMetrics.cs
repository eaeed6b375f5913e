using Conference.Actors.Ports;
using Prometheus;

namespace Conference.Store;

/// <summary>What the store measures. Labels are bounded: store (sqlite, redis, in_memory) and reason.</summary>
public static class StoreMetrics
{
    /// <summary>From call to answer of an append, waiting included.</summary>
    public static readonly Histogram AppendSeconds = Metrics.CreateHistogram(
        "conference_as_store_append_seconds", "Time of an append, from call to durable.",
        new HistogramConfiguration
        {
            LabelNames = ["store"],
            Buckets = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2],
        });

    /// <summary>Appends by outcome: appended, stale_epoch, revision_conflict, duplicate_event_id.</summary>
    public static readonly Counter Appends = Metrics.CreateCounter(
        "conference_as_store_appends_total", "Appends by outcome.", ["store", "outcome"]);

    /// <summary>Events that one commit made durable; the store's gain by group commit.</summary>
    public static readonly Histogram EventsPerCommit = Metrics.CreateHistogram(
        "conference_as_store_events_per_commit", "Events made durable by one commit.",
        new HistogramConfiguration
        {
            LabelNames = ["store"],
            Buckets = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024],
        });

    /// <summary>Calls that ended with <see cref="StoreUnavailableException"/>.</summary>
    public static readonly Counter Unavailable = Metrics.CreateCounter(
        "conference_as_store_unavailable_total", "Calls that the store could not serve.", ["store", "reason"]);

    /// <summary>Content of blobs written and read.</summary>
    public static readonly Counter BlobBytes = Metrics.CreateCounter(
        "conference_as_store_blob_bytes_total", "Blob content by direction (put, get).", ["store", "direction"]);

    /// <summary>Blobs removed because their lifetime was over.</summary>
    public static readonly Counter BlobsExpired = Metrics.CreateCounter(
        "conference_as_store_blobs_expired_total", "Blobs removed after their lifetime.", ["store"]);

    /// <summary>Calls that wait or are under way.</summary>
    public static readonly Gauge QueueLength = Metrics.CreateGauge(
        "conference_as_store_queue_length", "Calls that wait or are under way, by queue (write, read, blob, calls).",
        ["store", "queue"]);

    /// <summary>Makes the exception and counts it.</summary>
    internal static StoreUnavailableException Refuse(
        string store, StoreFault fault, string message, Exception? inner = null)
    {
        Unavailable.WithLabels(store, Label(fault)).Inc();
        return inner is null
            ? new StoreUnavailableException(message)
            : new StoreUnavailableException($"{message}: {inner.Message}", inner);
    }

    internal static string Label(AppendOutcome outcome) => outcome switch
    {
        AppendOutcome.Appended => "appended",
        AppendOutcome.StaleEpoch => "stale_epoch",
        AppendOutcome.RevisionConflict => "revision_conflict",
        AppendOutcome.DuplicateEventId => "duplicate_event_id",
        _ => throw new System.Diagnostics.UnreachableException($"No label for {outcome}"),
    };

    internal static string Label(StoreFault fault) => fault switch
    {
        StoreFault.Timeout => "time_out",
        StoreFault.QueueFull => "queue_full",
        StoreFault.Stuck => "stuck",
        StoreFault.DiskFull => "disk_full",
        StoreFault.InputOutput => "input_output",
        StoreFault.Damaged => "damaged",
        StoreFault.Disconnected => "disconnected",
        StoreFault.BreakerOpen => "breaker_open",
        StoreFault.MemoryFull => "memory_full",
        StoreFault.ServerRefused => "server_refused",
        StoreFault.NotReplicated => "not_replicated",
        StoreFault.Closed => "closed",
        StoreFault.Injected => "injected",
        _ => throw new System.Diagnostics.UnreachableException($"No label for {fault}"),
    };
}
