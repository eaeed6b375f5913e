namespace AppServer.Links;

internal static partial class LinkLog
{
    [LoggerMessage(4600, LogLevel.Error, "Opening a stream to a participant failed in an unexpected way.")]
    internal static partial void ConnectFailed(ILogger log, Exception failure);
}
