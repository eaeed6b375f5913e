namespace Sip.Stack.Registration;

/// <summary>How reports of the S-CSCF about registrations are kept.</summary>
public sealed record ThirdPartyOptions
{
    /// <summary>
    /// Assumed when a report names no expiry: an hour, what most networks grant at least.
    /// </summary>
    public TimeSpan ExpiresDefault { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// The longest that one report is believed. Seven days and some: networks grant up to a week
    /// (TS 24.229 asks 600,000 s), and nothing tells when the network ends a registration.
    /// </summary>
    public TimeSpan ExpiresMax { get; init; } = TimeSpan.FromDays(8);

    /// <summary>
    /// How long branch, Call-ID and CSeq of a report are remembered to recognise its repetition: timer F is 32 s, and a
    /// retransmission can be overtaken by the next report.
    /// </summary>
    public TimeSpan DuplicateWindow { get; init; } = TimeSpan.FromSeconds(64);

    /// <summary>Reports remembered for that; beyond it the oldest is forgotten.</summary>
    public int DuplicatesMax { get; init; } = 100_000;

    /// <summary>Identities in all; beyond: <see cref="ThirdPartyOutcome.TableFull"/>.</summary>
    public int IdentitiesMax { get; init; } = 500_000;

    /// <summary>Identities taken from one P-Associated-URI; the rest is left out.</summary>
    public int AssociatedMax { get; init; } = 32;

    /// <summary>How often expired entries are looked for.</summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromSeconds(1);
}
