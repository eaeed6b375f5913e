using Microsoft.Extensions.Logging;

namespace Conference.Actors.Focus;

/// <summary>Log lines of the conferences: ids 2000 to 2099.</summary>
internal static partial class FocusLog
{
    [LoggerMessage(2000, LogLevel.Debug, "{Conference} is open at revision {Revision}, epoch {Epoch}")]
    internal static partial void Restored(this ILogger log, string conference, long revision, long epoch);

    [LoggerMessage(2001, LogLevel.Warning, "{Conference} cannot be read, next try in {Backoff}")]
    internal static partial void RestoreFailed(
        this ILogger log, string conference, TimeSpan backoff, Exception exception);

    [LoggerMessage(2002, LogLevel.Warning, "{Conference}: {Events} events are not stored: {Reason}")]
    internal static partial void AppendFailed(
        this ILogger log, string conference, int events, string reason, Exception? exception);

    [LoggerMessage(2003, LogLevel.Warning, "{Conference}: checkpoint at revision {Revision} not written: {Reason}")]
    internal static partial void CheckpointFailed(
        this ILogger log, string conference, long revision, string reason);

    [LoggerMessage(2004, LogLevel.Warning, "{Conference}: checkpoint at revision {Revision} is unreadable, all events "
        + "are read instead")]
    internal static partial void CheckpointUnreadable(this ILogger log, string conference, long revision);

    [LoggerMessage(2005, LogLevel.Warning, "{Conference} was taken over by another owner")]
    internal static partial void TakenOver(this ILogger log, string conference);

    [LoggerMessage(2006, LogLevel.Debug, "{Conference} is put away at revision {Revision}")]
    internal static partial void PutAway(this ILogger log, string conference, long revision);

    [LoggerMessage(2007, LogLevel.Warning, "{Conference}: save failed: {Reason}")]
    internal static partial void SaveFailed(this ILogger log, string conference, string reason, Exception? exception);

    [LoggerMessage(2008, LogLevel.Debug, "A command for {Conference} was not answered within {Timeout}")]
    internal static partial void AskTimedOut(this ILogger log, string conference, TimeSpan timeout);

    [LoggerMessage(2009, LogLevel.Error, "A command for {Conference} failed in the gateway")]
    internal static partial void GatewayFailed(this ILogger log, string conference, Exception exception);

    [LoggerMessage(2010, LogLevel.Error, "{Conference}: a rule failed on {Action}")]
    internal static partial void RuleFailed(
        this ILogger log, string conference, string action, Exception exception);
}
