using System.Diagnostics;
using Conference.Actors.Ports;
using Conference.Store.Tests.Contract;
using Tests.Shared.Redis;
using Xunit;

namespace Conference.Store.Tests.Redis;

/// <summary>A master dies and Sentinel promotes its replica.</summary>
[NeedsRedis]
public sealed class RedisSentinelTests
{
    private static readonly Protocol.ConferenceUri Board = StoreSample.Conference("board");

    [StoreFact]
    public async Task Failover_KeepsWhatReplicasConfirmed_AndTheFormerOwnerOut()
    {
        await using var master = await RedisServerProcess.CreateAsync();
        await using var replica = await RedisServerProcess.CreateAsync("--replicaof", "127.0.0.1", $"{master.Port}");
        await using var sentinel = await RedisServerProcess.CreateSentinelAsync("group", master, quorum: 1);
        await using var store = new RedisUnderTest(sentinel, options => options with
        {
            SentinelService = "group",
            WaitReplicas = 1,
        });
        var epoch = await UntilAsync(async () => (await store.Conferences.TakeOwnershipAsync(Board, default)).Epoch);
        Assert.Equal(AppendOutcome.Appended,
            await UntilAsync(async () => await store.Conferences.AppendAsync(
                Board, epoch, StoreSample.Events(1, 3), default)));

        // Another node, connected before the fail-over; without WAIT, as the promoted one will have no replica.
        await using var other = new RedisUnderTest(sentinel, _ => store.Options with { WaitReplicas = 0 });
        Assert.True(await other.Conferences.IsReachableAsync(default));
        master.Kill();
        await UntilAsync(async () =>
        {
            if (await replica.IsMasterAsync()) return true;
            await sentinel.CommandAsync("SENTINEL", "FAILOVER", "group"); // refused while it does it
            throw new StoreUnavailableException("not promoted yet");
        });

        var next = await UntilAsync(async () => await other.Conferences.TakeOwnershipAsync(Board, default));
        Assert.Equal(3, next.LastRevision);
        Assert.True(next.Epoch > epoch);
        Assert.Equal(AppendOutcome.StaleEpoch,
            await other.Conferences.AppendAsync(Board, epoch, StoreSample.Events(4, 4), default));
    }

    private static async Task<T> UntilAsync<T>(Func<Task<T>> call)
    {
        var since = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await call();
            }
            catch (StoreUnavailableException) when (since.Elapsed < TimeSpan.FromSeconds(60))
            {
                await Task.Delay(100);
            }
        }
    }
}
