using System.Collections.Immutable;
using System.Threading.Channels;
using AppServer.Configuration;
using AppServer.Registrations;
using Conference.Actors.Ports;
using Conference.Protocol;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sip.Stack.Registration;
using Sip.Stack.Transport;
using Xunit;

namespace AppServer.Tests.Registrations;

public sealed class ImsRegistrationsTests : IDisposable
{
    private const string Alice = "sip:alice@ims.example";
    private const string Bob = "sip:bob@ims.example";
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 9, 0, 0, TimeSpan.Zero));
    private readonly WatchedStore _store = new();
    private readonly ThirdPartyRegistrations _table;
    private int _reports;

    public ImsRegistrationsTests() => _table = NewTable();

    public void Dispose() => _table.Dispose();

    [Fact]
    public async Task Reports_AreStored_AndKnownAgainAfterARestart()
    {
        await using (var service = Make(_table))
        {
            await service.StartAsync(CancellationToken.None);
            Report(Alice, 600);
            Report(Bob, 60);
            Report(Alice, 0);
            Report(Alice, 300);
            for (var i = 0; i < 4; i++) await _store.NextWriteAsync();
        }

        _time.Advance(TimeSpan.FromSeconds(61));
        using var second = NewTable();
        await using var again = Make(second);
        await again.StartAsync(CancellationToken.None);
        Assert.Equal((true, false), (second.IsRegistered(Alice), second.IsRegistered(Bob)));
        _time.Advance(TimeSpan.FromSeconds(240));
        Assert.False(second.IsRegistered(Alice));
    }

    [Fact]
    public async Task Deregistration_LeavesNothingInTheStore()
    {
        await using var service = Make(_table);
        await service.StartAsync(CancellationToken.None);
        Report(Alice, 600);
        Report(Alice, 0);
        Assert.Equal((Alice, 1), await _store.NextWriteAsync());
        Assert.Equal((Alice, 0), await _store.NextWriteAsync());
        Assert.Empty(await _store.ReadAllAsync(default));
    }

    [Theory]
    [InlineData(typeof(StoreUnavailableException))]
    [InlineData(typeof(InvalidOperationException))] // a bug of a store
    [InlineData(typeof(OperationCanceledException))] // its own, not ours
    public async Task WriteThatFails_IsGivenUp_TheNextIsNot(Type failure)
    {
        await using var service = Make(_table);
        await service.StartAsync(CancellationToken.None);
        _store.FailNextWrite = (Exception)Activator.CreateInstance(failure, "as the test wishes")!;
        Report(Alice, 600);
        Assert.Equal((Alice, 1), await _store.NextWriteAsync());
        Report(Bob, 600);
        Assert.Equal((Bob, 1), await _store.NextWriteAsync());
        Assert.Equal(Bob, Assert.Single(await _store.ReadAllAsync(default)).AddressOfRecord);
    }

    [Fact]
    public async Task StoreThatIsAwayAtStart_IsDoneWithout_AndTheRouteIsThere()
    {
        _store.FailNextRead = new StoreUnavailableException("as the test wishes");
        var contacts = Contacts(_table);
        await using var service = Make(_table, contacts);
        await service.StartAsync(CancellationToken.None);
        Assert.True(contacts.TryLocate(ParticipantUri.Parse(Alice), out var route));
        Assert.Equal("192.0.2.12:5060", route.Destination.Address.ToString());
    }

    private ThirdPartyRegistrations NewTable() =>
        new(new ThirdPartyOptions(), _time, NullLogger<ThirdPartyRegistrations>.Instance);

    private static ImsContacts Contacts(ThirdPartyRegistrations table) =>
        new(new ImsOptions { ScscfRoute = "sip:192.0.2.12:5060" }, table);

    private ImsRegistrations Make(ThirdPartyRegistrations table, ImsContacts? contacts = null) => new(
        table, contacts ?? Contacts(table), _store, new SipResolver(new SipResolverOptions(), _time), _time,
        NullLogger<ImsRegistrations>.Instance);

    private void Report(string identity, uint expires)
    {
        _reports++;
        _table.Report(new ThirdPartyReport(identity, $"c{_reports}", 1, $"b{_reports}", expires, []));
    }

    /// <summary>Says of each write when it was tried; fails when it is told to.</summary>
    private sealed class WatchedStore : IRegistrationStore
    {
        private readonly Conference.Store.InMemory.InMemoryRegistrationStore _inner = new();
        private readonly Channel<(string, int)> _writes = Channel.CreateUnbounded<(string, int)>();

        internal Exception? FailNextWrite { get; set; }

        internal Exception? FailNextRead { get; set; }

        /// <summary>Identity and number of bindings of the next write, in order.</summary>
        internal async Task<(string Identity, int Bindings)> NextWriteAsync() =>
            await _writes.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));

        public async ValueTask WriteAsync(
            string addressOfRecord, ImmutableArray<StoredBinding> bindings, CancellationToken cancel)
        {
            var failure = FailNextWrite;
            FailNextWrite = null;
            if (failure is null) await _inner.WriteAsync(addressOfRecord, bindings, cancel);
            _writes.Writer.TryWrite((addressOfRecord, bindings.Length));
            if (failure is not null) throw failure;
        }

        public ValueTask<ImmutableArray<StoredRegistration>> ReadAllAsync(CancellationToken cancel)
        {
            var failure = FailNextRead;
            FailNextRead = null;
            return failure is null ? _inner.ReadAllAsync(cancel) : throw failure;
        }
    }
}
