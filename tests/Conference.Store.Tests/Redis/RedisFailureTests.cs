using System.Diagnostics;
using Conference.Actors.Ports;
using Conference.Store.Tests.Contract;
using Tests.Shared.Redis;
using Xunit;

namespace Conference.Store.Tests.Redis;

/// <summary>Redis killed, frozen, restarted, full.</summary>
[NeedsRedis]
public sealed class RedisFailureTests
{
    private static readonly Protocol.ConferenceUri Board = StoreSample.Conference("board");

    [StoreFact]
    public async Task Kill9_WithAppendFsyncAlways_KeepsEverythingAcknowledged()
    {
        await using var server = await RedisServerProcess.CreateAsync("--appendfsync", "always");
        await using var store = new RedisUnderTest(server);
        var appended = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            AppendUntilAsync(store, StoreSample.Conference($"c{i}"), i == 0 ? server : null)));

        await server.StartAsync();

        await RecoverAsync(store);
        for (var i = 0; i < appended.Length; i++)
        {
            var conference = StoreSample.Conference($"c{i}");
            var stored = await store.Conferences.ReadEventsAsync(conference, 0, 1_000_000, default);
            Assert.InRange(stored.Length, appended[i], appended[i] + 1); // at most the one whose answer was lost
            Assert.Equal(stored.Length, (await store.Conferences.TakeOwnershipAsync(conference, default)).LastRevision);
        }
    }

    [StoreFact]
    public async Task Append_RepeatedAfterLostAnswer_IsStoredOnce()
    {
        await using var server = await RedisServerProcess.CreateAsync();
        await using var store = new RedisUnderTest(server);
        var epoch = (await store.Conferences.TakeOwnershipAsync(Board, default)).Epoch;
        await store.Conferences.AppendAsync(Board, epoch, StoreSample.Events(1, 1), default);

        server.Freeze(); // the command lies in its socket and is done later: ambiguous for us
        await AssertTimesOutAsync(
            store, store.Conferences.AppendAsync(Board, epoch, StoreSample.Events(2, 3), default).AsTask());
        server.Thaw();
        await RecoverAsync(store);

        Assert.Equal(AppendOutcome.Appended,
            await store.Conferences.AppendAsync(Board, epoch, StoreSample.Events(2, 3), default));
        Assert.Equal(3, (await store.Conferences.ReadEventsAsync(Board, 0, 10, default)).Length);
    }

    [StoreFact]
    public async Task EveryCall_WithFrozenServer_IsUnavailable_AndRecovers()
    {
        await using var server = await RedisServerProcess.CreateAsync();
        await using var store = new RedisUnderTest(server);
        var epoch = (await store.Conferences.TakeOwnershipAsync(Board, default)).Epoch;
        var digest = StoreSample.Digest([1]);
        server.Freeze();

        await AssertTimesOutAsync(
            store,
            store.Conferences.TakeOwnershipAsync(Board, default).AsTask(),
            store.Conferences.AppendAsync(Board, epoch, StoreSample.Events(1, 1), default).AsTask(),
            store.Conferences.ReadEventsAsync(Board, 0, 1, default).AsTask(),
            store.Blobs.GetAsync(digest, default).AsTask(),
            store.Registrations.ReadAllAsync(default).AsTask());
        var probe = store.Conferences.IsReachableAsync(default).AsTask();
        await LetTimePassAsync(store, probe);
        Assert.False(await probe);

        server.Thaw();
        await RecoverAsync(store);
        Assert.True((await store.Conferences.TakeOwnershipAsync(Board, default)).Epoch > epoch);
    }

    [StoreFact]
    public async Task Calls_AfterManyFailures_FailAtOnce_UntilTheBreakerCloses()
    {
        await using var server = await RedisServerProcess.CreateAsync();
        await using var store = new RedisUnderTest(server, options => options with
        {
            BreakerOpenFor = TimeSpan.FromSeconds(20),
        });
        await store.Conferences.TakeOwnershipAsync(Board, default);
        server.Freeze();
        var calls = Enumerable.Range(0, 20)
            .Select(_ => store.Conferences.TakeOwnershipAsync(Board, default).AsTask()).ToList();
        store.Time.Advance(store.Options.CallTimeout); // once: the breaker forgets what is longer ago
        foreach (var call in calls) await AssertUnavailableAsync(() => call);

        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await store.Conferences.TakeOwnershipAsync(Board, default));
        Assert.Contains("Redis failed just before", refused.Message, StringComparison.Ordinal); // not even tried

        server.Thaw();
        while (!await store.Conferences.IsReachableAsync(default)) await Task.Delay(20); // it goes past the breaker
        refused = await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await store.Conferences.TakeOwnershipAsync(Board, default));
        Assert.Contains("Redis failed just before", refused.Message, StringComparison.Ordinal);
        await RecoverAsync(store); // its time is over
    }

    [StoreFact]
    public async Task Open_WithoutServer_StartsAndComesIntoServiceWithIt()
    {
        await using var server = await RedisServerProcess.CreateAsync();
        server.Kill();
        await using var store = new RedisUnderTest(server);

        await store.Connections.StartAsync(default);
        Assert.False(await store.Conferences.IsReachableAsync(default));
        await AssertUnavailableAsync(async () => await store.Conferences.TakeOwnershipAsync(Board, default));

        await server.StartAsync();
        await RecoverAsync(store);
        Assert.True((await store.Conferences.TakeOwnershipAsync(Board, default)).Epoch > 0);
    }

    [StoreFact]
    public async Task Append_WithFullMemory_IsUnavailable_AndLeavesNothingBehind()
    {
        await using var server = await RedisServerProcess.CreateAsync();
        await using var store = new RedisUnderTest(server);
        var epoch = (await store.Conferences.TakeOwnershipAsync(Board, default)).Epoch;
        await store.Conferences.AppendAsync(Board, epoch, StoreSample.Events(1, 1), default);

        await server.CommandAsync("CONFIG", "SET", "maxmemory", "1");
        await AssertUnavailableAsync(async () =>
            await store.Conferences.AppendAsync(Board, epoch, StoreSample.Events(2, 20), default));
        Assert.False(await store.Conferences.IsReachableAsync(default));
        Assert.Single(await store.Conferences.ReadEventsAsync(Board, 0, 100, default));

        await server.CommandAsync("CONFIG", "SET", "maxmemory", "0");
        Assert.Equal(AppendOutcome.Appended,
            await store.Conferences.AppendAsync(Board, epoch, StoreSample.Events(2, 20), default));
    }

    private static async Task AssertUnavailableAsync(Func<Task> call) =>
        await Assert.ThrowsAsync<StoreUnavailableException>(call);

    /// <summary>Calls to a server that does not answer: the clock goes on, all are unavailable.</summary>
    private static async Task AssertTimesOutAsync(RedisUnderTest store, params Task[] calls)
    {
        await LetTimePassAsync(store, Task.WhenAll(calls));
        foreach (var call in calls) await AssertUnavailableAsync(() => call);
    }

    private static async Task LetTimePassAsync(RedisUnderTest store, Task until)
    {
        while (!until.IsCompleted)
        {
            store.Time.Advance(store.Options.CallTimeout);
            await Task.WhenAny(until, Task.Delay(10));
        }
    }

    /// <summary>Appends one after the other until Redis is gone; kills it when told to after 100.</summary>
    /// <returns>The last revision acknowledged.</returns>
    private static async Task<int> AppendUntilAsync(
        RedisUnderTest store, Protocol.ConferenceUri conference, RedisServerProcess? kill)
    {
        var epoch = (await store.Conferences.TakeOwnershipAsync(conference, default)).Epoch;
        for (var revision = 1; ; revision++)
        {
            try
            {
                Assert.Equal(AppendOutcome.Appended, await store.Conferences.AppendAsync(
                    conference, epoch, StoreSample.Events(revision, revision), default));
                if (revision == 100) kill?.Kill();
            }
            catch (StoreUnavailableException)
            {
                return revision - 1;
            }
        }
    }

    /// <summary>Waits until the store serves again: probe and calls.</summary>
    private static async Task RecoverAsync(RedisUnderTest store)
    {
        var since = Stopwatch.StartNew();
        while (!await store.Conferences.IsReachableAsync(default))
        {
            Assert.True(since.Elapsed < TimeSpan.FromMinutes(1), "Redis is back, the store is not.");
            await Task.Delay(20);
        }

        while (true)
        {
            store.Time.Advance(store.Options.BreakerOpenFor);
            try
            {
                await store.Conferences.ListAsync(null, 1, default);
                return;
            }
            catch (StoreUnavailableException)
            {
                Assert.True(since.Elapsed < TimeSpan.FromMinutes(1), "The breaker does not close.");
                await Task.Delay(20);
            }
        }
    }
}
