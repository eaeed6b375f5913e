using System.Net;
using Sip.Stack.Messages;

namespace Sip.Stack.Transport;

/// <summary>Where the response to a request goes (RFC 3261 18.2.2, RFC 3581 4).</summary>
internal static class ResponseRouting
{
    internal static SipDestination For(ViaHeader topVia, in SipPeer peer)
    {
        var port = topVia.Port is { } named and > 0 and <= 65_535 ? named : DefaultPort(topVia, peer);

        // First rule: the stream of the request; when it is gone, the source address and the port of sent-by.
        if (peer.Transport.IsReliable())
            return new SipDestination(peer.Transport, new IPEndPoint(peer.Remote.Address, port), peer.Connection);

        // Second: maddr. Only an address; a name there is not worth a lookup on the receive thread.
        if (topVia.MAddr is { } maddr && IPAddress.TryParse(maddr.Trim('[', ']'), out var group)
            && group.AddressFamily == peer.Remote.AddressFamily)
        {
            return new SipDestination(SipTransportKind.Udp, new IPEndPoint(group, port));
        }

        // RFC 3581 4, then the third and fourth: received is the source address whenever it differs from sent-by.
        return topVia.HasRPort
            ? new SipDestination(SipTransportKind.Udp, peer.Remote)
            : new SipDestination(SipTransportKind.Udp, new IPEndPoint(peer.Remote.Address, port));
    }

    /// <summary>
    /// The default port belongs to the transport that Via names (RFC 3261 18.2.2), even where a gateway has carried
    /// the request over another one.
    /// </summary>
    private static int DefaultPort(ViaHeader topVia, in SipPeer peer)
    {
        foreach (var kind in Enum.GetValues<SipTransportKind>())
        {
            if (topVia.Transport == kind.ViaName()) return kind.DefaultPort();
        }

        return peer.Transport.DefaultPort();
    }
}
