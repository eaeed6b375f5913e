using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Sip.Stack.Transport;

/// <summary>Chooses what Via and Contact call a listener.</summary>
internal static class ListenPointNames
{
    internal static SipListenPoint For(SipTransportKind transport, IPEndPoint bound, SipListenEndpoint endpoint) => new(
        transport, bound, endpoint.AdvertisedHost ?? HostOf(bound.Address), endpoint.AdvertisedPort ?? bound.Port);

    /// <summary>An address as host of a URI or Via: IPv6 in brackets (RFC 3261 25.1 IPv6reference).</summary>
    internal static string Bracketed(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();

    /// <summary>sent-by of a stack that does not listen: the answer comes back on the stream it asked over.</summary>
    internal static string Unbound(in SipDestination destination) =>
        Bracketed(destination.Connection?.Local.Address ?? LoopbackOf(destination.Address.AddressFamily));

    private static IPAddress LoopbackOf(AddressFamily family) =>
        family == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Loopback : IPAddress.Loopback;

    private static string HostOf(IPAddress bound)
    {
        if (!bound.Equals(IPAddress.Any) && !bound.Equals(IPAddress.IPv6Any)) return Bracketed(bound);

        // Bound to every address: name one that others can reach.
        var found = NetworkInterface.GetAllNetworkInterfaces()
            .Where(n => n.OperationalStatus == OperationalStatus.Up
                && n.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(n => n.GetIPProperties().UnicastAddresses)
            .Select(a => a.Address)
            .FirstOrDefault(a => a.AddressFamily == bound.AddressFamily && !a.IsIPv6LinkLocal);
        return Bracketed(found ?? LoopbackOf(bound.AddressFamily));
    }
}
