namespace AppServer.Lifetime;

/// <summary>Log lines of start and end, 4000 to 4099.</summary>
internal static partial class LifetimeLog
{
    [LoggerMessage(4000, LogLevel.Information, "Ready: {Mode} mode, domain {Domain}")]
    internal static partial void Ready(ILogger logger, string mode, string domain);

    [LoggerMessage(4001, LogLevel.Information, "Told to stop: draining for at most {Seconds} s")]
    internal static partial void Draining(ILogger logger, double seconds);

    [LoggerMessage(4002, LogLevel.Information, "Drained: requests answered, deliveries settled")]
    internal static partial void Drained(ILogger logger);

    [LoggerMessage(4003, LogLevel.Warning, "The drain deadline passed; still under way: {Parts}")]
    internal static partial void DrainDeadline(ILogger logger, string parts);

    [LoggerMessage(4004, LogLevel.Warning, "Told to stop a second time: ending at once")]
    internal static partial void SecondSignal(ILogger logger);

    [LoggerMessage(4005, LogLevel.Information, "Stopped")]
    internal static partial void Stopped(ILogger logger);

    [LoggerMessage(4006, LogLevel.Information, "Woke {Count} conferences")]
    internal static partial void WokeUp(ILogger logger, int count);

    [LoggerMessage(4007, LogLevel.Warning, "Waking conferences stopped after {Count}: the store is not available")]
    internal static partial void WakeUpFailed(ILogger logger, int count);

    [LoggerMessage(4008, LogLevel.Warning, "Only the first {Count} conferences were woken (Provisioning:WakeUpMax)")]
    internal static partial void WakeUpLimited(ILogger logger, int count);

    [LoggerMessage(4010, LogLevel.Information, "Conference {Conference} of the file is there (revision {Revision})")]
    internal static partial void Provisioned(ILogger logger, string conference, long revision);

    [LoggerMessage(4011, LogLevel.Warning, "Conference {Conference} from the file was refused: {Reason}")]
    internal static partial void ProvisioningRefused(ILogger logger, string conference, string reason);

    [LoggerMessage(4012, LogLevel.Information,
        "Conference {Conference} of the file is there with other content; it is left as it is")]
    internal static partial void ProvisioningKept(ILogger logger, string conference);

    [LoggerMessage(4013, LogLevel.Error, "Provisioning or waking conferences failed")]
    internal static partial void BackgroundFailed(ILogger logger, Exception failure);

    [LoggerMessage(4014, LogLevel.Information,
        "Many conferences went to sleep: resident memory {Before} MiB, now {After} MiB, in {Milliseconds:F0} ms")]
    internal static partial void Trimmed(ILogger logger, long before, long after, double milliseconds);
}
