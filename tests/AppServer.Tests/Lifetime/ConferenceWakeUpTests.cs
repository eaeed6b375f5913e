using AppServer.Configuration;
using AppServer.Lifetime;
using AppServer.Tests.Fakes;
using Conference.Actors.Ports;
using Conference.Protocol;
using Conference.Store.InMemory;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AppServer.Tests.Lifetime;

public sealed class ConferenceWakeUpTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeGateway _gateway = new();
    private readonly StoreFaults _faults;
    private readonly InMemoryConferenceStore _store;

    public ConferenceWakeUpTests()
    {
        _faults = new StoreFaults(_time);
        _store = new InMemoryConferenceStore(_faults);
    }

    [Fact]
    public async Task Run_TouchesEveryConference_OverSeveralPages()
    {
        await FillAsync(300);
        Assert.Equal(300, await RunAsync(new ProvisioningOptions { WakeUpPerSecond = 1_000_000 }));
        Assert.Equal(300, _gateway.Described.Distinct().Count());
    }

    [Fact]
    public async Task Run_StopsAtTheLimit()
    {
        await FillAsync(10);
        Assert.Equal(4, await RunAsync(new ProvisioningOptions { WakeUpPerSecond = 1_000_000, WakeUpMax = 4 }));
        Assert.Equal(0, await RunAsync(new ProvisioningOptions { WakeUpMax = 0 }));
    }

    [Fact]
    public async Task Run_IsPaced()
    {
        await FillAsync(3);
        var run = RunAsync(new ProvisioningOptions { WakeUpPerSecond = 1 });
        Assert.Single(_gateway.Described);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, _gateway.Described.Count);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(3, await run);
    }

    [Fact]
    public async Task Run_WithTheStoreAway_EndsQuietly()
    {
        await FillAsync(3);
        _faults.IsAway = true;
        Assert.Equal(0, await RunAsync(new ProvisioningOptions()));
    }

    private Task<int> RunAsync(ProvisioningOptions options) => new ConferenceWakeUp(
        options, _store, _gateway, _time, NullLogger<ConferenceWakeUp>.Instance).RunAsync(CancellationToken.None);

    private async Task FillAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var uri = ConferenceUri.Parse($"sip:conf-{i}@conf.example");
            var owner = await _store.TakeOwnershipAsync(uri, CancellationToken.None);
            await _store.AppendAsync(
                uri, owner.Epoch, [new StoredEvent(1, "x", "<e/>"u8.ToArray())], CancellationToken.None);
        }
    }
}
