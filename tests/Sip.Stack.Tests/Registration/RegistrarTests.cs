using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sip.Stack.Registration;
using static Sip.Stack.Tests.Registration.RegisterCommands;

namespace Sip.Stack.Tests.Registration;

public sealed class RegistrarTests : IDisposable
{
    private const string Alice = "sip:alice@example.com";
    private const string Bob = "sip:bob@example.com";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly MemoryBindingStore _store = new();
    private readonly List<BindingsChange> _changes = [];
    private readonly Registrar _registrar;

    public RegistrarTests() => _registrar = NewRegistrar(new RegistrarOptions());

    public void Dispose() => _registrar.Dispose();

    private Registrar NewRegistrar(RegistrarOptions options)
    {
        var registrar = new Registrar(options, _store, _time, NullLogger<Registrar>.Instance);
        registrar.BindingsChanged += _changes.Add;
        return registrar;
    }

    [Fact]
    public async Task Register_IsStoredThenAnnouncedThenFound()
    {
        var step = await _registrar.RegisterAsync(Alice, Register("a", 1, Contact("sip:a@x")));

        Assert.Equal(RegisterOutcome.Updated, step.Outcome);
        Assert.Equal(step.Bindings, _store.Addresses[Alice]);
        Assert.Equal(step.Bindings, _registrar.Lookup(Alice));
        var change = Assert.Single(_changes);
        Assert.Equal((Alice, BindingsChangeCause.Registered), (change.AddressOfRecord, change.Cause));
    }

    [Fact]
    public async Task Lookup_OfSeveralContacts_IsBestFirst()
    {
        await _registrar.RegisterAsync(
            Alice, Register("a", 1, Contact("sip:low@x", preference: 1), Contact("sip:high@x", preference: 900)));

        Assert.Equal(["sip:high@x", "sip:low@x"], _registrar.Lookup(Alice).Select(one => one.ContactText));
        Assert.Empty(_registrar.Lookup(Bob));
    }

    [Fact]
    public async Task Expiry_OfOneContact_IsAnnouncedWithWhatIsLeft()
    {
        await _registrar.RegisterAsync(Alice, Register("a", 1, Contact("sip:a@x", 60), Contact("sip:b@x", 600)));
        _changes.Clear();

        _time.Advance(TimeSpan.FromSeconds(61));

        var change = Assert.Single(_changes);
        Assert.Equal(BindingsChangeCause.Expired, change.Cause);
        Assert.Equal("sip:b@x", Assert.Single(change.Bindings).ContactText);
    }

    [Fact]
    public async Task Expiry_AfterRefreshes_ComesOnceAtTheLastTime()
    {
        for (uint cseq = 1; cseq <= 5; cseq++)
        {
            await _registrar.RegisterAsync(Alice, Register("a", cseq, Contact("sip:a@x", 60)));
            _time.Advance(TimeSpan.FromSeconds(30));
        }

        Assert.DoesNotContain(_changes, change => change.Cause == BindingsChangeCause.Expired);
        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.Empty(Assert.Single(_changes, change => change.Cause == BindingsChangeCause.Expired).Bindings);
        Assert.Equal(0, _registrar.Count);
    }

    [Fact]
    public async Task Lookup_BetweenSweeps_DoesNotReturnTheExpired()
    {
        using var lazy = NewRegistrar(new RegistrarOptions { SweepInterval = TimeSpan.FromDays(1) });
        await lazy.RegisterAsync(Alice, Register("a", 1, Contact("sip:a@x", 60)));

        _time.Advance(TimeSpan.FromSeconds(60));

        Assert.Empty(lazy.Lookup(Alice));
    }

    [Fact]
    public async Task Register_OfRemoval_ClearsTheStore()
    {
        await _registrar.RegisterAsync(Alice, Register("a", 1, Contact("sip:a@x")));
        await _registrar.RegisterAsync(Alice, Register("a", 2) with { IsWildcard = true, HeaderExpires = 0 });

        Assert.Empty(_registrar.Lookup(Alice));
        Assert.False(_store.Addresses.ContainsKey(Alice));
        Assert.Equal(0, _registrar.Count);
    }

    [Fact]
    public async Task Register_BeyondTheLimitOfAddresses_IsRefusedButRefreshesGoOn()
    {
        using var small = NewRegistrar(new RegistrarOptions { AddressesMax = 1 });
        await small.RegisterAsync(Alice, Register("a", 1, Contact("sip:a@x")));

        var bob = await small.RegisterAsync(Bob, Register("b", 1, Contact("sip:b@x")));
        var alice = await small.RegisterAsync(Alice, Register("a", 2, Contact("sip:a@x")));

        Assert.Equal(RegisterOutcome.RegistrarFull, bob.Outcome);
        Assert.Equal(RegisterOutcome.Updated, alice.Outcome);
    }

    [Fact]
    public async Task Register_WhenTheStoreFails_IsRefusedAndChangesNothing()
    {
        _store.Fault = new IOException("disk full");

        var refused = await _registrar.RegisterAsync(Alice, Register("a", 1, Contact("sip:a@x")));
        _store.Fault = null;
        var accepted = await _registrar.RegisterAsync(Alice, Register("a", 1, Contact("sip:a@x")));

        Assert.Equal(RegisterOutcome.StoreUnavailable, refused.Outcome);
        Assert.Equal(RegisterOutcome.Updated, accepted.Outcome);
        Assert.Single(_changes);
    }

    [Fact]
    public async Task Register_WhenTheStoreHangs_IsRefusedInTime()
    {
        _store.Hang = new TaskCompletionSource();

        var pending = _registrar.RegisterAsync(Alice, Register("a", 1, Contact("sip:a@x"))).AsTask();
        _time.Advance(TimeSpan.FromSeconds(1.5));

        Assert.Equal(RegisterOutcome.StoreUnavailable, (await pending).Outcome);
        Assert.Empty(_registrar.Lookup(Alice));
    }

    [Fact]
    public async Task Register_OfOneAddressAtOnce_TakesTurns()
    {
        var hang = _store.Hang = new TaskCompletionSource();
        var first = _registrar.RegisterAsync(Alice, Register("a", 1, Contact("sip:a@x"))).AsTask();
        var second = _registrar.RegisterAsync(Alice, Register("b", 1, Contact("sip:b@x"))).AsTask();
        _store.Hang = null;

        hang.SetResult();
        await Task.WhenAll(first, second);

        Assert.Equal(2, _registrar.Lookup(Alice).Length);
        Assert.Equal([1, 2], _changes.Select(change => change.Bindings.Length));
    }

    [Fact]
    public async Task Restore_TakesWhatHasNotExpired()
    {
        await _registrar.RegisterAsync(Alice, Register("a", 1, Contact("sip:a@x", 60)));
        await _registrar.RegisterAsync(Bob, Register("b", 1, Contact("sip:b@x", 600)));
        _time.Advance(TimeSpan.FromSeconds(61));
        using var restarted = NewRegistrar(new RegistrarOptions());

        await restarted.RestoreAsync(CancellationToken.None);

        Assert.Empty(restarted.Lookup(Alice));
        Assert.Equal("sip:b@x", Assert.Single(restarted.Lookup(Bob)).ContactText);
        Assert.Equal(
            RegisterOutcome.OutOfOrder,
            (await restarted.RegisterAsync(Bob, Register("b", 1, Contact("sip:b@x")))).Outcome);
    }

    [Fact]
    public async Task Dispose_WhileTheStoreHasARegister_LeavesItItsAnswer()
    {
        _store.Hang = new TaskCompletionSource();
        var registrar = NewRegistrar(new RegistrarOptions());
        var first = registrar.RegisterAsync(Alice, Register("a", 1, Contact("sip:a@x"))).AsTask();
        var second = registrar.RegisterAsync(Alice, Register("a", 2, Contact("sip:a@x"))).AsTask();

        registrar.Dispose();
        _store.Hang.SetResult();

        Assert.Equal(RegisterOutcome.Updated, (await first).Outcome);
        Assert.Equal(RegisterOutcome.Updated, (await second).Outcome);
    }

    [Fact]
    public async Task Restore_BeyondTheLimit_SaysSo()
    {
        await _registrar.RegisterAsync(Alice, Register("a", 1, Contact("sip:a@x")));
        await _registrar.RegisterAsync(Bob, Register("b", 1, Contact("sip:b@x")));
        var log = new IdLog();
        using var small = new Registrar(new RegistrarOptions { AddressesMax = 1 }, _store, _time, log);

        await small.RestoreAsync(CancellationToken.None);

        Assert.Equal(1, small.Count);
        Assert.Contains(1406, log.Ids);
    }

    [Fact]
    public async Task BindingsChanged_OfFailingListener_DisturbsNobody()
    {
        _registrar.BindingsChanged += _ => throw new InvalidOperationException("listener");

        var step = await _registrar.RegisterAsync(Alice, Register("a", 1, Contact("sip:a@x")));

        Assert.Equal(RegisterOutcome.Updated, step.Outcome);
        Assert.Single(_registrar.Lookup(Alice));
    }

    [Fact]
    public void Describe_OfEveryOutcome_HasAnAnswerAndItsOwnLabel()
    {
        var all = Enum.GetValues<RegisterOutcome>().Select(RegisterOutcomes.Describe).ToList();

        Assert.Equal(all.Count, all.Select(one => one.Label).Distinct().Count());
        Assert.All(all, one => Assert.InRange(one.Status, 200, 699));
    }

    private sealed class IdLog : ILogger<Registrar>
    {
        internal List<int> Ids { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => Ids.Add(eventId.Id);
    }

    private sealed class MemoryBindingStore : IBindingStore
    {
        public Dictionary<string, ImmutableArray<Binding>> Addresses { get; } = [];

        public Exception? Fault { get; set; }

        public TaskCompletionSource? Hang { get; set; }

        public async ValueTask WriteAsync(
            string addressOfRecord, ImmutableArray<Binding> bindings, CancellationToken cancel)
        {
            if (Hang is { } hang) await hang.Task;
            if (Fault is { } fault) throw fault;
            if (bindings.IsEmpty) Addresses.Remove(addressOfRecord);
            else Addresses[addressOfRecord] = bindings;
        }

        public ValueTask<ImmutableArray<RegisteredAddress>> ReadAllAsync(CancellationToken cancel) =>
            new([.. Addresses.Select(one => new RegisteredAddress(one.Key, one.Value))]);
    }
}
