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

    /// <summary>Begins to fill the instruments.</summary>
    internal static void Register() => Prometheus.Metrics.DefaultRegistry.AddBeforeCollectCallback(() =>
    {
        Allocated.IncTo(GC.GetTotalAllocatedBytes());
        PauseSeconds.IncTo(GC.GetTotalPauseDuration().TotalSeconds);
        var memory = GC.GetGCMemoryInfo();
        HeapBytes.Set(memory.HeapSizeBytes);
        LargeObjectBytes.Set(memory.GenerationInfo[3].SizeAfterBytes);
    });
}
