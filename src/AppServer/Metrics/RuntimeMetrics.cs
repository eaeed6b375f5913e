using System.Globalization;
using Prometheus;

namespace AppServer.Metrics;

/// <summary>What the runtime says about memory and pauses; read when the metrics are scraped.</summary>
internal static class RuntimeMetrics
{
    private static readonly Counter Allocated = Prometheus.Metrics.CreateCounter(
        "conference_as_gc_allocated_bytes_total", "Bytes allocated on the managed heap since the start.");

    private static readonly Counter PauseSeconds = Prometheus.Metrics.CreateCounter(
        "conference_as_gc_pause_seconds_total", "Time that the collector stopped all threads, since the start.");

    private static readonly Gauge HeapBytes = Prometheus.Metrics.CreateGauge(
        "conference_as_gc_heap_bytes", "Managed heap after the last collection.");

    private static readonly Gauge LargeObjectBytes = Prometheus.Metrics.CreateGauge(
        "conference_as_gc_large_object_heap_bytes", "Large-object heap after the last collection.");

    private static readonly Gauge CommittedBytes = Prometheus.Metrics.CreateGauge(
        "conference_as_gc_committed_bytes", "Memory that the collector holds, used or not, after the last collection.");

    private static readonly Counter Collections = Prometheus.Metrics.CreateCounter(
        "conference_as_gc_collections_total", "Collections since the start; an older generation's is also a younger's.",
        "generation");

    private static readonly Histogram PauseDuration = Prometheus.Metrics.CreateHistogram(
        "conference_as_gc_pause_duration_seconds", "How long the collector stopped all threads at a time.",
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.000625, 2, 12) });

    private static readonly Gauge LongestPause = Prometheus.Metrics.CreateGauge(
        "conference_as_gc_longest_pause_seconds", "Longest pause of the collector within the last 30 to 60 seconds.");

    /// <summary>Begins to fill the instruments.</summary>
    internal static void Register()
    {
        var longest = new LongestLately(TimeSpan.FromSeconds(30), TimeProvider.System);
        _ = new GcPauses(pause =>
        {
            PauseDuration.Observe(pause.TotalSeconds);
            longest.Note(pause);
        });
        Prometheus.Metrics.DefaultRegistry.AddBeforeCollectCallback(() =>
        {
            LongestPause.Set(longest.Read().TotalSeconds);
            Collect();
        });
    }

    private static void Collect()
    {
        Allocated.IncTo(GC.GetTotalAllocatedBytes());
        PauseSeconds.IncTo(GC.GetTotalPauseDuration().TotalSeconds);
        for (var i = 0; i <= GC.MaxGeneration; i++)
            Collections.WithLabels(i.ToString(CultureInfo.InvariantCulture)).IncTo(GC.CollectionCount(i));
        var memory = GC.GetGCMemoryInfo();
        CommittedBytes.Set(memory.TotalCommittedBytes);
        HeapBytes.Set(memory.HeapSizeBytes);
        LargeObjectBytes.Set(memory.GenerationInfo[3].SizeAfterBytes);
    }
}
