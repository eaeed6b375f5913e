using Conference.Protocol;

namespace AppServer.FrontDoor;

/// <summary><c>Ims</c> mode: the sender is who the trust domain asserts (RFC 3325, TS 24.229 5.7.1). From is for show.
/// </summary>
public sealed class AssertedSenderCheck : ISenderCheck
{
    private readonly PeerList _peers;

    /// <summary>Puts it together.</summary>
    public AssertedSenderCheck(PeerList peers) => _peers = peers;

    /// <inheritdoc/>
    public SenderVerdict Check(IFrontDoorExchange exchange)
    {
        if (!_peers.Trusts(exchange.Peer.Remote.Address))
            return SenderVerdict.Refused(Refusal.Of(FrontDoorReason.UntrustedPeer));

        // RFC 3325 9.1: one value, or one sip and one tel. The sip one is where a delivery can go.
        ParticipantUri? telephone = null;
        foreach (var asserted in exchange.Request.PAssertedIdentity)
        {
            if (!ParticipantUri.TryParse(asserted.UriText, out var identity)) continue;
            if (identity.Value.StartsWith("sip:", StringComparison.Ordinal)) return SenderVerdict.Is(identity);
            telephone ??= identity;
        }

        return telephone is { } number
            ? SenderVerdict.Is(number)
            : SenderVerdict.Refused(Refusal.Of(FrontDoorReason.NotAsserted));
    }
}
