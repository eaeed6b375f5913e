using System.Net;
using Microsoft.Extensions.Logging;

namespace Sip.Stack.Transport;

/// <summary>Log lines of the transports: 1100 to 1199.</summary>
internal static partial class TransportLog
{
    [LoggerMessage(1100, LogLevel.Information, "Listening on {Transport} {Address}")]
    internal static partial void Listening(ILogger log, SipTransportKind transport, IPEndPoint address);

    [LoggerMessage(1101, LogLevel.Warning,
        "UDP {Address}: receive buffer {Granted} bytes granted, {Wanted} wanted; raise net.core.rmem_max")]
    internal static partial void ReceiveBufferSmall(ILogger log, IPEndPoint address, int granted, int wanted);

    [LoggerMessage(1102, LogLevel.Information, "UDP {Address}: receive buffer {Granted} bytes")]
    internal static partial void ReceiveBuffer(ILogger log, IPEndPoint address, int granted);

    [LoggerMessage(1103, LogLevel.Warning, "UDP {Address}: receive failed, going on")]
    internal static partial void ReceiveFailed(ILogger log, Exception error, IPEndPoint address);

    [LoggerMessage(1104, LogLevel.Error, "A message from {Remote} met an unexpected exception, going on")]
    internal static partial void MessageFault(ILogger log, Exception error, IPEndPoint remote);

    [LoggerMessage(1105, LogLevel.Debug, "Connection {Id} to {Remote} ended: {Reason}")]
    internal static partial void ConnectionEnded(ILogger log, long id, IPEndPoint remote, LinkReason reason);

    [LoggerMessage(1106, LogLevel.Warning,
        "Connection of {Remote} refused: {Count} alive, {OfAddress} of this address")]
    internal static partial void ConnectionLimit(ILogger log, IPEndPoint remote, int count, int ofAddress);

    [LoggerMessage(1107, LogLevel.Warning, "TCP {Address}: accept failed, going on")]
    internal static partial void AcceptFailed(ILogger log, Exception error, IPEndPoint address);

    [LoggerMessage(1108, LogLevel.Error, "Connection {Id} to {Remote}: unexpected exception in its loop")]
    internal static partial void ConnectionFault(ILogger log, Exception error, long id, IPEndPoint remote);

    [LoggerMessage(1109, LogLevel.Error, "The transports' sweep met an unexpected exception, going on")]
    internal static partial void SweepFault(ILogger log, Exception error);

    [LoggerMessage(1110, LogLevel.Debug, "Connection {Id} to {Remote} is open")]
    internal static partial void ConnectionOpen(ILogger log, long id, IPEndPoint remote);

    [LoggerMessage(1112, LogLevel.Error, "The end of a batch met an unexpected exception, going on")]
    internal static partial void BatchFault(ILogger log, Exception error);

    [LoggerMessage(1113, LogLevel.Information,
        "UDP {Address}: datagrams are read one by one, many at a time cannot be had here ({Why})")]
    internal static partial void ReadOneByOne(ILogger log, IPEndPoint address, string why);

    [LoggerMessage(1116, LogLevel.Warning,
        "UDP {Socket}: the kernel takes no filter, so requests are not kept out of a full receive queue")]
    internal static partial void NoRequestFilter(ILogger log, string socket);

    [LoggerMessage(1114, LogLevel.Warning,
        "UDP {Address}: receive queue {Percent} % full, requests are dropped unread to reach the answers in it")]
    internal static partial void Shedding(ILogger log, IPEndPoint address, int percent);

    [LoggerMessage(1115, LogLevel.Error, "A response over {Transport} met an unexpected exception, going on")]
    internal static partial void InterceptFault(ILogger log, Exception error, SipTransportKind transport);
}
