using System.Collections.Immutable;
using AppServer.Configuration;

namespace AppServer.Lifetime;

/// <summary>Waits until what is under way is done, or the deadline passes.</summary>
public sealed class Drain
{
    // Deliveries settle in milliseconds; a poll every 20 ms is neither late nor load.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly LifetimeOptions _options;
    private readonly ServerStatus _status;
    private readonly ImmutableArray<IDrainable> _parts;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <summary>Puts it together.</summary>
    public Drain(
        LifetimeOptions options, ServerStatus status, IEnumerable<IDrainable> parts, TimeProvider time,
        ILogger<Drain> logger)
    {
        _options = options;
        _status = status;
        _parts = [.. parts];
        _time = time;
        _logger = logger;
    }

    /// <summary>Goes from serving to drained: readiness off, a pause for balancers, no new requests, wait.</summary>
    /// <param name="refuseNew">Called when new requests are to be refused.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>Names of what had not settled at the deadline; empty when all had.</returns>
    public async Task<ImmutableArray<string>> RunAsync(Action refuseNew, CancellationToken cancel)
    {
        LifetimeLog.Draining(_logger, _options.DrainDeadline.TotalSeconds);
        _status.Enter(ServerPhase.Leaving);
        if (_options.DrainDelay > TimeSpan.Zero) await Task.Delay(_options.DrainDelay, _time, cancel);
        _status.Enter(ServerPhase.Draining);
        refuseNew();

        var started = _time.GetTimestamp();
        while (true)
        {
            var unsettled = _parts.Where(part => !part.IsSettled).Select(part => part.Name).ToImmutableArray();
            if (unsettled.IsEmpty)
            {
                LifetimeLog.Drained(_logger);
                return [];
            }

            if (_time.GetElapsedTime(started) >= _options.DrainDeadline)
            {
                LifetimeLog.DrainDeadline(_logger, string.Join(", ", unsettled));
                return unsettled;
            }

            foreach (var part in _parts) await HurryAsync(part, started, cancel);
            await Task.Delay(Interval, _time, cancel);
        }
    }

    // A store that hangs must not hold the end beyond the deadline.
    private async Task HurryAsync(IDrainable part, long started, CancellationToken cancel)
    {
        var left = _options.DrainDeadline - _time.GetElapsedTime(started);
        if (left <= TimeSpan.Zero) return;
        try
        {
            await part.HurryAsync().WaitAsync(left, _time, cancel);
        }
        catch (TimeoutException)
        {
            // The loop says at the deadline what has not settled.
        }
    }
}
