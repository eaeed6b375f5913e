using AppServer.Configuration;
using AppServer.Lifetime;
using Conference.Actors.Ports;

namespace AppServer.Health;

/// <summary>The probes. Live: this process answers, and nothing else is asked (R12). Ready: send requests here.
/// </summary>
internal static class HealthEndpoints
{
    /// <summary>Adds <c>/healthz/live</c> and <c>/healthz/ready</c>.</summary>
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz/live", () => Results.Text("live\n"));
        routes.MapGet("/healthz/ready", ReadyAsync);
    }

    private static async Task<IResult> ReadyAsync(
        HttpContext context, ServerStatus status, IConferenceStore store, ProbeOptions options, TimeProvider time)
    {
        var reason = status.Phase switch
        {
            ServerPhase.Starting => "starting",
            ServerPhase.Ready => await StoreReasonAsync(store, options, time, context.RequestAborted),
            _ => "draining",
        };
        HealthMetrics.Ready.Set(reason is null ? 1 : 0);
        return reason is null ? Results.Text("ready\n") : Results.Text($"not ready: {reason}\n", statusCode: 503);
    }

    private static async Task<string?> StoreReasonAsync(
        IConferenceStore store, ProbeOptions options, TimeProvider time, CancellationToken cancel)
    {
        try
        {
            var asked = store.IsReachableAsync(cancel).AsTask();
            return await asked.WaitAsync(options.StoreTimeout, time, cancel) ? null : "store unreachable";
        }
        catch (TimeoutException)
        {
            return "store too slow";
        }
        catch (StoreUnavailableException)
        {
            return "store unreachable";
        }
    }
}

/// <summary>The last answer of the readiness probe.</summary>
internal static class HealthMetrics
{
    internal static readonly Prometheus.Gauge Ready = Prometheus.Metrics.CreateGauge(
        "conference_as_ready", "1 when the readiness probe last said yes, 0 when it said no.");
}
