using System.Collections.Immutable;
using System.Net;

namespace AppServer.FrontDoor;

/// <summary>The peers of the trust domain (RFC 3325 2.3), by address or CIDR block.</summary>
/// <remarks>Only addresses count, never ports: the S-CSCF's connections come from ephemeral ones.</remarks>
public sealed class PeerList
{
    private readonly ImmutableArray<IPNetwork> _networks;

    /// <summary>Reads addresses and blocks that <c>OptionsRules</c> has checked.</summary>
    public PeerList(IEnumerable<string> peers) =>
        _networks = [.. peers.Select(peer =>
            IPAddress.TryParse(peer, out var address)
                ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
                : IPNetwork.Parse(peer))];

    /// <summary>The trust domain as networks.</summary>
    public ImmutableArray<IPNetwork> Networks => _networks;

    /// <summary>Whether an address belongs to the trust domain.</summary>
    public bool Trusts(IPAddress address)
    {
        // A dual-stack socket shows IPv4 peers as ::ffff:a.b.c.d.
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        foreach (var network in _networks)
        {
            if (network.Contains(address)) return true;
        }

        return false;
    }
}
