using AppServer.Admin;
using AppServer.Configuration;
using AppServer.Downloads;
using AppServer.Health;
using Prometheus;

namespace AppServer.Lifetime;

/// <summary>Which listener serves what.</summary>
internal static class HttpPipeline
{
    /// <summary>Builds the two branches.</summary>
    internal static void Build(IApplicationBuilder app, AppServerOptions options)
    {
        app.MapWhen(context => HttpListeners.Of(context) == ProbeListener.Admin, branch =>
        {
            branch.UseMiddleware<AdminGate>();
            branch.UseRouting();
            branch.UseEndpoints(routes =>
            {
                AdminEndpoints.Map(routes);
                MapProbes(routes, options.Probes, ProbeListener.Admin);
            });
        });
        app.MapWhen(context => HttpListeners.Of(context) == ProbeListener.Http, branch =>
        {
            branch.UseRouting();
            branch.UseEndpoints(routes =>
            {
                DownloadEndpoints.Map(routes);
                MapProbes(routes, options.Probes, ProbeListener.Http);
            });
        });
    }

    private static void MapProbes(IEndpointRouteBuilder routes, ProbeOptions probes, ProbeListener here)
    {
        if (probes.HealthOn == here || probes.HealthOn == ProbeListener.Both) HealthEndpoints.Map(routes);
        if (probes.MetricsOn == here || probes.MetricsOn == ProbeListener.Both) routes.MapMetrics();
    }
}
