namespace AppServer.Configuration;

/// <summary>Conferences that are made by configuration, and those that wait to be woken.</summary>
public sealed record ProvisioningOptions
{
    /// <summary>File with conferences that are made at start unless they are there; relative to the configuration
    /// file; empty for none.</summary>
    public string ConferencesFile { get; init; } = "conferences.json";

    /// <summary>Most conferences in that file.</summary>
    public int ConferencesMax { get; init; } = 10_000;

    /// <summary>Most conferences that are woken at start, so that deliveries that were pending go on; the others wake
    /// with their first message. 0 wakes none.</summary>
    [ZeroAllowed]
    public int WakeUpMax { get; init; } = 50_000;

    /// <summary>How many are woken in a second: recovery leaves room for live requests.</summary>
    public int WakeUpPerSecond { get; init; } = 500;
}

/// <summary>References to content that travel in messages.</summary>
public sealed record DownloadOptions
{
    /// <summary>Whether pages and saved files are handed out over HTTP.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>How long a reference works.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromHours(24);
}
