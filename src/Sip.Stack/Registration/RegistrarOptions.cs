namespace Sip.Stack.Registration;

/// <summary>What the registrar grants, and its limits.</summary>
public sealed record RegistrarOptions
{
    /// <summary>Granted when a client names no expiry: one hour, as RFC 3261 10.2 suggests.</summary>
    public TimeSpan ExpiresDefault { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Less is refused with 423. One minute: a client behind a NAT refreshes its UDP mapping that way, and one
    /// REGISTER a minute and user is bearable. Must not be over an hour (RFC 3261 10.3).
    /// </summary>
    public TimeSpan ExpiresMin { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>More is cut to this: two hours, so that a client that was switched off is found out some day.</summary>
    public TimeSpan ExpiresMax { get; init; } = TimeSpan.FromHours(2);

    /// <summary>Contacts of one address-of-record; beyond: <see cref="RegisterOutcome.TooManyContacts"/>.</summary>
    public int ContactsPerAddressMax { get; init; } = 10;

    /// <summary>Path values of one REGISTER; beyond: <see cref="RegisterOutcome.PathTooLong"/>.</summary>
    public int PathValuesMax { get; init; } = 16;

    /// <summary>
    /// Addresses-of-record in all, about 1 KiB each; beyond: <see cref="RegisterOutcome.RegistrarFull"/>.
    /// </summary>
    public int AddressesMax { get; init; } = 100_000;

    /// <summary>
    /// How long the store may take before the answer is 503. Well under the 2 s in which every request is answered.
    /// </summary>
    public TimeSpan StoreTimeout { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>Sent with 503, in seconds.</summary>
    public int RetryAfterSeconds { get; init; } = 10;

    /// <summary>How often expired bindings are looked for. A look-up never returns an expired one anyway.</summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromSeconds(1);
}
