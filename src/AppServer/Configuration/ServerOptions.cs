using System.Collections.Immutable;

namespace AppServer.Configuration;

/// <summary>How senders are known and members are found.</summary>
public enum ServerMode
{
    /// <summary>SIP clients talk to it directly: digest authentication, own registrar.</summary>
    Standalone,

    /// <summary>S-CSCFs talk to it over ISC: identities are asserted by the trust domain.</summary>
    Ims,
}

/// <summary>What this server is and where it keeps its data.</summary>
public sealed record ServerOptions
{
    /// <summary>Standalone: digest authentication and own registrar. Ims: behind S-CSCFs over ISC.</summary>
    public ServerMode Mode { get; init; } = ServerMode.Standalone;

    /// <summary>Domain of the conference URIs (and of the users in Standalone mode). Short: an S-CSCF may not survive
    /// identities over 90 characters.</summary>
    public string Domain { get; init; } = "conference.example";

    /// <summary>Other host names and addresses that mean the same domain, for clients that know only an address.
    /// </summary>
    public ImmutableArray<string> DomainAliases { get; init; } =
        ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>User part of the conference factory URI (RFC 4579 5.4): a create request goes there.</summary>
    public string FactoryUser { get; init; } = "factory";

    /// <summary>Folder for the database, page images and keys. Made when missing; relative to the working directory.
    /// </summary>
    public string DataDirectory { get; init; } = "data";

    /// <summary>Secret of this installation, 32 bytes or more in Base64: signs references and nonces and makes
    /// conference URIs unguessable. All nodes share one; empty makes one in the data directory.</summary>
    [SecretOption]
    public string Secret { get; init; } = "";
}
