using Microsoft.Extensions.Logging;

namespace Conference.Store;

/// <summary>Log lines of the stores: event ids 3000 to 3999.</summary>
internal static partial class StoreLog
{
    [LoggerMessage(3000, LogLevel.Information, "SQLite store opened: {Path}, schema version {Version}")]
    public static partial void SqliteOpened(ILogger logger, string path, int version);

    [LoggerMessage(3001, LogLevel.Warning, "SQLite store: writes fail ({Reason}): {Message}")]
    public static partial void SqliteWriteFailed(ILogger logger, string reason, string message);

    [LoggerMessage(3002, LogLevel.Information, "SQLite store: writes succeed again")]
    public static partial void SqliteWriteRecovered(ILogger logger);

    [LoggerMessage(3003, LogLevel.Error, "SQLite store: blob file {File} is missing or has another size than recorded")]
    public static partial void BlobFileDamaged(ILogger logger, string file);

    [LoggerMessage(3004, LogLevel.Information, "SQLite store: removed {Count} blob files that nothing refers to")]
    public static partial void OrphansRemoved(ILogger logger, int count);

    [LoggerMessage(3005, LogLevel.Warning, "SQLite store: a job failed unexpectedly")]
    public static partial void JobFailed(ILogger logger, Exception exception);

    [LoggerMessage(3006, LogLevel.Warning, "Removing expired blobs failed, will be tried again: {Message}")]
    public static partial void MaintenanceFailed(ILogger logger, string message);

    [LoggerMessage(3007, LogLevel.Warning, "SQLite store: a thread is still busy after {Seconds} s; not waited for")]
    public static partial void CloseTimedOut(ILogger logger, double seconds);

    [LoggerMessage(
        3008, LogLevel.Warning, "SQLite store: clearing up failed, tried again after the next delete or start")]
    public static partial void IdleWorkFailed(ILogger logger, Exception exception);

    [LoggerMessage(3100, LogLevel.Information, "Redis store: connecting to {Endpoints}")]
    public static partial void RedisConnecting(ILogger logger, string endpoints);

    [LoggerMessage(3101, LogLevel.Warning, "Redis store: connection {Endpoint} failed ({Failure}): {Message}")]
    public static partial void RedisConnectionFailed(ILogger logger, string endpoint, string failure, string message);

    [LoggerMessage(3102, LogLevel.Information, "Redis store: connection {Endpoint} restored")]
    public static partial void RedisConnectionRestored(ILogger logger, string endpoint);

    [LoggerMessage(3103, LogLevel.Warning, "Redis store: breaker opened for {Seconds} s")]
    public static partial void RedisBreakerOpened(ILogger logger, double seconds);

    [LoggerMessage(3104, LogLevel.Information, "Redis store: breaker closed")]
    public static partial void RedisBreakerClosed(ILogger logger);

    [LoggerMessage(3105, LogLevel.Warning,
        "Redis store: {Endpoint} has {Setting} = {Value}: {Consequence} (docs/store.md)")]
    public static partial void RedisSettingRisky(
        ILogger logger, string endpoint, string setting, string value, string consequence);
}
