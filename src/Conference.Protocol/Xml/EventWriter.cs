using Conference.Protocol.Notifications;

namespace Conference.Protocol.Xml;

/// <summary>Writes events as the store keeps them and notifications carry them.</summary>
public static class EventWriter
{
    /// <summary>One <c>event</c> element without a namespace of its own.</summary>
    public static byte[] WriteFragment(ConferenceEvent conferenceEvent) => throw new NotImplementedException();
}
