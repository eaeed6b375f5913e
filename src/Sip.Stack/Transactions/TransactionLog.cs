using System.Net;
using Microsoft.Extensions.Logging;

namespace Sip.Stack.Transactions;

/// <summary>Log lines of transactions: 1200 to 1299.</summary>
internal static partial class TransactionLog
{
    [LoggerMessage(1200, LogLevel.Error, "A {Kind} transaction met an unexpected exception and ended")]
    internal static partial void TransactionFault(ILogger log, Exception error, string kind);

    [LoggerMessage(1201, LogLevel.Error, "The request handler failed on {Method} from {Remote}; answered 500")]
    internal static partial void HandlerFault(ILogger log, Exception error, string method, IPEndPoint remote);

    [LoggerMessage(1202, LogLevel.Debug, "A response to {Remote} could not be sent")]
    internal static partial void ResponseNotSent(ILogger log, IPEndPoint remote);

    [LoggerMessage(1203, LogLevel.Debug, "Malformed message from {Remote}: {Reason}")]
    internal static partial void Malformed(ILogger log, IPEndPoint remote, string reason);

    [LoggerMessage(1204, LogLevel.Debug, "{Method} from {Remote} refused by the stack: {Reason}")]
    internal static partial void Refused(ILogger log, string method, IPEndPoint remote, string reason);

    [LoggerMessage(1205, LogLevel.Warning, "Stopped with {Count} requests unanswered at the deadline")]
    internal static partial void StoppedUnanswered(ILogger log, int count);

    [LoggerMessage(1206, LogLevel.Information, "Draining: new requests get 503; {Count} wait for their answer")]
    internal static partial void Draining(ILogger log, int count);
}
