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

        // Second: maddr. Only an address; a name there is not worth a lookup on the receive thread. And only a group,
        // which is what it is for (18.1.1), or the source itself: else anybody has us send to whom he likes.
        if (topVia.MAddr is { } maddr && IPAddress.TryParse(maddr.Trim('[', ']'), out var group)
            && group.AddressFamily == peer.Remote.AddressFamily
            && (IsMulticast(group) || group.Equals(peer.Remote.Address)))
        {
            return new SipDestination(SipTransportKind.Udp, new IPEndPoint(group, port));
        }

        // RFC 3581 4, then the third and fourth: received is the source address whenever it differs from sent-by.
        return topVia.HasRPort
            ? new SipDestination(SipTransportKind.Udp, peer.Remote)
            : new SipDestination(SipTransportKind.Udp, new IPEndPoint(peer.Remote.Address, port));
    }

    // 224.0.0.0/4 (RFC 5771) and ff00::/8 (RFC 4291 2.7).
    private static bool IsMulticast(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        return address.IsIPv6Multicast
            || (address.TryWriteBytes(bytes, out var length) && length == 4 && (bytes[0] & 0xF0) == 0xE0);
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
