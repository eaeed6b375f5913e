using Conference.Protocol;

namespace Conference.Actors.Ports;

/// <summary>Opens links: implemented at the edge (AppServer/Links), used by the fan-out.</summary>
public interface IParticipantLinks
{
    /// <summary>The outbound path to one participant of one conference. Cheap; resolves contacts only when sending.
    /// </summary>
    IParticipantLink Open(ConferenceUri conference, ParticipantUri participant);
}

/// <summary>The outbound path to one participant. Used by one caller at a time.</summary>
public interface IParticipantLink
{
    /// <summary>What the path carries now. May change with the participant's registration.</summary>
    LinkCapabilities Capabilities { get; }

    /// <summary>Sends one body as one MESSAGE. Never blocks, never throws; the outcome comes to
    /// <paramref name="observer"/> exactly once, from any thread, maybe before the call returns.</summary>
    /// <param name="body">Shared by all participants; not changed after this call.</param>
    /// <param name="observer">Told the outcome.</param>
    void Send(EncodedBody body, IDeliveryObserver observer);
}

/// <summary>What a path to a participant can carry.</summary>
/// <param name="BodyBytesMax">A larger body is refused with <see cref="DeliveryOutcome.TooLarge"/> (R7).</param>
/// <param name="TakesConferenceXml">False for a foreign client that is only sent text.</param>
public readonly record struct LinkCapabilities(int BodyBytesMax, bool TakesConferenceXml);

/// <summary>A body encoded once and shared by many deliveries.</summary>
/// <param name="ContentType">For example <c>application/vnd.ims-conference+xml</c>.</param>
/// <param name="Bytes">Not changed once published.</param>
public sealed record EncodedBody(string ContentType, ReadOnlyMemory<byte> Bytes);

/// <summary>Told the outcome of a delivery.</summary>
public interface IDeliveryObserver
{
    /// <summary>The delivery ended.</summary>
    /// <param name="result">How.</param>
    void OnDelivered(in DeliveryResult result);
}

/// <summary>How a delivery ended.</summary>
/// <param name="Outcome">What to do about it.</param>
/// <param name="Status">The final SIP status, 408 for a time-out, 0 when nothing was sent.</param>
/// <param name="RetryAfter">From Retry-After, null for none.</param>
public readonly record struct DeliveryResult(DeliveryOutcome Outcome, int Status, TimeSpan? RetryAfter);

/// <summary>What a final response means to the fan-out (design section 6).</summary>
public enum DeliveryOutcome
{
    /// <summary>2xx: the participant has it.</summary>
    Delivered,

    /// <summary>408, 430, 480, 500, 503, 504, transport failure: try again later.</summary>
    TryLater,

    /// <summary>413, 513, or larger than the path carries: another form.</summary>
    TooLarge,

    /// <summary>415, 488, 606: this participant does not take this type.</summary>
    TypeRefused,

    /// <summary>403, 404, 410, 603, ...: no. Not retried; named, counted, shown to the chair.</summary>
    Refused,

    /// <summary>There is no contact at present: wait until one registers.</summary>
    NoContact,
}
