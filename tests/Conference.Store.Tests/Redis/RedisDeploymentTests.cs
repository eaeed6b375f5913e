using System.Diagnostics;
using Conference.Actors.Ports;
using Conference.Store.Redis;
using Conference.Store.Tests.Contract;
using Tests.Shared.Redis;
using Xunit;

namespace Conference.Store.Tests.Redis;

/// <summary>Passwords, clusters, replicas, flushed scripts.</summary>
[NeedsRedis]
public sealed class RedisDeploymentTests
{
    private static readonly Protocol.ConferenceUri Board = StoreSample.Conference("board");

    [StoreFact]
    public async Task Scripts_AfterScriptFlush_StillRun()
    {
        await using var server = await RedisServerProcess.CreateAsync();
        await using var store = new RedisUnderTest(server);
        var epoch = (await store.Conferences.TakeOwnershipAsync(Board, default)).Epoch;
        await store.Conferences.AppendAsync(Board, epoch, StoreSample.Events(1, 1), default);

        Assert.Equal("+OK", await server.CommandAsync("SCRIPT", "FLUSH"));

        Assert.Equal(AppendOutcome.Appended,
            await store.Conferences.AppendAsync(Board, epoch, StoreSample.Events(2, 2), default));
        Assert.Equal(2, (await store.Conferences.ReadEventsAsync(Board, 0, 10, default)).Length);
    }

    [StoreFact]
    public async Task Login_WithUserAndPasswordFile_Works_AndWithWrongOneIsUnavailable()
    {
        await using var server = await RedisServerProcess.CreateAsync(
            "--user", "app", "on", ">secret", "~*", "+@all", "--user", "default", "off", "nopass", "~*", "+ping");
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "secret\n");
        await using var store = new RedisUnderTest(
            server, options => options with { User = "app", PasswordFile = file });
        await using var stranger = new RedisUnderTest(server, options => options with
        {
            User = "app",
            Password = "wrong",
            CallTimeout = TimeSpan.FromMilliseconds(500),
        });

        Assert.True((await store.Conferences.TakeOwnershipAsync(Board, default)).Epoch > 0);
        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await stranger.Conferences.TakeOwnershipAsync(Board, default));
        Assert.False(await stranger.Conferences.IsReachableAsync(default));
        File.Delete(file);
    }

    [StoreFact]
    public async Task Cluster_TakesEveryCall()
    {
        // One node that holds all slots refuses keys of different slots in one script as any cluster does.
        await using var server = await RedisServerProcess.CreateAsync("--cluster-enabled", "yes");
        await server.CommandAsync("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
        await using var store = new RedisUnderTest(server);
        var since = Stopwatch.StartNew();
        while (!await store.Conferences.IsReachableAsync(default))
        {
            Assert.True(since.Elapsed < TimeSpan.FromMinutes(1), "The cluster does not come up.");
            await Task.Delay(50);
        }

        for (var i = 0; i < 20; i++)
        {
            var conference = StoreSample.Conference($"c{i}}}x");
            var epoch = (await store.Conferences.TakeOwnershipAsync(conference, default)).Epoch;
            Assert.Equal(AppendOutcome.Appended,
                await store.Conferences.AppendAsync(conference, epoch, StoreSample.Events(1, 3), default));
            Assert.True(await store.Conferences.WriteCheckpointAsync(
                conference, epoch, new Checkpoint(3, new byte[] { 1 }), default));
            Assert.True(await store.Conferences.WriteCursorsAsync(
                conference, epoch, [new(StoreSample.Participant("ann"), 1)], default));
            if (i % 2 == 0) Assert.True(await store.Conferences.DeleteAsync(conference, epoch, default));
        }

        Assert.Equal(10, (await store.Conferences.ListAsync(null, 100, default)).Length);
        var content = StoreSample.Bytes(1000, seed: 1);
        await store.Blobs.PutAsync(StoreSample.Digest(content), content, TimeSpan.FromHours(1), default);
        Assert.True(await store.Blobs.ContainsAsync(StoreSample.Digest(content), default));
    }

    [StoreFact]
    public async Task Append_WaitingForReplicas_IsDurableThere_AndUnavailableWithoutThem()
    {
        await using var master = await RedisServerProcess.CreateAsync("--repl-diskless-sync-delay", "0");
        await using var replica = await RedisServerProcess.CreateAsync("--replicaof", "127.0.0.1", $"{master.Port}");
        await using var store = new RedisUnderTest(master, options => options with { WaitReplicas = 1 });
        var epoch = await OwnWhenReplicatingAsync(store);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 30).Select(async i =>
        {
            var conference = StoreSample.Conference($"c{i}");
            var own = (await store.Conferences.TakeOwnershipAsync(conference, default)).Epoch;
            return await store.Conferences.AppendAsync(conference, own, StoreSample.Events(1, 1), default);
        }));
        Assert.All(outcomes, outcome => Assert.Equal(AppendOutcome.Appended, outcome));
        Assert.Equal(AppendOutcome.Appended,
            await store.Conferences.AppendAsync(Board, epoch, StoreSample.Events(1, 1), default));
        var content = StoreSample.Bytes(1000, seed: 1);
        await store.Blobs.PutAsync(StoreSample.Digest(content), content, TimeSpan.FromHours(1), default);

        // Acknowledged means that the replica has it: asked there, by its own connection.
        var length = await replica.CommandAsync("XLEN", $"{store.Options.KeyPrefix}{{{Board.Value}}}:events");
        Assert.Equal(":1", length);

        replica.Kill();
        await using var impatient = new RedisUnderTest(
            master, _ => store.Options with { CallTimeout = TimeSpan.FromSeconds(1) }); // WAIT goes by the real clock
        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await impatient.Conferences.AppendAsync(Board, epoch, StoreSample.Events(2, 2), default));
    }

    [StoreFact]
    public async Task TakeOwnership_AfterServerLostTheEpochs_StillGrows()
    {
        await using var server = await RedisServerProcess.CreateAsync();
        await using var store = new RedisUnderTest(server);
        var epoch = (await store.Conferences.TakeOwnershipAsync(Board, default)).Epoch;
        await store.Conferences.AppendAsync(Board, epoch, StoreSample.Events(1, 1), default);

        // As after a failover to a replica that had not received anything yet.
        await server.CommandAsync("FLUSHALL");

        Assert.Equal(AppendOutcome.StaleEpoch,
            await store.Conferences.AppendAsync(Board, epoch, StoreSample.Events(2, 2), default));
        Assert.True((await store.Conferences.TakeOwnershipAsync(Board, default)).Epoch > epoch);
    }

    [StoreFact]
    public async Task Epoch_OfConferenceWithoutEvents_Expires_AndThatOfOthersDoesNot()
    {
        await using var server = await RedisServerProcess.CreateAsync();
        await using var store = new RedisUnderTest(server);
        var keys = new RedisKeys(store.Options.KeyPrefix);
        var epoch = (await store.Conferences.TakeOwnershipAsync(Board, default)).Epoch;
        var head = keys.Head(Board).ToString();
        Assert.NotEqual(":-1", await server.CommandAsync("TTL", head));

        await store.Conferences.AppendAsync(Board, epoch, StoreSample.Events(1, 1), default);
        Assert.Equal(":-1", await server.CommandAsync("TTL", head));

        await store.Conferences.DeleteAsync(Board, epoch, default);
        Assert.NotEqual(":-1", await server.CommandAsync("TTL", head));
    }

    private static async Task<long> OwnWhenReplicatingAsync(RedisUnderTest store)
    {
        var since = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return (await store.Conferences.TakeOwnershipAsync(Board, default)).Epoch;
            }
            catch (StoreUnavailableException) when (since.Elapsed < TimeSpan.FromMinutes(1))
            {
                await Task.Delay(100); // the replica is still loading
            }
        }
    }
}
