namespace AppServer.Configuration;

/// <summary>Start and end of the process.</summary>
public sealed record LifetimeOptions
{
    /// <summary>Longest wait for requests and deliveries under way when the server is told to stop.</summary>
    public TimeSpan DrainDeadline { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Deliveries that make no headway for this long while the server stops are to members that are gone: they
    /// are not waited for, and made again after the next start. Three sends over UDP fit in; 0 waits to the deadline.
    /// </summary>
    [ZeroAllowed]
    public TimeSpan DrainStall { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long the server still serves after its readiness is off, so that balancers take it out first.
    /// </summary>
    [ZeroAllowed]
    public TimeSpan DrainDelay { get; init; } = TimeSpan.Zero;

    /// <summary>How often the server looks whether many conferences went to sleep, to give their memory back to the
    /// system; 0 leaves that to the collector, which does not run while nothing is allocated.</summary>
    [ZeroAllowed]
    public TimeSpan TrimInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Conferences that must have gone to sleep since the last time, and as many as are still awake. 1,000:
    /// some MiB are worth a pause of all threads.</summary>
    public int TrimAfterConferences { get; init; } = 1_000;

    /// <summary>File to write the actual addresses to, as JSON, once the server is ready; empty for none.</summary>
    public string ReadyFile { get; init; } = "";
}

/// <summary>How log lines look.</summary>
public enum LogFormat
{
    /// <summary>One JSON object a line.</summary>
    Json,

    /// <summary>For a person at a terminal.</summary>
    Text,
}

/// <summary>Logging, to standard output.</summary>
public sealed record LogOptions
{
    /// <summary>Json: one object a line. Text: for a person at a terminal.</summary>
    public LogFormat Format { get; init; } = LogFormat.Json;

    /// <summary>Trace, Debug (adds the faults of clients), Information, Warning, Error, Critical or None.</summary>
    public LogLevel Level { get; init; } = LogLevel.Information;
}
