using System.Net;

namespace Sip.Stack.Transport;

/// <summary>One address to listen on. UDP and TCP share the port: CSCFs switch between them at 1,300 bytes.</summary>
public sealed record SipListenEndpoint
{
    /// <summary>The local address. IPv6 Any is bound for IPv6 alone; name IPv4 Any beside it to serve both.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port; 0 takes one that is free for UDP and for TCP.</summary>
    public int Port { get; init; } = 5060;

    /// <summary>Whether to open UDP sockets.</summary>
    public bool Udp { get; init; } = true;

    /// <summary>Whether to open a TCP listener.</summary>
    public bool Tcp { get; init; } = true;

    /// <summary>
    /// What Via and Contact say instead of the bound address: needed behind NAT and in pods. Null: the bound one.
    /// </summary>
    public string? AdvertisedHost { get; init; }

    /// <summary>What Via and Contact say instead of the bound port. Null: the bound one.</summary>
    public int? AdvertisedPort { get; init; }
}

/// <summary>A listener as it came to be.</summary>
/// <param name="Transport">UDP or TCP.</param>
/// <param name="Address">The bound address with the real port.</param>
/// <param name="AdvertisedHost">Host for Via and Contact, IPv6 in brackets.</param>
/// <param name="AdvertisedPort">Port for Via and Contact.</param>
public sealed record SipListenPoint(
    SipTransportKind Transport, IPEndPoint Address, string AdvertisedHost, int AdvertisedPort);
