using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Runtime.CompilerServices;
using Conference.Protocol;
using Sip.Stack.Registration;
using Sip.Stack.Transport;

namespace AppServer.Registrations;

/// <summary>Members as they registered here.</summary>
public sealed class StandaloneContacts : IContactDirectory
{
    private readonly Registrar _registrar;

    // One route object per binding: a path makes its message head again only when the object is another one.
    private readonly ConditionalWeakTable<Binding, BindingRoutes> _routes = [];

    /// <summary>Stands on the registrar.</summary>
    public StandaloneContacts(Registrar registrar)
    {
        _registrar = registrar;
        registrar.BindingsChanged += OnChanged;
    }

    /// <inheritdoc/>
    public event Action<ParticipantUri>? BecameReachable;

    /// <inheritdoc/>
    public bool TryLocate(ParticipantUri participant, [NotNullWhen(true)] out ContactRoute? route)
    {
        var bindings = _registrar.Lookup(participant.Value);
        if (bindings.IsEmpty)
        {
            route = null;
            return false;
        }

        // The flow, not the Contact's address: a client behind a NAT is only there (RFC 5626 1). When the stream is
        // gone (restart of either side) its source port is nowhere; the Contact may be listened on.
        var best = bindings[0];
        var routes = _routes.GetValue(best, static binding => BindingRoutes.Of(binding));
        var isOpen = best.Flow.Transport == SipTransportKind.Udp || best.Flow.Connection is { IsOpen: true };
        route = isOpen ? routes.ByFlow : routes.ByContact ?? routes.ByFlow;
        return true;
    }

    private void OnChanged(BindingsChange change)
    {
        if (change.Cause != BindingsChangeCause.Registered || change.Bindings.IsEmpty) return;
        if (ParticipantUri.TryParse(change.AddressOfRecord, out var participant)) BecameReachable?.Invoke(participant);
    }

    private sealed record BindingRoutes(ContactRoute ByFlow, ContactRoute? ByContact)
    {
        internal static BindingRoutes Of(Binding binding)
        {
            var byFlow = new ContactRoute(
                binding.Flow.ToDestination(), binding.ContactText, binding.Path, AssertsIdentity: false,
                binding.ExpiresAt);
            // Only an address can be gone to without a resolver, which would block here.
            if (!IPAddress.TryParse(binding.Contact.HostWithoutBrackets, out var address)) return new(byFlow, null);
            var transport = binding.Contact.TransportParameter == "tcp" ? SipTransportKind.Tcp : SipTransportKind.Udp;
            var direct = new SipDestination(transport, new IPEndPoint(address, binding.Contact.Port ?? 5060));
            return new(byFlow, byFlow with { Destination = direct });
        }
    }
}
