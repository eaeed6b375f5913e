using System.Collections.Immutable;
using Conference.Actors.Ports;

namespace Conference.Store.InMemory;

/// <summary>Registrations in this process's memory.</summary>
/// <param name="faults">Faults asked for by a test; null for none.</param>
public sealed class InMemoryRegistrationStore(StoreFaults? faults = null) : IRegistrationStore
{
    private readonly StoreFaults _faults = faults ?? new StoreFaults(TimeProvider.System);

    // Guarded by _gate.
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ImmutableArray<StoredBinding>> _registrations = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async ValueTask WriteAsync(
        string addressOfRecord, ImmutableArray<StoredBinding> bindings, CancellationToken cancel) =>
        await _faults.RunAsync("Writing a registration", isWrite: true, () =>
        {
            lock (_gate)
            {
                if (bindings.IsDefaultOrEmpty) _registrations.Remove(addressOfRecord);
                else _registrations[addressOfRecord] = bindings;
            }

            return true;
        }, cancel);

    /// <inheritdoc/>
    public ValueTask<ImmutableArray<StoredRegistration>> ReadAllAsync(CancellationToken cancel) =>
        _faults.RunAsync<ImmutableArray<StoredRegistration>>("Reading registrations", isWrite: false, () =>
        {
            lock (_gate) return [.. _registrations.Select(pair => new StoredRegistration(pair.Key, pair.Value))];
        }, cancel);
}
