using Microsoft.Extensions.Logging;

namespace Conference.Actors.Fanout;

internal static partial class FanoutLog
{
    [LoggerMessage(2500, LogLevel.Error, "Work of the fan-out in the background failed.")]
    internal static partial void BackgroundFailed(ILogger log, Exception failure);

    [LoggerMessage(2501, LogLevel.Error, "The fan-out of {Conference} failed; it goes on with its next event.")]
    internal static partial void WorkerFailed(ILogger log, string conference, Exception failure);

    [LoggerMessage(2502, LogLevel.Error, "What to send next to a member of {Conference} could not be made; tried later.")]
    internal static partial void BodyFailed(ILogger log, string conference, Exception failure);
}
