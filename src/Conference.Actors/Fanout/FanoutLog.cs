using Microsoft.Extensions.Logging;

namespace Conference.Actors.Fanout;

internal static partial class FanoutLog
{
    [LoggerMessage(2500, LogLevel.Error, "Work of the fan-out in the background failed.")]
    internal static partial void BackgroundFailed(ILogger log, Exception failure);

    [LoggerMessage(2501, LogLevel.Error, "The fan-out of {Conference} failed; it goes on with its next event.")]
    internal static partial void WorkerFailed(ILogger log, string conference, Exception failure);

    [LoggerMessage(2503, LogLevel.Error, "The page content {Digest} could not be read or encoded; it goes without.")]
    internal static partial void PageFailed(ILogger log, string digest, Exception failure);

    [LoggerMessage(2504, LogLevel.Error, "Cursors of {Conference} could not be stored; tried again.")]
    internal static partial void CursorsFailed(ILogger log, string conference, Exception failure);

    [LoggerMessage(
        2505, LogLevel.Error, "The history of {Conference} could not be read; who is behind gets a snapshot.")]
    internal static partial void RestoreFailed(ILogger log, string conference, Exception failure);

    [LoggerMessage(2506, LogLevel.Error, "A timer of the fan-out failed.")]
    internal static partial void TimerFailed(ILogger log, Exception failure);

    [LoggerMessage(2502, LogLevel.Error, "The next body for a member of {Conference} could not be made; tried later.")]
    internal static partial void BodyFailed(ILogger log, string conference, Exception failure);
}
