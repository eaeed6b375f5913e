using System.Net;
using Sip.Stack.Transport;

namespace Sip.Stack.Registration;

/// <summary>The way a REGISTER came, so that requests can be sent back on it.</summary>
/// <remarks>
/// A client behind a NAT, and any client that only opens TCP, is not reachable at the address in its Contact, only
/// where it wrote from (RFC 5626 1). The flow is used instead of resolving the Contact; the Request-URI stays the
/// Contact.
/// </remarks>
/// <param name="Transport">The transport it arrived by.</param>
/// <param name="Remote">Source address of the datagram or stream.</param>
/// <param name="Connection">The stream; null for UDP and for a flow restored after a restart.</param>
public sealed record BindingFlow(SipTransportKind Transport, IPEndPoint Remote, SipConnection? Connection = null)
{
    /// <summary>The flow of a received request.</summary>
    public static BindingFlow From(in SipPeer peer) => new(peer.Transport, peer.Remote, peer.Connection);

    /// <summary>Where to send: the stream while it is open, else the address.</summary>
    public SipDestination ToDestination() => new(Transport, Remote, Connection);

    /// <summary>The stored form: <c>udp:192.0.2.1:5060</c>, <c>tcp:[2001:db8::1]:5060</c>.</summary>
    public override string ToString() => $"{Transport.Label()}:{Remote}";

    /// <summary>Reads the stored form; the connection of a former process is gone.</summary>
    public static bool TryParse(string text, out BindingFlow? flow)
    {
        flow = null;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || !IPEndPoint.TryParse(text.AsSpan(colon + 1), out var remote)) return false;
        foreach (var transport in Enum.GetValues<SipTransportKind>())
        {
            if (!text.AsSpan(0, colon).SequenceEqual(transport.Label())) continue;
            flow = new BindingFlow(transport, remote);
            return true;
        }

        return false;
    }
}
