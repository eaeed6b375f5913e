using Conference.Protocol.Notifications;

namespace Conference.Protocol.Xml;

/// <summary>Reads what the server sends.</summary>
public static class ServerMessageReader
{
    /// <summary>Reads one body. Page content is an array of its own.</summary>
    public static ReadOutcome TryRead(
        ReadOnlyMemory<byte> body, ProtocolLimits limits, out ServerMessage? message, out ReadFault? fault) =>
        throw new NotImplementedException();
}
