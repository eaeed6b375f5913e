using System.Buffers;

namespace Conference.Protocol.Xml;

/// <summary>Puts notifications together from events that are encoded already.</summary>
public static class NotificationWriter
{
    /// <summary>Bytes of everything but the fragments, at most, for any revision numbers.</summary>
    public static int OverheadBytes(ConferenceUri conference) => throw new NotImplementedException();

    /// <summary>Writes one notification. Concatenates; builds no XML.</summary>
    /// <param name="output">The bytes are appended to it.</param>
    /// <param name="conference">Which conference.</param>
    /// <param name="from">First revision of the range, see <see cref="Notifications.Notification"/>.</param>
    /// <param name="to">Last revision of the range.</param>
    /// <param name="fragments">From <see cref="EventWriter.WriteFragment"/>, in order of revision.</param>
    public static void Write(
        IBufferWriter<byte> output, ConferenceUri conference, long from, long to,
        ReadOnlySpan<ReadOnlyMemory<byte>> fragments) => throw new NotImplementedException();
}
