using System.Collections.Immutable;
using Conference.Actors.Ports;
using Sip.Stack.Messages;
using Sip.Stack.Registration;

namespace AppServer.Registrations;

/// <summary>Keeps the registrar's bindings in the conference store, so that a restarted server finds its members.
/// </summary>
/// <remarks>The connection a client registered over ends with the process: after a restart its address is tried, and a
/// client behind a NAT over TCP is found again with its next REGISTER.</remarks>
public sealed class BindingStore : IBindingStore
{
    private readonly IRegistrationStore _store;

    /// <summary>Stands on a store.</summary>
    public BindingStore(IRegistrationStore store) => _store = store;

    /// <inheritdoc/>
    public ValueTask WriteAsync(
        string addressOfRecord, ImmutableArray<Binding> bindings, CancellationToken cancel) =>
        _store.WriteAsync(addressOfRecord, [.. bindings.Select(ToStored)], cancel);

    /// <inheritdoc/>
    /// <remarks>A binding that cannot be read back is left out: its client registers again.</remarks>
    public async ValueTask<ImmutableArray<RegisteredAddress>> ReadAllAsync(CancellationToken cancel)
    {
        var stored = await _store.ReadAllAsync(cancel);
        return [.. stored.Select(one => new RegisteredAddress(
            one.AddressOfRecord, [.. one.Bindings.Select(FromStored).OfType<Binding>()]))];
    }

    private static StoredBinding ToStored(Binding binding) => new(
        binding.ContactText, binding.Path, binding.Flow.ToString(), binding.CallId, binding.CSeq, binding.Preference,
        binding.ExpiresAt);

    private static Binding? FromStored(StoredBinding stored)
    {
        if (!SipUri.TryParse(stored.Contact, out var contact)) return null;
        if (!BindingFlow.TryParse(stored.Source, out var flow)) return null;
        return new Binding
        {
            Contact = contact,
            ContactText = stored.Contact,
            Preference = stored.Preference,
            CallId = stored.CallId,
            CSeq = stored.CSeq,
            Path = stored.Path,
            Flow = flow!,
            RegisteredAt = DateTimeOffset.MinValue, // behind everything that registers from now on
            ExpiresAt = stored.Expires,
        };
    }
}
