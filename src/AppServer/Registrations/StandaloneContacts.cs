using System.Diagnostics.CodeAnalysis;
using Conference.Protocol;
using Sip.Stack.Registration;

namespace AppServer.Registrations;

/// <summary>Members as they registered here.</summary>
public sealed class StandaloneContacts : IContactDirectory
{
    private readonly Registrar _registrar;

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

        // The flow, not the Contact's address: a client behind a NAT is only there (RFC 5626 1).
        var best = bindings[0];
        route = new ContactRoute(
            best.Flow.ToDestination(), best.ContactText, best.Path, AssertsIdentity: false, best.ExpiresAt);
        return true;
    }

    private void OnChanged(BindingsChange change)
    {
        if (change.Cause != BindingsChangeCause.Registered || change.Bindings.IsEmpty) return;
        if (ParticipantUri.TryParse(change.AddressOfRecord, out var participant)) BecameReachable?.Invoke(participant);
    }
}
