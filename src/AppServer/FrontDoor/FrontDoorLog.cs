using System.Net;
namespace AppServer.FrontDoor;

/// <summary>Log lines of the front door, 4100 to 4199. Faults of clients are Debug: anybody can cause them.</summary>
internal static partial class FrontDoorLog
{
    [LoggerMessage(4100, LogLevel.Debug, "{Method} from {Peer} refused: {Status} {Reason}")]
    internal static partial void Refused(ILogger logger, string method, int status, string reason, IPEndPoint peer);

    [LoggerMessage(4101, LogLevel.Error, "{Method} failed")]
    internal static partial void Failed(ILogger logger, Exception failure, string method);

    [LoggerMessage(4102, LogLevel.Warning, "A conference did not answer within {Milliseconds} ms")]
    internal static partial void TooSlow(ILogger logger, double milliseconds);

    [LoggerMessage(4103, LogLevel.Warning, "Third-party registrations cannot be stored: {Text}")]
    internal static partial void NotStored(ILogger logger, string text);

    [LoggerMessage(4104, LogLevel.Warning, "The S-CSCF {Route} has no address: {Failure}")]
    internal static partial void ScscfUnresolved(ILogger logger, string route, string failure);
}
