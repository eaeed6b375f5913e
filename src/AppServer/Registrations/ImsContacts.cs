using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using AppServer.Configuration;
using Conference.Protocol;
using Sip.Stack.Messages;
using Sip.Stack.Registration;
using Sip.Stack.Transport;

namespace AppServer.Registrations;

/// <summary>Members behind the S-CSCF: every request leaves by its route, addressed to the public identity.</summary>
/// <remarks>
/// What third-party REGISTER says only wakes deliveries; it never holds one back. Nothing tells of a registration that
/// expires, and "not registered" is said while another device still is: the S-CSCF's 480 is the truth.
/// </remarks>
public sealed class ImsContacts : IContactDirectory
{
    private readonly ImmutableArray<string> _routeSet;
    private volatile ContactRoute? _route;

    /// <summary>Puts it together.</summary>
    public ImsContacts(ImsOptions options, ThirdPartyRegistrations registrations)
    {
        Route = SipUri.TryParse(options.ScscfRoute, out var uri)
            ? uri
            : throw new FormatException($"'{options.ScscfRoute}' is no SIP URI.");
        _routeSet = [RouteHeader(options.ScscfRoute, options.OriginatingServices)];
        registrations.Registered += registration =>
        {
            if (!ParticipantUri.TryParse(registration.Identity, out var participant)) return;
            BecameReachable?.Invoke(participant);
        };
    }

    /// <inheritdoc/>
    public event Action<ParticipantUri>? BecameReachable;

    /// <summary>The S-CSCF as configured.</summary>
    internal SipUri Route { get; }

    /// <summary>The name of the S-CSCF was resolved.</summary>
    internal void Resolved(SipDestination next)
    {
        if (_route is { } known && known.Destination == next) return;
        _route = new ContactRoute(next, RequestUri: null, _routeSet, AssertsIdentity: true, DateTimeOffset.MaxValue);
    }

    /// <inheritdoc/>
    /// <remarks>False only while the S-CSCF's name has never been resolved.</remarks>
    public bool TryLocate(ParticipantUri participant, [NotNullWhen(true)] out ContactRoute? route)
    {
        route = _route; // One for all: links keep what they rendered for as long as it is the same object.
        return route is not null;
    }

    /// <summary>The Route value: <c>;lr</c> (RFC 3261 16.12), and <c>;orig</c> for originating services.</summary>
    internal static string RouteHeader(string uri, bool originating)
    {
        var text = uri;
        if (!HasParameter(uri, "lr")) text += ";lr";
        if (originating && !HasParameter(uri, "orig")) text += ";orig";
        return $"<{text}>";
    }

    private static bool HasParameter(string uri, string name) =>
        uri.Split(';').Skip(1).Any(part => part.Split('=')[0].Equals(name, StringComparison.OrdinalIgnoreCase));
}
