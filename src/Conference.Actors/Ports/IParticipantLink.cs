using Conference.Protocol;

namespace Conference.Actors.Ports;

/// <summary>Opens links: implemented at the edge (AppServer/Links), used by the fan-out.</summary>
public interface IParticipantLinks
{
    /// <summary>The outbound path to one participant of one conference. Cheap; looks contacts up only when sending.
    /// </summary>
    IParticipantLink Open(ConferenceUri conference, ParticipantUri participant);

    /// <summary>Until <see cref="EndBatch"/>, what this thread sends may wait, so that it leaves in fewer writes.
    /// </summary>
    void BeginBatch();

    /// <summary>Sends what has waited since <see cref="BeginBatch"/>, on the same thread.</summary>
    void EndBatch();

    /// <summary>All participants of a conference that wait for room have something of this priority to get now. Those
    /// who wait with a lower one are raised to it; their order stays. Costs the same however many wait.</summary>
    /// <remarks>Called after <see cref="IDeliverySource.Priority"/> says so: who is about to wait is not missed.
    /// </remarks>
    void Raise(ConferenceUri conference, DeliveryPriority priority);
}

/// <summary>The outbound path to one participant. All links to one participant share one outstanding MESSAGE (R4).
/// </summary>
public interface IParticipantLink : IDisposable
{
    /// <summary>What the path carries now. May change with the participant's registration.</summary>
    LinkCapabilities Capabilities { get; }

    /// <summary>Says that there is something to send. When the path has room, maybe before this call returns and from
    /// any thread, <see cref="IDeliverySource.TakeNext"/> is called once, and unless that gave null,
    /// <see cref="IDeliverySource.OnDelivered"/> once. Until then the link must not be offered to again.</summary>
    /// <remarks>Never blocks, never throws. The body is taken as late as possible, so that what piles up while the path
    /// is busy leaves as one batch. Who waits for the same next hop is served by
    /// <see cref="IDeliverySource.Priority"/>, and in turns between conferences. The link may hold its own lock while
    /// it calls the source: call this with no lock held that the source takes.</remarks>
    void Offer(IDeliverySource source);
}

/// <summary>What a path to a participant can carry.</summary>
/// <param name="BodyBytesMax">A larger body is refused with <see cref="DeliveryOutcome.TooLarge"/> (R7).</param>
/// <param name="HasContact">Whether there is somewhere to send to at present.</param>
public readonly record struct LinkCapabilities(int BodyBytesMax, bool HasContact);

/// <summary>A body encoded once and shared by many deliveries.</summary>
/// <param name="ContentType">For example <c>application/vnd.ims-conference+xml</c>.</param>
/// <param name="Bytes">Not changed once published.</param>
public sealed record EncodedBody(string ContentType, ReadOnlyMemory<byte> Bytes);

/// <summary>Which participants are served first. It never changes the order of what one participant gets.</summary>
public enum DeliveryPriority
{
    /// <summary>Who is in the conference, what they may do, which page is shown and what has to be there for it;
    /// snapshots.</summary>
    High,

    /// <summary>Marks, chat, documents and pages that are shared, saved files.</summary>
    Normal,

    /// <summary>Pointers: volatile, the next one replaces this one.</summary>
    Low,
}

/// <summary>Gives bodies to a link and is told what became of them. Calls nothing of the link back but
/// <see cref="IParticipantLink.Capabilities"/>, which therefore takes no lock of the link.</summary>
public interface IDeliverySource
{
    /// <summary>The highest priority of all that is still to be sent. Read when the link begins to wait for room, with
    /// a lock of the link held: takes no lock, and may be a moment old.</summary>
    DeliveryPriority Priority { get; }

    /// <summary>The next body for this participant, or null when there is nothing to send any more.</summary>
    /// <param name="capabilities">What the path carries now.</param>
    EncodedBody? TakeNext(in LinkCapabilities capabilities);

    /// <summary>The delivery of the body last taken ended.</summary>
    /// <param name="result">How.</param>
    /// <returns>Whether there is more to send: the link is offered to by that.</returns>
    bool OnDelivered(in DeliveryResult result);
}

/// <summary>How a delivery ended.</summary>
/// <param name="Outcome">What to do about it.</param>
/// <param name="Status">The final SIP status, 408 for a time-out, 0 when nothing was sent.</param>
/// <param name="RetryAfter">From Retry-After, null for none.</param>
/// <param name="At">When, as <see cref="TimeProvider.GetTimestamp"/> has it; answers that are read together share one.
/// </param>
public readonly record struct DeliveryResult(
    DeliveryOutcome Outcome, int Status, TimeSpan? RetryAfter = null, long At = 0);

/// <summary>What a final response means to the fan-out (design section 6).</summary>
public enum DeliveryOutcome
{
    /// <summary>2xx: the participant has it.</summary>
    Delivered,

    /// <summary>Such as 408, 480, 503, or a transport failure: try again later.</summary>
    TryLater,

    /// <summary>413, 513, or larger than the path carries: another form.</summary>
    TooLarge,

    /// <summary>Such as 415: this participant does not take this type.</summary>
    TypeRefused,

    /// <summary>403, 404, 410, 603, ...: no. Not retried; named, counted, shown to the chair.</summary>
    Refused,

    /// <summary>There is no contact at present: wait until one registers.</summary>
    NoContact,
}
