namespace AppServer.Registrations;

/// <summary>Log lines of registrations, 4200 to 4249.</summary>
internal static partial class RegistrationsLog
{
    [LoggerMessage(4200, LogLevel.Warning, "Registrations cannot be read from the store, starting without: {Text}")]
    internal static partial void NotRestored(ILogger logger, string text);

    [LoggerMessage(4201, LogLevel.Warning, "A third-party registration cannot be stored: {Text}")]
    internal static partial void NotStored(ILogger logger, string text);

    [LoggerMessage(4202, LogLevel.Warning, "The S-CSCF {Route} has no address: {Failure}")]
    internal static partial void ScscfUnresolved(ILogger logger, string route, string failure);

    [LoggerMessage(4203, LogLevel.Warning, "{Count} third-party registrations were not stored: too many wait")]
    internal static partial void StoreQueueFull(ILogger logger, long count);
}
