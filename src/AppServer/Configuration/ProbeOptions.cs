namespace AppServer.Configuration;

/// <summary>Which listener serves a set of paths.</summary>
public enum ProbeListener
{
    /// <summary>Not served.</summary>
    None,

    /// <summary>The listener for participants.</summary>
    Http,

    /// <summary>The listener for operators.</summary>
    Admin,

    /// <summary>Both.</summary>
    Both,
}

/// <summary>Probes and metrics. Neither asks for the admin token: a kubelet and a scraper have none.</summary>
public sealed record ProbeOptions
{
    /// <summary>Listener of /healthz/live and /healthz/ready: None, Http, Admin or Both.</summary>
    public ProbeListener HealthOn { get; init; } = ProbeListener.Both;

    /// <summary>Listener of /metrics: None, Http, Admin or Both. Figures are not for participants.</summary>
    public ProbeListener MetricsOn { get; init; } = ProbeListener.Admin;

    /// <summary>Longest wait for the store in a readiness probe; below the usual one second of a kubelet.</summary>
    public TimeSpan StoreTimeout { get; init; } = TimeSpan.FromMilliseconds(800);
}
