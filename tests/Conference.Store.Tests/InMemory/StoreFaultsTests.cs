using Conference.Actors.Ports;
using Conference.Store.InMemory;
using Conference.Store.Tests.Contract;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Conference.Store.Tests.InMemory;

public sealed class StoreFaultsTests
{
    private static readonly Protocol.ConferenceUri Board = StoreSample.Conference("board");
    private readonly FakeTimeProvider _time = new();
    private readonly StoreFaults _faults;
    private readonly InMemoryConferenceStore _store;

    public StoreFaultsTests()
    {
        _faults = new StoreFaults(_time);
        _store = new InMemoryConferenceStore(_faults);
    }

    [Fact]
    public async Task Away_FailsEveryCall_WithoutEffect()
    {
        var epoch = await OwnAsync();
        _faults.IsAway = true;

        await Assert.ThrowsAsync<StoreUnavailableException>(() => AppendAsync(epoch));
        Assert.False(await _store.IsReachableAsync(default));

        _faults.IsAway = false;
        Assert.Equal(0, (await _store.TakeOwnershipAsync(Board, default)).LastRevision);
    }

    [Fact]
    public async Task LostAnswer_HasItsEffect_LostWriteHasNot()
    {
        var epoch = await OwnAsync();
        _faults.LoseNextWrites(1);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => AppendAsync(epoch));
        Assert.Empty(await _store.ReadEventsAsync(Board, 0, 1, default));

        _faults.LoseNextAnswers(1);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => AppendAsync(epoch));
        Assert.Single(await _store.ReadEventsAsync(Board, 0, 1, default));
        Assert.Equal(AppendOutcome.Appended, await AppendAsync(epoch));
    }

    [Fact]
    public async Task Delay_BelowTheTimeout_Delays_AboveIsUnavailable()
    {
        var epoch = await OwnAsync();
        _faults.Delay = TimeSpan.FromMilliseconds(500);
        var slow = AppendAsync(epoch);
        Assert.False(slow.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Equal(AppendOutcome.Appended, await slow);

        _faults.Delay = TimeSpan.FromSeconds(5);
        var tooSlow = AppendAsync(epoch);
        _time.Advance(_faults.CallTimeout);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => tooSlow);
    }

    [Fact]
    public async Task Hold_LetsCallsWait()
    {
        var epoch = await OwnAsync();
        var hold = _faults.Hold();
        var held = AppendAsync(epoch);
        Assert.False(held.IsCompleted);

        hold.Dispose();
        Assert.Equal(AppendOutcome.Appended, await held);
        Assert.Equal(AppendOutcome.Appended, await AppendAsync(epoch));
    }

    private async Task<long> OwnAsync() => (await _store.TakeOwnershipAsync(Board, default)).Epoch;

    private Task<AppendOutcome> AppendAsync(long epoch) =>
        _store.AppendAsync(Board, epoch, StoreSample.Events(1, 1), default).AsTask();
}
