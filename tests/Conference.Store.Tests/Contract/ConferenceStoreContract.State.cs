using Conference.Actors.Ports;
using Xunit;

namespace Conference.Store.Tests.Contract;

/// <summary>Checkpoints, cursors, delete and list.</summary>
public abstract partial class ConferenceStoreContract
{
    [StoreFact]
    public async Task WriteCheckpoint_ThenTakeOwnership_GivesIt()
    {
        var epoch = await OwnAsync(Board);
        await Store.AppendAsync(Board, epoch, StoreSample.Events(1, 5), default);
        var payload = StoreSample.Bytes(300_000, seed: 3);

        Assert.True(await Store.WriteCheckpointAsync(Board, epoch, new Checkpoint(4, payload), default));

        var owner = await Store.TakeOwnershipAsync(Board, default);
        Assert.Equal(5, owner.LastRevision);
        Assert.Equal(4, owner.Checkpoint!.Revision);
        Assert.Equal(payload, owner.Checkpoint.Payload.ToArray());
    }

    [StoreFact]
    public async Task WriteCheckpoint_OlderThanStored_IsNotWritten()
    {
        var epoch = await OwnAsync(Board);
        await Store.AppendAsync(Board, epoch, StoreSample.Events(1, 5), default);
        Assert.True(await Store.WriteCheckpointAsync(Board, epoch, new Checkpoint(4, new byte[] { 4 }), default));

        Assert.False(await Store.WriteCheckpointAsync(Board, epoch, new Checkpoint(3, new byte[] { 3 }), default));
        Assert.True(await Store.WriteCheckpointAsync(Board, epoch, new Checkpoint(4, new byte[] { 44 }), default));

        var kept = (await Store.TakeOwnershipAsync(Board, default)).Checkpoint!;
        Assert.Equal(4, kept.Revision);
        Assert.Equal([44], kept.Payload.ToArray());
    }

    [StoreFact]
    public async Task WriteCheckpoint_WithOldEpochOrAheadOfEvents_IsNotWritten()
    {
        var old = await OwnAsync(Board);
        await Store.AppendAsync(Board, old, StoreSample.Events(1, 5), default);
        var current = await OwnAsync(Board);

        Assert.False(await Store.WriteCheckpointAsync(Board, old, new Checkpoint(5, new byte[] { 1 }), default));
        Assert.False(await Store.WriteCheckpointAsync(Board, current, new Checkpoint(6, new byte[] { 1 }), default));
        Assert.Null((await Store.TakeOwnershipAsync(Board, default)).Checkpoint);
    }

    [StoreFact]
    public async Task WriteCursors_NeverMovesBack()
    {
        var epoch = await OwnAsync(Board);
        await Store.AppendAsync(Board, epoch, StoreSample.Events(1, 9), default);
        var (ann, ben) = (StoreSample.Participant("ann"), StoreSample.Participant("ben"));

        Assert.True(await Store.WriteCursorsAsync(Board, epoch, [new(ann, 5), new(ben, 0)], default));
        Assert.True(await Store.WriteCursorsAsync(Board, epoch, [new(ann, 3), new(ben, 2), new(ben, 1)], default));

        var cursors = (await Store.ReadCursorsAsync(Board, default)).OrderBy(one => one.Participant.Value);
        Assert.Equal([new StoredCursor(ann, 5), new StoredCursor(ben, 2)], cursors);
    }

    [StoreFact]
    public async Task WriteCursors_WithOldEpoch_IsRefused()
    {
        var old = await OwnAsync(Board);
        await Store.AppendAsync(Board, old, StoreSample.Events(1, 9), default);
        await OwnAsync(Board);

        Assert.False(await Store.WriteCursorsAsync(Board, old, [new(StoreSample.Participant("ann"), 5)], default));
        Assert.Empty(await Store.ReadCursorsAsync(Board, default));
    }

    [StoreFact]
    public async Task WriteCursors_OfThousands_KeepsAll()
    {
        var epoch = await OwnAsync(Board);
        await Store.AppendAsync(Board, epoch, StoreSample.Events(1, 1), default);
        var cursors = Enumerable.Range(0, 5000).Select(i => new StoredCursor(StoreSample.Participant($"p{i}"), 1));

        Assert.True(await Store.WriteCursorsAsync(Board, epoch, [.. cursors], default));
        Assert.Equal(5000, (await Store.ReadCursorsAsync(Board, default)).Length);
    }

    [StoreFact]
    public async Task WriteCursors_OfConferenceWithoutEvents_KeepsNone()
    {
        var epoch = await OwnAsync(Board);

        Assert.True(await Store.WriteCursorsAsync(Board, epoch, [new(StoreSample.Participant("ann"), 5)], default));
        Assert.True(await Store.WriteCursorsAsync(Board, epoch, [], default));
        Assert.Empty(await Store.ReadCursorsAsync(Board, default));
    }

    [StoreFact]
    public async Task Delete_RemovesAllButTheEpoch()
    {
        var epoch = await OwnAsync(Board);
        await Store.AppendAsync(Board, epoch, StoreSample.Events(1, 5), default);
        await Store.WriteCheckpointAsync(Board, epoch, new Checkpoint(5, new byte[] { 1 }), default);
        await Store.WriteCursorsAsync(Board, epoch, [new(StoreSample.Participant("ann"), 5)], default);

        Assert.True(await Store.DeleteAsync(Board, epoch, default));

        Assert.Empty(await Store.ReadEventsAsync(Board, 0, 10, default));
        Assert.Empty(await Store.ReadCursorsAsync(Board, default));
        Assert.Empty(await Store.ListAsync(null, 10, default));
        var owner = await Store.TakeOwnershipAsync(Board, default);
        Assert.Equal((0, null), (owner.LastRevision, owner.Checkpoint));
        Assert.True(owner.Epoch > epoch);
    }

    [StoreFact]
    public async Task Delete_ThenAppend_BeginsAnewWithTheSameIds()
    {
        var epoch = await OwnAsync(Board);
        await Store.AppendAsync(Board, epoch, StoreSample.Events(1, 5), default);
        await Store.DeleteAsync(Board, epoch, default);

        Assert.Equal(AppendOutcome.Appended, await Store.AppendAsync(Board, epoch, StoreSample.Events(1, 2), default));
        await AssertHasEventsAsync(Board, StoreSample.Events(1, 2));
        Assert.Equal(new StoredConference(Board, 2), Assert.Single(await Store.ListAsync(null, 10, default)));
    }

    [StoreFact]
    public async Task Delete_WithOldEpoch_IsRefused()
    {
        var old = await OwnAsync(Board);
        await Store.AppendAsync(Board, old, StoreSample.Events(1, 5), default);
        await OwnAsync(Board);

        Assert.False(await Store.DeleteAsync(Board, old, default));
        await AssertHasEventsAsync(Board, StoreSample.Events(1, 5));
    }

    [StoreFact]
    public async Task List_PageByPage_GivesAllInOrdinalOrder()
    {
        string[] names = ["b", "B", "a", "c-1", "c", "c.2", "zz", "a~"];
        foreach (var name in names)
        {
            var conference = StoreSample.Conference(name);
            await Store.AppendAsync(conference, await OwnAsync(conference), StoreSample.Events(1, 3), default);
        }

        await OwnAsync(StoreSample.Conference("empty"));
        var listed = new List<StoredConference>();
        while (true)
        {
            var page = await Store.ListAsync(listed.Count == 0 ? null : listed[^1].Conference, 3, default);
            Assert.True(page.Length <= 3);
            listed.AddRange(page);
            if (page.Length < 3) break;
        }

        Assert.Equal(names.Select(name => StoreSample.Conference(name).Value).Order(StringComparer.Ordinal),
            listed.Select(line => line.Conference.Value));
        Assert.All(listed, line => Assert.Equal(3, line.LastRevision));
    }

    [StoreFact]
    public async Task List_WithDeletedInBetween_StillFillsThePage()
    {
        for (var i = 0; i < 10; i++)
        {
            var conference = StoreSample.Conference($"c{i}");
            var epoch = await OwnAsync(conference);
            await Store.AppendAsync(conference, epoch, StoreSample.Events(1, 1), default);
            if (i is > 0 and < 8) await Store.DeleteAsync(conference, epoch, default);
        }

        var page = await Store.ListAsync(null, 3, default);
        Assert.Equal(["c0", "c8", "c9"], page.Select(line => line.Conference.Value[4..6]));
    }

    [StoreFact]
    public async Task Reachable_WhenOpen_IsTrue() => Assert.True(await Store.IsReachableAsync(default));
}
