using System.Diagnostics.CodeAnalysis;
using Conference.Protocol.Notifications;

namespace Conference.Protocol.Xml;

/// <summary>Reads events as the store keeps them.</summary>
public static class EventReader
{
    /// <summary>Reads what <see cref="EventWriter.WriteFragment"/> wrote, in this or any earlier version.</summary>
    public static bool TryReadFragment(
        ReadOnlyMemory<byte> fragment, [NotNullWhen(true)] out ConferenceEvent? conferenceEvent) =>
        throw new NotImplementedException();
}
