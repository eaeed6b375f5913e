using Conference.Actors.Ports;

namespace AppServer.Links;

/// <summary>One conference's use of the path to one participant.</summary>
internal sealed class ConferenceLink(ParticipantPath path, ConferenceHead head) : IParticipantLink
{
    private IDeliverySource? _source;

    /// <summary>The conference's share of the message head.</summary>
    internal ConferenceHead Head { get; } = head;

    /// <inheritdoc/>
    public LinkCapabilities Capabilities => path.Capabilities(Head);

    /// <summary>Of what it is to send.</summary>
    internal DeliveryPriority Priority => _source!.Priority;

    /// <inheritdoc/>
    public void Offer(IDeliverySource source)
    {
        _source = source;
        path.Enqueue(this);
    }

    /// <inheritdoc/>
    public void Dispose() => path.Close(Head.Conference);

    internal EncodedBody? TakeNext(in LinkCapabilities capabilities) => _source!.TakeNext(capabilities);

    internal bool OnDelivered(in DeliveryResult result) => _source!.OnDelivered(result);
}
