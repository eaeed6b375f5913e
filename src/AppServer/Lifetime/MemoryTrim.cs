using System.Runtime;
using AppServer.Configuration;
using Prometheus;

namespace AppServer.Lifetime;

/// <summary>Gives memory back to the system when many conferences have gone to sleep.</summary>
/// <remarks>
/// The collector runs when something is allocated. A server whose conferences all sleep allocates next to nothing, so
/// what they left behind, and the provisioning that made them, would stay resident for hours. Nothing waits for the
/// pause: as many conferences as are awake, or more, have left (<see cref="TrimRule"/>).
/// </remarks>
public sealed class MemoryTrim : BackgroundService
{
    internal static readonly Counter Trims = Prometheus.Metrics.CreateCounter(
        "conference_as_memory_trims_total", "Times that memory was given back after many conferences went to sleep.");

    private readonly TimeSpan _interval;
    private readonly TrimRule _rule;
    private readonly Func<(long PutAway, long Awake)> _conferences;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <param name="options">How often it looks, and how many conferences are worth it.</param>
    /// <param name="conferences">Put away since the start, and in memory now.</param>
    /// <param name="time">Clock.</param>
    /// <param name="logger">What was given back.</param>
    public MemoryTrim(
        LifetimeOptions options, Func<(long PutAway, long Awake)> conferences, TimeProvider time,
        ILogger<MemoryTrim> logger)
    {
        _interval = options.TrimInterval;
        _rule = new TrimRule(options.TrimAfterConferences);
        _conferences = conferences;
        _time = time;
        _logger = logger;
    }

    /// <summary>Looks once, and gives back what there is when it is time.</summary>
    internal void Look()
    {
        var (putAway, awake) = _conferences();
        if (_rule.IsDue(putAway, awake)) Trim();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_interval == TimeSpan.Zero) return;
        using var timer = new PeriodicTimer(_interval, _time);
        do Look();
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Trim()
    {
        var before = Environment.WorkingSet;
        var started = _time.GetTimestamp();
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        Trims.Inc();
        LifetimeLog.Trimmed(
            _logger, before >> 20, Environment.WorkingSet >> 20, _time.GetElapsedTime(started).TotalMilliseconds);
    }
}
