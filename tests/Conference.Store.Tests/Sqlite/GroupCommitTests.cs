using Conference.Actors.Ports;
using Conference.Store.Tests.Contract;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Conference.Store.Tests.Sqlite;

public sealed class GroupCommitTests
{
    [Fact]
    public async Task Append_HundredAtOnce_ShareFewCommits()
    {
        await using var store = new SqliteUnderTest();
        var owned = await OwnManyAsync(store, 100);
        using var gate = new CommitGate(store.Database);
        var first = AppendAsync(store, owned[0]);
        await gate.Reached;
        var others = owned.Skip(1).Select(one => AppendAsync(store, one)).ToList();
        var before = store.Database.Writer.Commits;

        gate.Open();

        Assert.Equal(AppendOutcome.Appended, await first);
        Assert.All(await Task.WhenAll(others), outcome => Assert.Equal(AppendOutcome.Appended, outcome));
        Assert.Equal(2, store.Database.Writer.Commits - before); // the one held up, and one for the other 99
    }

    [Fact]
    public async Task Append_IsNotAnsweredBeforeTheCommit()
    {
        await using var store = new SqliteUnderTest();
        var owned = (await OwnManyAsync(store, 1))[0];
        using var gate = new CommitGate(store.Database);

        var append = AppendAsync(store, owned);
        await gate.Reached;
        Assert.False(append.IsCompleted);
        Assert.Empty(await store.Conferences.ReadEventsAsync(owned.Conference, 0, 1, default));

        gate.Open();
        Assert.Equal(AppendOutcome.Appended, await append);
    }

    [Fact]
    public async Task Append_WhenOneOfTheBatchBreaks_OthersAreStored()
    {
        await using var store = new SqliteUnderTest();
        var owned = await OwnManyAsync(store, 10);
        using var gate = new CommitGate(store.Database);
        var first = store.Conferences.IsReachableAsync(default).AsTask();
        await gate.Reached;
        var appends = owned.Select(one => AppendAsync(store, one)).ToList();
        var broken = store.Database.WriteAsync<int>("Broken", session =>
        {
            session.Execute("INSERT INTO garbage VALUES (NULL), ('not a number')");
            return 0;
        }, default);

        gate.Open();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => broken);
        Assert.All(await Task.WhenAll(appends), outcome => Assert.Equal(AppendOutcome.Appended, outcome));
        Assert.True(await first);
        Assert.True(await store.Conferences.IsReachableAsync(default));
    }

    [Fact]
    public async Task Append_WithStuckDisk_IsUnavailableInTime_AndRecovers()
    {
        await using var store = new SqliteUnderTest();
        var owned = (await OwnManyAsync(store, 1))[0];
        using var gate = new CommitGate(store.Database);
        var stuck = AppendAsync(store, owned);
        await gate.Reached;

        store.Time.Advance(store.Options.CallTimeout);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => stuck);

        // While it is stuck nothing is even queued: the answer comes at once, without the clock going on.
        store.Time.Advance(TimeSpan.FromMilliseconds(1));
        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await store.Conferences.AppendAsync(owned.Conference, owned.Epoch, StoreSample.Events(2, 2), default));
        Assert.False(await store.Conferences.IsReachableAsync(default));

        gate.Open();
        await CommitGate.PassedAsync(store);
        Assert.True(await store.Conferences.IsReachableAsync(default));
        var after = await store.Conferences.TakeOwnershipAsync(owned.Conference, default);
        Assert.Equal(1, after.LastRevision); // unknown to its caller, but done
    }

    [Fact]
    public async Task Append_WithFullQueue_IsUnavailableAtOnce()
    {
        await using var store = new SqliteUnderTest(options => options with { WriteQueueLengthMax = 2 });
        var owned = await OwnManyAsync(store, 4);
        using var gate = new CommitGate(store.Database);
        var waiting = new List<Task<AppendOutcome>> { AppendAsync(store, owned[0]) };
        await gate.Reached;
        waiting.Add(AppendAsync(store, owned[1]));
        waiting.Add(AppendAsync(store, owned[2]));

        await Assert.ThrowsAsync<StoreUnavailableException>(() => AppendAsync(store, owned[3]));

        gate.Open();
        Assert.All(await Task.WhenAll(waiting), outcome => Assert.Equal(AppendOutcome.Appended, outcome));
    }

    [Fact]
    public async Task Append_OfManyWhenTheDatabaseIsLocked_FailsInOneTry_NotOneAfterTheOther()
    {
        await using var store = new SqliteUnderTest();
        var owned = await OwnManyAsync(store, 50);
        using var gate = new CommitGate(store.Database);
        var first = AppendAsync(store, owned[0]);
        await gate.Reached;
        var others = owned.Skip(1).Select(one => AppendAsync(store, one)).ToList();
        var tries = 0;
        store.Database.Writer.BeforeCommit = () =>
        {
            tries++;
            throw new SqliteException("database is locked", 5);
        };

        gate.Open();

        Assert.Equal(AppendOutcome.Appended, await first);
        foreach (var append in others) await Assert.ThrowsAsync<StoreUnavailableException>(() => append);
        Assert.Equal(1, tries); // each would wait 0.2 s for the lock
    }

    [Fact]
    public async Task Append_WhileAToolLocksTheDatabase_IsUnavailable_AndRecovers()
    {
        await using var store = new SqliteUnderTest();
        var owned = await OwnManyAsync(store, 50);
        await using var tool = new SqliteConnection($"Data Source={store.Folder}/conferences.db;Pooling=false");
        await tool.OpenAsync();
        await using (var transaction = tool.BeginTransaction())
        {
            var appends = owned.Select(one => AppendAsync(store, one)).ToList();
            foreach (var append in appends) await Assert.ThrowsAsync<StoreUnavailableException>(() => append);
        }

        Assert.All(await Task.WhenAll(owned.Select(one => AppendAsync(store, one))),
            outcome => Assert.Equal(AppendOutcome.Appended, outcome));
    }

    [Fact]
    public async Task EveryCall_AfterClose_IsUnavailable()
    {
        await using var store = new SqliteUnderTest();
        store.Database.Dispose();

        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await store.Conferences.TakeOwnershipAsync(StoreSample.Conference("c"), default));
        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await store.Conferences.ListAsync(null, 1, default));
        Assert.False(await store.Conferences.IsReachableAsync(default));
    }

    private static async Task<List<Owned>> OwnManyAsync(SqliteUnderTest store, int count)
    {
        var owned = new List<Owned>();
        for (var i = 0; i < count; i++)
        {
            var conference = StoreSample.Conference($"c{i}");
            owned.Add(new Owned(conference, (await store.Conferences.TakeOwnershipAsync(conference, default)).Epoch));
        }

        return owned;
    }

    private static Task<AppendOutcome> AppendAsync(SqliteUnderTest store, Owned one) =>
        store.Conferences.AppendAsync(one.Conference, one.Epoch, StoreSample.Events(1, 1), default).AsTask();

    private readonly record struct Owned(Protocol.ConferenceUri Conference, long Epoch);
}
