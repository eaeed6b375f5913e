using Conference.Actors.Ports;
using Conference.Protocol;

namespace AppServer.Links;

/// <summary>One conference's use of the path to one participant.</summary>
internal sealed class ConferenceLink(
    SipLinks links, ParticipantPath path, ConferenceUri conference, ConferenceHead head) : IParticipantLink
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
    public void Dispose() => links.Close(path, conference);

    internal EncodedBody? TakeNext(in LinkCapabilities capabilities) => _source!.TakeNext(capabilities);

    internal bool OnDelivered(in DeliveryResult result) => _source!.OnDelivered(result);
}
