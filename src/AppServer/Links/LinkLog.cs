namespace AppServer.Links;

internal static partial class LinkLog
{
    [LoggerMessage(4600, LogLevel.Error, "Sending to {Participant} failed in an unexpected way; it is tried later.")]
    internal static partial void SendFailed(ILogger log, string participant, Exception failure);
}
