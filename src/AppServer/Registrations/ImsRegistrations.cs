using System.Collections.Immutable;
using System.Threading.Channels;
using Conference.Actors.Ports;
using Sip.Stack.Registration;
using Sip.Stack.Transport;

namespace AppServer.Registrations;

/// <summary>Keeps what the S-CSCF reported over a restart, and its name resolved.</summary>
/// <remarks>
/// After a restart of this server nobody repeats the reports, so they are stored; as hints they are written behind, one
/// at a time, and a full queue drops the newest.
/// </remarks>
public sealed class ImsRegistrations : IRegistrationService, IAsyncDisposable
{
    private const int QueueLengthMax = 10_000;
    private static readonly TimeSpan ResolveInterval = TimeSpan.FromSeconds(30);

    private readonly ThirdPartyRegistrations _registrations;
    private readonly ImsContacts _contacts;
    private readonly IRegistrationStore _store;
    private readonly SipResolver _resolver;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _ending = new();
    private readonly Channel<(ThirdPartyRegistration Registration, bool IsRegistered)> _writes;
    private Task _loops = Task.CompletedTask;
    private long _dropped;

    /// <summary>Puts it together.</summary>
    public ImsRegistrations(
        ThirdPartyRegistrations registrations, ImsContacts contacts, IRegistrationStore store, SipResolver resolver,
        TimeProvider time, ILogger<ImsRegistrations> logger)
    {
        _registrations = registrations;
        _contacts = contacts;
        _store = store;
        _resolver = resolver;
        _time = time;
        _logger = logger;
        _writes = Channel.CreateBounded<(ThirdPartyRegistration, bool)>(
            new BoundedChannelOptions(QueueLengthMax) { SingleReader = true });
        registrations.Registered += registration => Queue(registration, true);
        registrations.Deregistered += registration => Queue(registration, false);
    }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancel)
    {
        try
        {
            var stored = await _store.ReadAllAsync(cancel);
            _registrations.Restore(stored
                .Where(one => one.Bindings.Length > 0)
                .Select(one => new ThirdPartyRegistration(one.AddressOfRecord, one.Bindings[0].Expires)));
        }
        catch (StoreUnavailableException failure)
        {
            RegistrationsLog.NotRestored(_logger, failure.Message);
        }

        await ResolveAsync(cancel);
        _loops = Task.WhenAll(Task.Run(WriteLoopAsync, cancel), Task.Run(ResolveLoopAsync, cancel));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _writes.Writer.TryComplete();
        await _loops;
        _ending.Dispose();
    }

    private void Queue(ThirdPartyRegistration registration, bool isRegistered)
    {
        if (_writes.Writer.TryWrite((registration, isRegistered))) return;
        var dropped = Interlocked.Increment(ref _dropped);
        if (long.IsPow2(dropped)) RegistrationsLog.StoreQueueFull(_logger, dropped);
    }

    private async Task WriteLoopAsync()
    {
        await foreach (var (registration, isRegistered) in _writes.Reader.ReadAllAsync())
        {
            ImmutableArray<StoredBinding> bindings = isRegistered
                ? [new StoredBinding(registration.Identity, [], "", "", 0, 1000, registration.ExpiresAt)]
                : [];
            try
            {
                await _store.WriteAsync(registration.Identity, bindings, _ending.Token);
            }
            catch (OperationCanceledException) when (_ending.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // Whatever it is, it costs this hint and not all that follow.
                RegistrationsLog.NotStored(_logger, failure.Message);
            }
        }
    }

    private async Task ResolveLoopAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(ResolveInterval, _time, _ending.Token);
                await ResolveAsync(_ending.Token);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    // A name that cannot be resolved any more keeps its last address.
    private async Task ResolveAsync(CancellationToken cancel)
    {
        var result = await _resolver.ResolveAsync(_contacts.Route, cancel);
        if (result.Destination is { } next) _contacts.Resolved(next);
        else RegistrationsLog.ScscfUnresolved(_logger, _contacts.Route.ToString(), result.Failure.ToString());
    }
}
