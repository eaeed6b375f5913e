using System.Collections.Immutable;
using Sip.Stack.Authentication;

namespace AppServer.Configuration;

/// <summary>Only in Standalone mode: users and registrations.</summary>
public sealed record StandaloneOptions
{
    /// <summary>File with the users and their passwords or HA1 values; relative to the configuration file.</summary>
    public string UsersFile { get; init; } = "users.json";

    /// <summary>Digest realm (RFC 3261 22.1), which HA1 values in the user file are made for; empty for Server:Domain.
    /// </summary>
    public string Realm { get; init; } = "";

    /// <summary>Digest algorithms offered, best first (RFC 8760 2.4). Some clients look at the first one only and give
    /// up when they do not know it: for those, Md5 first or alone.</summary>
    public ImmutableArray<DigestAlgorithm> DigestAlgorithms { get; init; } =
        [DigestAlgorithm.Sha256, DigestAlgorithm.Md5];

    /// <summary>How long a nonce is taken. A stale one costs the client one more round, no question to the user.
    /// </summary>
    public TimeSpan NonceLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Wrong passwords that one address may send in a minute; then it gets 403 for the rest of it.</summary>
    public int FailuresPerSourceMax { get; init; } = 20;

    /// <summary>Shortest registration; a shorter one is refused with 423 (RFC 3261 10.2.8).</summary>
    public TimeSpan RegistrationMin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest registration; a longer one is shortened.</summary>
    public TimeSpan RegistrationMax { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Most contacts of one user; one more is refused with 403.</summary>
    public int ContactsMax { get; init; } = 10;

    /// <summary>Most users that are registered at a time, about 1 KB each.</summary>
    public int UsersMax { get; init; } = 100_000;
}

/// <summary>Only in Ims mode: peers and routes.</summary>
public sealed record ImsOptions
{
    /// <summary>S-CSCFs and I-CSCFs of the trust domain, as addresses or CIDR blocks. All others get 403.</summary>
    public ImmutableArray<string> TrustedPeers { get; init; } = [];

    /// <summary>Datagrams a second that are read of all other addresses together, to answer the 403; more are dropped
    /// unread. 100: a peer that was forgotten here is told so, a flood is not.</summary>
    public int UntrustedPerSecondMax { get; init; } = 100;

    /// <summary>Where requests leave to, such as sip:scscf.ims.example:5060. ;lr and ;orig are added.</summary>
    public string ScscfRoute { get; init; } = "";

    /// <summary>Whether the S-CSCF is asked for originating services (;orig, TS 24.229 5.7.3); without, requests go
    /// straight to the member's side, one hop less.</summary>
    public bool OriginatingServices { get; init; } = true;

    /// <summary>Most registered users; beyond, a third-party REGISTER gets 503.</summary>
    public int RegistrationsMax { get; init; } = 500_000;
}
