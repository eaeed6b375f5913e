using System.Buffers;
using Conference.Protocol.Notifications;

namespace Conference.Protocol.Xml;

/// <summary>Writes what the server sends.</summary>
public static class ServerMessageWriter
{
    /// <summary>One message as a whole body.</summary>
    public static byte[] Write(ServerMessage message) => throw new NotImplementedException();

    /// <summary>As the other one, into a buffer of the caller. Page content is encoded straight into it.</summary>
    public static void Write(IBufferWriter<byte> output, ServerMessage message) => throw new NotImplementedException();
}
