using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Sip.Stack.Registration;

/// <summary>Holds the bindings of all addresses-of-record (RFC 3261 10.3). Thread-safe.</summary>
/// <remarks>
/// The rules are in <see cref="RegistrarRules"/>. A REGISTER is answered after the store has it: a client that got a
/// 200 is found again after a restart. Requests for one address-of-record take turns (they share one of
/// <see cref="Lanes"/> semaphores), so that the store sees their writes in order; look-ups never wait for that.
/// </remarks>
public sealed class Registrar : IDisposable
{
    /// <summary>Enough that two addresses-of-record seldom meet, few enough to cost nothing.</summary>
    private const int Lanes = 64;

    private readonly RegistrarOptions _options;
    private readonly IBindingStore? _store;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly SemaphoreSlim[] _lanes;
    private readonly EventRelay<BindingsChange> _events;
    private readonly ITimer _sweep;
    private readonly Lock _gate = new();

    // Guarded by _gate.
    private readonly Dictionary<string, ImmutableArray<Binding>> _addresses = new(StringComparer.Ordinal);
    private readonly ExpiryQueue<string> _expiry = new();
    private int _reserved; // New addresses whose write is under way; they count against the limit.

    /// <summary>Makes an empty registrar and starts looking for expired bindings.</summary>
    /// <param name="store">Null for one that forgets everything at its end.</param>
    public Registrar(RegistrarOptions options, IBindingStore? store, TimeProvider time, ILogger<Registrar> log)
    {
        _options = options;
        _store = store;
        _time = time;
        _log = log;
        _lanes = [.. Enumerable.Range(0, Lanes).Select(_ => new SemaphoreSlim(1, 1))];
        _events = new EventRelay<BindingsChange>(Raise);
        _sweep = time.CreateTimer(_ => Sweep(), null, options.SweepInterval, options.SweepInterval);
    }

    /// <summary>
    /// Bindings were made, refreshed, removed or ran out. Raised in order, on the thread that made the change; a
    /// listener must be quick and must not wait for this registrar.
    /// </summary>
    public event Action<BindingsChange>? BindingsChanged;

    /// <summary>The options it runs with.</summary>
    public RegistrarOptions Options => _options;

    /// <summary>How many addresses-of-record have bindings, those just expiring included.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _addresses.Count;
        }
    }

    /// <summary>
    /// Takes over what the store has; to be called once, before the first REGISTER. Raises no events.
    /// </summary>
    /// <exception cref="Exception">Whatever the store throws: a server should not start half blind.</exception>
    public async Task RestoreAsync(CancellationToken cancel)
    {
        if (_store is null) return;
        var stored = await _store.ReadAllAsync(cancel).ConfigureAwait(false);
        var now = _time.GetUtcNow();
        var (bindings, left) = (0, 0);
        lock (_gate)
        {
            foreach (var address in stored)
            {
                var live = RegistrarRules.Unexpired(address.Bindings, now);
                if (live.IsEmpty) continue;
                if (_addresses.Count >= _options.AddressesMax)
                {
                    left++;
                    continue;
                }

                Put(address.AddressOfRecord, live);
                bindings += live.Length;
            }
        }

        _log.Restored(Count, bindings);
        if (left > 0) _log.NotAllRestored(left, _options.AddressesMax);
    }

    /// <summary>Performs one REGISTER.</summary>
    /// <param name="addressOfRecord">From <see cref="AddressOfRecord.TryGet"/>.</param>
    /// <returns>The outcome and all bindings after it, unexpired; never throws for a failing store.</returns>
    public async ValueTask<RegistrarStep> RegisterAsync(
        string addressOfRecord, RegisterCommand command, CancellationToken cancel = default)
    {
        var lane = _lanes[(uint)StringComparer.Ordinal.GetHashCode(addressOfRecord) % Lanes];
        using var timeout = new CancellationTokenSource(_options.StoreTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancel);
        RegistrarStep step;
        try
        {
            await lane.WaitAsync(either.Token).ConfigureAwait(false);
            try
            {
                step = await TakeTurnAsync(addressOfRecord, command, either.Token).ConfigureAwait(false);
            }
            finally
            {
                lane.Release();
            }
        }
        catch (OperationCanceledException)
        {
            // Those before it at the same store took all the time there was.
            step = new RegistrarStep(RegisterOutcome.StoreUnavailable, Lookup(addressOfRecord));
        }

        RegistrationMetrics.Registers.WithLabels(RegisterOutcomes.Describe(step.Outcome).Label).Inc();
        _log.Registered(step.Outcome, addressOfRecord, step.Bindings.Length);
        _events.Deliver();
        return step;
    }

    /// <summary>The unexpired bindings, best first; empty when there are none.</summary>
    public ImmutableArray<Binding> Lookup(string addressOfRecord)
    {
        ImmutableArray<Binding> bindings;
        lock (_gate)
        {
            if (!_addresses.TryGetValue(addressOfRecord, out bindings)) return [];
        }

        return RegistrarRules.InOrderOfPreference(RegistrarRules.Unexpired(bindings, _time.GetUtcNow()));
    }

    /// <summary>Stops looking for expired bindings. Bindings stay in the store.</summary>
    /// <remarks>The lanes are left alone: a REGISTER that the store still has is answered, and a semaphore without a
    /// wait handle holds nothing that must be given back.</remarks>
    public void Dispose() => _sweep.Dispose();

    private async ValueTask<RegistrarStep> TakeTurnAsync(
        string addressOfRecord, RegisterCommand command, CancellationToken cancel)
    {
        RegistrarStep step;
        bool isNew;
        lock (_gate)
        {
            isNew = !_addresses.TryGetValue(addressOfRecord, out var before);
            step = RegistrarRules.Next(isNew ? [] : before, command, _time.GetUtcNow(), _options);
            if (step.Outcome != RegisterOutcome.Updated) return step;
            isNew = isNew && !step.Bindings.IsEmpty;
            if (isNew && _addresses.Count + _reserved >= _options.AddressesMax)
            {
                return new RegistrarStep(RegisterOutcome.RegistrarFull, []);
            }

            if (isNew) _reserved++;
        }

        var isDurable = await TryWriteAsync(addressOfRecord, step.Bindings, cancel).ConfigureAwait(false);
        lock (_gate)
        {
            if (isNew) _reserved--;
            if (!isDurable)
            {
                return new RegistrarStep(
                    RegisterOutcome.StoreUnavailable, _addresses.GetValueOrDefault(addressOfRecord, []));
            }

            Put(addressOfRecord, step.Bindings);
            Announce(addressOfRecord, step.Bindings, BindingsChangeCause.Registered);
        }

        return step;
    }

    private async ValueTask<bool> TryWriteAsync(
        string addressOfRecord, ImmutableArray<Binding> bindings, CancellationToken cancel)
    {
        if (_store is null) return true;
        try
        {
            // WaitAsync, because a store may be slow to notice that it is no longer wanted. Should it write after all,
            // then it has bindings that this registrar has refused; the client's next try writes over them.
            await _store.WriteAsync(addressOfRecord, bindings, cancel).AsTask().WaitAsync(cancel).ConfigureAwait(false);
            return true;
        }
        catch (Exception fault)
        {
            RegistrationMetrics.StoreFailures.WithLabels("registrar").Inc();
            _log.StoreFailed("registrar", fault);
            return false;
        }
    }

    /// <summary>
    /// Drops what ran out. The store is not told: it keeps expiry times and is read through the same filter.
    /// </summary>
    private void Sweep()
    {
        var now = _time.GetUtcNow();
        lock (_gate)
        {
            while (_expiry.TryTakeDue(now, out var addressOfRecord))
            {
                if (!_addresses.TryGetValue(addressOfRecord, out var bindings)) continue;
                var live = RegistrarRules.Unexpired(bindings, now);
                Put(addressOfRecord, live);
                if (live.Length == bindings.Length) continue;
                RegistrationMetrics.BindingsExpired.Inc(bindings.Length - live.Length);
                _log.Expired(addressOfRecord, live.Length);
                Announce(addressOfRecord, live, BindingsChangeCause.Expired);
            }
        }

        _events.Deliver();
    }

    // Under _gate.
    private void Put(string addressOfRecord, ImmutableArray<Binding> bindings)
    {
        if (bindings.IsEmpty)
        {
            _addresses.Remove(addressOfRecord);
            _expiry.Forget(addressOfRecord);
        }
        else
        {
            _addresses[addressOfRecord] = bindings;
            _expiry.Watch(addressOfRecord, bindings.Min(binding => binding.ExpiresAt));
        }

        RegistrationMetrics.Addresses.Set(_addresses.Count);
    }

    // Under _gate: the order of the events is the order of the changes.
    private void Announce(string addressOfRecord, ImmutableArray<Binding> bindings, BindingsChangeCause cause) =>
        _events.Queue(new BindingsChange(addressOfRecord, RegistrarRules.InOrderOfPreference(bindings), cause));

    private void Raise(BindingsChange change)
    {
        try
        {
            BindingsChanged?.Invoke(change);
        }
        catch (Exception fault)
        {
            _log.ListenerFailed(fault);
        }
    }
}
