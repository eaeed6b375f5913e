using Conference.Protocol.Requests;

namespace Conference.Protocol.Xml;

/// <summary>Writes what participants send.</summary>
public static class RequestWriter
{
    /// <summary>One request as a whole body.</summary>
    public static byte[] Write(ConferenceRequest request) => throw new NotImplementedException();
}
