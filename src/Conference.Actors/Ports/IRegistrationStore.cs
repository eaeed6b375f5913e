using System.Collections.Immutable;

namespace Conference.Actors.Ports;

/// <summary>Keeps registrations, so that a restarted server knows where its members are.</summary>
/// <remarks>Throws <see cref="StoreUnavailableException"/> as <see cref="IConferenceStore"/> does.</remarks>
public interface IRegistrationStore
{
    /// <summary>Replaces all bindings of one address-of-record; an empty list removes it. Durable when it returns, but
    /// not waited for on replicas: what is lost comes again with the next REGISTER.</summary>
    ValueTask WriteAsync(string addressOfRecord, ImmutableArray<StoredBinding> bindings, CancellationToken cancel);

    /// <summary>Reads all addresses-of-record with their bindings, expired ones included, in no particular order.
    /// </summary>
    ValueTask<ImmutableArray<StoredRegistration>> ReadAllAsync(CancellationToken cancel);
}

/// <summary>One address-of-record with its bindings.</summary>
public sealed record StoredRegistration(string AddressOfRecord, ImmutableArray<StoredBinding> Bindings);

/// <summary>One contact of an address-of-record (RFC 3261 10).</summary>
/// <param name="Contact">The Contact URI as registered.</param>
/// <param name="Path">Path values (RFC 3327), outermost last; empty for none.</param>
/// <param name="Source">Where the REGISTER came from: <c>udp:192.0.2.1:5060</c>.</param>
/// <param name="CallId">Of the REGISTER.</param>
/// <param name="CSeq">Of the REGISTER.</param>
/// <param name="Preference">q value in thousandths, 0 to 1000.</param>
/// <param name="Expires">Until when.</param>
public sealed record StoredBinding(
    string Contact, ImmutableArray<string> Path, string Source, string CallId, uint CSeq, int Preference,
    DateTimeOffset Expires);
