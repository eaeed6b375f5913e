using System.Collections.Immutable;
using Conference.Actors.Ports;
using Xunit;

namespace Conference.Store.Tests.Contract;

/// <summary>Several at once, cancelled, and after a restart.</summary>
public abstract partial class ConferenceStoreContract
{
    [StoreFact]
    public async Task Append_ByTwoOwnersRacing_LeavesExactlyOneSequence()
    {
        // Both take the ownership again whenever they find that they have lost it, and write what they think is next.
        var appended = await Task.WhenAll(RaceAsync("ann"), RaceAsync("ben"));

        var stored = await Store.ReadEventsAsync(Board, 0, 1000, default);
        Assert.Equal(Enumerable.Range(1, stored.Length).Select(i => (long)i), stored.Select(one => one.Revision));
        Assert.Equal(appended.SelectMany(ids => ids).Order(), stored.Select(one => one.EventId).Order());
    }

    [StoreFact]
    public async Task Append_OfSameRevisionAtOnce_OneWins()
    {
        var epoch = await OwnAsync(Board);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Store.AppendAsync(
            Board, epoch, [StoreSample.Event(1, $"author{i} m-1")], default).AsTask()));

        Assert.Single(outcomes, AppendOutcome.Appended);
        Assert.Equal(19, outcomes.Count(outcome => outcome == AppendOutcome.RevisionConflict));
    }

    [StoreFact]
    public async Task Append_ToManyConferencesAtOnce_KeepsEachInOrder()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            var conference = StoreSample.Conference($"many{i}");
            var epoch = await OwnAsync(conference);
            for (var revision = 1; revision <= 10; revision++)
            {
                Assert.Equal(AppendOutcome.Appended, await Store.AppendAsync(
                    conference, epoch, StoreSample.Events(revision, revision), default));
            }
        }));

        for (var i = 0; i < 50; i++)
            await AssertHasEventsAsync(StoreSample.Conference($"many{i}"), StoreSample.Events(1, 10));
    }

    [StoreFact]
    public async Task EveryCall_WithCancelledToken_IsCancelled()
    {
        var cancelled = new CancellationToken(canceled: true);
        var digest = StoreSample.Digest([1]);

        await Cancelled(async () => await Store.TakeOwnershipAsync(Board, cancelled));
        await Cancelled(async () => await Store.AppendAsync(Board, 1, StoreSample.Events(1, 1), cancelled));
        await Cancelled(async () => await Store.ReadEventsAsync(Board, 0, 1, cancelled));
        await Cancelled(async () => await Store.ListAsync(null, 1, cancelled));
        await Cancelled(async () => await Store.DeleteAsync(Board, 1, cancelled));
        await Cancelled(async () => await _under.Blobs.GetAsync(digest, cancelled));
        await Cancelled(async () => await _under.Registrations.ReadAllAsync(cancelled));

        static async Task Cancelled(Func<Task> call) =>
            await Assert.ThrowsAnyAsync<OperationCanceledException>(call);
    }

    [StoreFact]
    public async Task Reopen_KeepsEventsCheckpointCursorsAndEpochs()
    {
        var epoch = await OwnAsync(Board);
        await Store.AppendAsync(Board, epoch, StoreSample.Events(1, 5), default);
        await Store.WriteCheckpointAsync(Board, epoch, new Checkpoint(3, new byte[] { 9 }), default);
        await Store.WriteCursorsAsync(Board, epoch, [new(StoreSample.Participant("ann"), 4)], default);
        var emptyEpoch = await OwnAsync(Other);

        await _under.ReopenAsync();

        if (!_under.IsPersistent) return;
        await AssertHasEventsAsync(Board, StoreSample.Events(1, 5));
        Assert.Equal(new StoredConference(Board, 5), Assert.Single(await Store.ListAsync(null, 10, default)));
        Assert.Equal(
            new(StoreSample.Participant("ann"), 4), Assert.Single(await Store.ReadCursorsAsync(Board, default)));
        var owner = await Store.TakeOwnershipAsync(Board, default);
        Assert.True(owner.Epoch > epoch);
        Assert.Equal(3, owner.Checkpoint!.Revision);
        Assert.True(await OwnAsync(Other) > emptyEpoch);
        Assert.Equal(AppendOutcome.DuplicateEventId,
            await Store.AppendAsync(Board, owner.Epoch, [StoreSample.Event(6, "alice m-2")], default));
    }

    private async Task<ImmutableArray<string>> RaceAsync(string author)
    {
        var appended = ImmutableArray.CreateBuilder<string>();
        var owner = await Store.TakeOwnershipAsync(Board, default);
        var last = owner.LastRevision;
        for (var attempt = 0; appended.Count < 50; attempt++)
        {
            var id = $"{author} m-{attempt}";
            var outcome = await Store.AppendAsync(Board, owner.Epoch, [StoreSample.Event(last + 1, id)], default);
            if (outcome == AppendOutcome.Appended)
            {
                appended.Add(id);
                last++;
                if (appended.Count % 5 == 0) await Task.Yield();
                continue;
            }

            Assert.Equal(AppendOutcome.StaleEpoch, outcome); // never a conflict: the epoch protects the revision
            owner = await Store.TakeOwnershipAsync(Board, default);
            last = owner.LastRevision;
        }

        return appended.ToImmutable();
    }
}
