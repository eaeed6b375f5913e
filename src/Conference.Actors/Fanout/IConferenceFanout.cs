using System.Collections.Immutable;
using Conference.Actors.Focus;
using Conference.Protocol;
using Conference.Protocol.Notifications;

namespace Conference.Actors.Fanout;

/// <summary>Opens the fan-out of conferences on this node.</summary>
public interface IFanoutEngine
{
    /// <summary>Begins to deliver for a conference that this node owns.</summary>
    /// <param name="state">As recovered: its roster is who is delivered to.</param>
    /// <param name="epoch">Of the ownership, for the cursors.</param>
    /// <param name="cursors">As stored. A member without one is sent a snapshot.</param>
    IConferenceFanout Open(ConferenceState state, long epoch, ImmutableArray<Ports.StoredCursor> cursors);
}

/// <summary>The fan-out of one conference. Called by the conference's actor only; never blocks.</summary>
public interface IConferenceFanout : IDisposable
{
    /// <summary>Queues durable events for every member (room 10). Call after they are stored and answered.</summary>
    /// <param name="state">The state after the last of them. Immutable: snapshots are made from it later.</param>
    /// <param name="events">With their encoded form.</param>
    void Publish(ConferenceState state, ImmutableArray<PublishedEvent> events);

    /// <summary>Sends one member everything after a revision; a snapshot when that is too far back, or for 0.</summary>
    void Resync(ParticipantUri participant, long sinceRevision);

    /// <summary>Sends one member a message of its own: page request, page content, refusal, saved file.</summary>
    void SendTo(ParticipantUri participant, ServerMessage message);

    /// <summary>Sends one member the content of a page in the cache, in the form its path carries.</summary>
    void SendPage(ParticipantUri participant, PageDescriptor page);

    /// <summary>Shows a pointer to all others. Volatile: a newer one of the same author replaces it.</summary>
    void MovePointer(PointerPosition position);

    /// <summary>Any sign of life: wakes deliveries to this member that are parked or backing off.</summary>
    void Wake(ParticipantUri participant);

    /// <summary>Where each delivery stands.</summary>
    ImmutableArray<Focus.DeliveryDescription> Describe();

    /// <summary>Whether nothing is left to deliver to a reachable member and all cursors are stored.</summary>
    bool IsSettled { get; }
}

/// <summary>An event with the bytes that the store keeps and the wire carries.</summary>
/// <param name="Event">The event.</param>
/// <param name="Fragment">Its XML element, UTF-8, without the enclosing notification.</param>
public sealed record PublishedEvent(ConferenceEvent Event, ReadOnlyMemory<byte> Fragment);
