using System.Net;

namespace AppServer.Admin;

/// <summary>Stands before the admin API: bearer token, and nothing that a web page could send from the operator's
/// browser.</summary>
internal sealed class AdminGate
{
    private readonly RequestDelegate _next;
    private readonly AdminToken _token;

    /// <summary>Made by the pipeline.</summary>
    public AdminGate(RequestDelegate next, AdminToken token)
    {
        _next = next;
        _token = token;
    }

    /// <summary>Lets a request through or answers it.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "no-store";
        if (!context.Request.Path.StartsWithSegments("/admin", StringComparison.Ordinal)) return _next(context);
        if (!_token.Accepts(context.Request.Headers.Authorization))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"admin\"";
            return Refuse(context, 401, "not_authorised", "A bearer token is needed.");
        }

        // Without a token only this machine can call; a page open in a browser on it must not be able to, directly or
        // by a name that it makes resolve to 127.0.0.1.
        if (!_token.IsRequired && (context.Request.Headers.Origin.Count > 0 || !IsLocalName(context.Request.Host.Host)))
            return Refuse(context, 403, "from_browser", "Set a token to use the admin API from a browser.");
        return _next(context);
    }

    private static bool IsLocalName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static Task Refuse(HttpContext context, int status, string label, string detail)
    {
        AdminMetrics.Refusals.WithLabels(label).Inc();
        return AdminProblem.Of(status, label, detail).ExecuteAsync(context);
    }
}

/// <summary>Counts what the gate turns away.</summary>
internal static class AdminMetrics
{
    internal static readonly Prometheus.Counter Refusals = Prometheus.Metrics.CreateCounter(
        "conference_as_admin_refusals_total", "Admin requests turned away at the gate.", "reason");
}
