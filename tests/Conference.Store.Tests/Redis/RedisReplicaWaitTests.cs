using System.Diagnostics;
using Conference.Actors.Ports;
using Conference.Store.Redis;
using Conference.Store.Tests.Contract;
using StackExchange.Redis;
using Tests.Shared.Redis;
using Xunit;

namespace Conference.Store.Tests.Redis;

/// <summary>Waiting for replicas where the server of a conference changes.</summary>
[NeedsRedis]
public sealed class RedisReplicaWaitTests
{
    private static readonly Protocol.ConferenceUri Stays = StoreSample.Conference("stays");
    private static readonly Protocol.ConferenceUri Moves = StoreSample.Conference("moves");

    /// <summary>The slot moves to a node without replicas. The old node has one, which confirms whatever it is asked.
    /// </summary>
    [StoreFact]
    public async Task Slot_MovedToANodeWithoutReplicas_IsNotConfirmedByTheReplicaOfTheOldOne()
    {
        await using var old = await NodeAsync();
        await using var replica = await NodeAsync();
        await using var other = await NodeAsync();
        await using var admin = await ClusterAsync(old, replica, other);
        await using var store = new RedisUnderTest(old, options => options with
        {
            WaitReplicas = 1,
            CallTimeout = TimeSpan.FromSeconds(2), // WAIT goes by the real clock
        });
        var epoch = await UntilAsync(async () =>
        {
            store.Time.Advance(TimeSpan.FromSeconds(3)); // for the breaker
            return (await store.Conferences.TakeOwnershipAsync(Stays, default)).Epoch;
        });

        var head = new RedisKeys(store.Options.KeyPrefix).Head(Moves).ToString();
        var slot = (int)await CommandAsync(admin, old, "KEYSLOT", head);
        var id = await IdAsync(admin, other);
        await CommandAsync(admin, other, "SETSLOT", slot, "NODE", id);
        await CommandAsync(admin, old, "SETSLOT", slot, "NODE", id);

        // At first the store may not be connected there; whatever it says, it is never a yes.
        var since = Stopwatch.StartNew();
        StoreUnavailableException told;
        do
        {
            Assert.True(since.Elapsed < TimeSpan.FromMinutes(1), "The store does not find the other node.");
            told = await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
                await store.Conferences.TakeOwnershipAsync(Moves, default));
            store.Time.Advance(TimeSpan.FromSeconds(3)); // for the breaker
        }
        while (!told.Message.Contains("only 0 of 1 replicas", StringComparison.Ordinal));

        Assert.Equal(AppendOutcome.Appended, await UntilAsync(async () =>
        {
            store.Time.Advance(TimeSpan.FromSeconds(3)); // for the breaker
            return await store.Conferences.AppendAsync(Stays, epoch, StoreSample.Events(1, 1), default);
        }));
    }

    private static Task<RedisServerProcess> NodeAsync() =>
        RedisServerProcess.CreateAsync("--cluster-enabled", "yes", "--repl-diskless-sync-delay", "0");

    /// <summary>Makes a cluster: the first node has all slots, the second one is its replica.</summary>
    private static async Task<ConnectionMultiplexer> ClusterAsync(params RedisServerProcess[] nodes)
    {
        var configuration = new ConfigurationOptions { AllowAdmin = true };
        foreach (var node in nodes) configuration.EndPoints.Add(node.Endpoint);
        var admin = await ConnectionMultiplexer.ConnectAsync(configuration);
        await CommandAsync(admin, nodes[0], "ADDSLOTSRANGE", 0, 16383);
        foreach (var node in nodes[1..])
            await CommandAsync(admin, nodes[0], "MEET", "127.0.0.1", node.Port);
        var master = await IdAsync(admin, nodes[0]);
        await UntilAsync(() => CommandAsync(admin, nodes[1], "REPLICATE", master)); // once it has heard of the master
        await UntilAsync(async () => (await CommandAsync(admin, nodes[2], "INFO")).ToString()
            .Contains("cluster_state:ok", StringComparison.Ordinal) ? true : throw new TimeoutException());
        return admin;
    }

    private static async Task<string> IdAsync(ConnectionMultiplexer admin, RedisServerProcess node) =>
        (await CommandAsync(admin, node, "MYID")).ToString();

    private static Task<RedisResult> CommandAsync(
        ConnectionMultiplexer admin, RedisServerProcess node, params object[] words) =>
        admin.GetServer(node.Endpoint).ExecuteAsync("CLUSTER", words);

    private static async Task<T> UntilAsync<T>(Func<Task<T>> call)
    {
        var since = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await call();
            }
            catch (Exception e) when (
                e is StoreUnavailableException or RedisException or TimeoutException
                && since.Elapsed < TimeSpan.FromMinutes(1))
            {
                await Task.Delay(50);
            }
        }
    }
}
