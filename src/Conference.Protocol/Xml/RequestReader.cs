using Conference.Protocol.Requests;

namespace Conference.Protocol.Xml;

/// <summary>Reads what participants send.</summary>
public static class RequestReader
{
    /// <summary>Reads a request whose page content, if any, is an array of its own.</summary>
    public static ReadOutcome TryRead(
        ReadOnlyMemory<byte> body, ProtocolLimits limits, out ConferenceRequest? request, out ReadFault? fault) =>
        throw new NotImplementedException();

    /// <summary>Reads a request whose page content, if any, is a pooled buffer: for the server's front door.</summary>
    public static ReadOutcome TryReadOwned(
        ReadOnlyMemory<byte> body, ProtocolLimits limits, out OwnedRequest? request, out ReadFault? fault) =>
        throw new NotImplementedException();
}
