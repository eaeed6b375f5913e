using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Conference.Protocol;
using Sip.Stack.Transport;

namespace AppServer.Registrations;

/// <summary>Knows where members are: the local registrar in <c>Standalone</c> mode, the S-CSCF route in <c>Ims</c>
/// mode.</summary>
/// <remarks>All members may be called from any thread and never block.</remarks>
public interface IContactDirectory
{
    /// <summary>Where a request to a participant goes now.</summary>
    /// <param name="participant">Its public identity.</param>
    /// <param name="route">Of its best contact: highest q, then the one registered last.</param>
    /// <returns>False when it has no contact at present: wait for <see cref="BecameReachable"/>.</returns>
    bool TryLocate(ParticipantUri participant, [NotNullWhen(true)] out ContactRoute? route);

    /// <summary>A contact of this participant was registered or refreshed. Raised on the thread that handles the
    /// REGISTER: a handler returns at once.</summary>
    event Action<ParticipantUri>? BecameReachable;
}

/// <summary>How a request reaches one contact.</summary>
/// <param name="Destination">The next hop, with the connection to use where the contact came over one.</param>
/// <param name="RequestUri">The Contact as registered; null for the member's public identity (mode <c>Ims</c>), so that
/// one route serves all members.</param>
/// <param name="RouteSet">Values of Route headers in order, each with its angle brackets: the Path (RFC 3327) or the
/// S-CSCF route. Empty for none.</param>
/// <param name="AssertsIdentity">Whether the conference URI goes along as P-Asserted-Identity (RFC 3325): only into a
/// trust domain.</param>
/// <param name="Expires">Until when the contact is known; <see cref="DateTimeOffset.MaxValue"/> without an end.</param>
public sealed record ContactRoute(
    SipDestination Destination,
    string? RequestUri,
    ImmutableArray<string> RouteSet,
    bool AssertsIdentity,
    DateTimeOffset Expires);
