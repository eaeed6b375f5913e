using System.Collections.Immutable;
using Conference.Actors.Ports;
using Conference.Protocol;
using Xunit;

namespace Conference.Store.Tests.Contract;

/// <summary>What every store must do: epochs, appends and reading. The rest of the contract is in the other parts of
/// this class, one file per subject.</summary>
public abstract partial class ConferenceStoreContract : IAsyncLifetime
{
    private static readonly ConferenceUri Board = StoreSample.Conference("board");
    private static readonly ConferenceUri Other = StoreSample.Conference("other");

    private IStoreUnderTest _under = null!;

    private IConferenceStore Store => _under.Conferences;

    public async Task InitializeAsync() => _under = await OpenAsync();

    public async Task DisposeAsync() => await _under.DisposeAsync();

    /// <summary>Opens an empty store.</summary>
    protected abstract Task<IStoreUnderTest> OpenAsync();

    [StoreFact]
    public async Task TakeOwnership_OfUnknownConference_GivesPositiveEpochAndNothingElse()
    {
        var owner = await Store.TakeOwnershipAsync(Board, default);

        Assert.True(owner.Epoch > 0);
        Assert.Equal(0, owner.LastRevision);
        Assert.Null(owner.Checkpoint);
        Assert.Empty(await Store.ListAsync(null, 10, default));
    }

    [StoreFact]
    public async Task TakeOwnership_Again_GivesLargerEpoch()
    {
        var epochs = new List<long>();
        for (var i = 0; i < 20; i++) epochs.Add((await Store.TakeOwnershipAsync(Board, default)).Epoch);

        Assert.Equal(epochs.Distinct().Order(), epochs);
    }

    [StoreFact]
    public async Task TakeOwnership_AtTheSameTime_GivesDistinctEpochs()
    {
        var owners = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ =>
            Store.TakeOwnershipAsync(Board, default).AsTask()));

        Assert.Equal(50, owners.Select(owner => owner.Epoch).Distinct().Count());
    }

    [StoreFact]
    public async Task Append_ThenRead_GivesSameEventsInOrder()
    {
        var epoch = await OwnAsync(Board);
        Assert.Equal(AppendOutcome.Appended, await Store.AppendAsync(Board, epoch, StoreSample.Events(1, 3), default));
        Assert.Equal(AppendOutcome.Appended, await Store.AppendAsync(Board, epoch, StoreSample.Events(4, 4), default));

        await AssertHasEventsAsync(Board, StoreSample.Events(1, 4));
        Assert.Equal(4, (await Store.TakeOwnershipAsync(Board, default)).LastRevision);
    }

    [StoreFact]
    public async Task Append_WithOldEpoch_IsRefused()
    {
        var old = await OwnAsync(Board);
        var current = await OwnAsync(Board);

        Assert.Equal(AppendOutcome.StaleEpoch, await Store.AppendAsync(Board, old, StoreSample.Events(1, 1), default));
        Assert.Empty(await Store.ReadEventsAsync(Board, 0, 10, default));
        Assert.Equal(AppendOutcome.Appended,
            await Store.AppendAsync(Board, current, StoreSample.Events(1, 1), default));
    }

    [StoreFact]
    public async Task Append_WithEpochNeverGiven_IsRefused()
    {
        var epoch = await OwnAsync(Board);

        Assert.Equal(AppendOutcome.StaleEpoch,
            await Store.AppendAsync(Board, epoch + 1, StoreSample.Events(1, 1), default));
        Assert.Equal(AppendOutcome.StaleEpoch,
            await Store.AppendAsync(Other, epoch, StoreSample.Events(1, 1), default));
    }

    [StoreFact]
    public async Task Append_WithOldEpochOfStoredEvents_IsRefused()
    {
        var old = await OwnAsync(Board);
        await Store.AppendAsync(Board, old, StoreSample.Events(1, 1), default);
        await OwnAsync(Board);

        Assert.Equal(AppendOutcome.StaleEpoch, await Store.AppendAsync(Board, old, StoreSample.Events(1, 1), default));
    }

    [StoreFact]
    public async Task Append_WithGapAfterLast_IsConflict()
    {
        var epoch = await OwnAsync(Board);
        await Store.AppendAsync(Board, epoch, StoreSample.Events(1, 2), default);

        Assert.Equal(AppendOutcome.RevisionConflict,
            await Store.AppendAsync(Board, epoch, StoreSample.Events(4, 5), default));
        await AssertHasEventsAsync(Board, StoreSample.Events(1, 2));
    }

    [StoreFact]
    public async Task Append_OfOtherEventsAtTakenRevision_IsConflict()
    {
        var epoch = await OwnAsync(Board);
        await Store.AppendAsync(Board, epoch, StoreSample.Events(1, 3), default);

        Assert.Equal(AppendOutcome.RevisionConflict,
            await Store.AppendAsync(Board, epoch, StoreSample.Events(2, 3, "bob"), default));
        Assert.Equal(AppendOutcome.RevisionConflict,
            await Store.AppendAsync(Board, epoch, [StoreSample.Event(3, "alice m-3", "other")], default));
        Assert.Equal(AppendOutcome.RevisionConflict,
            await Store.AppendAsync(Board, epoch, StoreSample.Events(3, 4), default));
        await AssertHasEventsAsync(Board, StoreSample.Events(1, 3));
    }

    [StoreFact]
    public async Task Append_OfVerySameEvents_IsAppendedOnce()
    {
        var epoch = await OwnAsync(Board);
        await Store.AppendAsync(Board, epoch, StoreSample.Events(1, 4), default);

        Assert.Equal(AppendOutcome.Appended, await Store.AppendAsync(Board, epoch, StoreSample.Events(1, 4), default));
        Assert.Equal(AppendOutcome.Appended, await Store.AppendAsync(Board, epoch, StoreSample.Events(2, 3), default));
        await AssertHasEventsAsync(Board, StoreSample.Events(1, 4));
        Assert.Equal(AppendOutcome.Appended, await Store.AppendAsync(Board, epoch, StoreSample.Events(5, 5), default));
    }

    [StoreFact]
    public async Task Append_WithEventIdThatIsThere_IsDuplicate()
    {
        var epoch = await OwnAsync(Board);
        await Store.AppendAsync(Board, epoch, StoreSample.Events(1, 2), default);

        Assert.Equal(AppendOutcome.DuplicateEventId,
            await Store.AppendAsync(Board, epoch, [StoreSample.Event(3, "alice m-1")], default));
        await AssertHasEventsAsync(Board, StoreSample.Events(1, 2));
    }

    [StoreFact]
    public async Task Append_OfBatchWithOneDuplicate_WritesNothing()
    {
        var epoch = await OwnAsync(Board);
        await Store.AppendAsync(Board, epoch, StoreSample.Events(1, 1), default);
        ImmutableArray<StoredEvent> batch =
            [StoreSample.Event(2, "bob m-1"), StoreSample.Event(3, "alice m-1"), StoreSample.Event(4, "bob m-2")];

        Assert.Equal(AppendOutcome.DuplicateEventId, await Store.AppendAsync(Board, epoch, batch, default));
        await AssertHasEventsAsync(Board, StoreSample.Events(1, 1));

        // Nothing of the refused batch is left: its ids are free, and so are its revisions.
        ImmutableArray<StoredEvent> rest = [StoreSample.Event(2, "bob m-1"), StoreSample.Event(3, "bob m-2")];
        Assert.Equal(AppendOutcome.Appended, await Store.AppendAsync(Board, epoch, rest, default));
    }

    [StoreFact]
    public async Task Append_OfBatchWithSameIdTwice_IsDuplicate()
    {
        var epoch = await OwnAsync(Board);

        Assert.Equal(AppendOutcome.DuplicateEventId, await Store.AppendAsync(
            Board, epoch, [StoreSample.Event(1, "bob m-1"), StoreSample.Event(2, "bob m-1")], default));
        Assert.Empty(await Store.ReadEventsAsync(Board, 0, 10, default));
    }

    [StoreFact]
    public async Task Append_OfEventsWithoutId_IsNotChecked()
    {
        var epoch = await OwnAsync(Board);

        Assert.Equal(AppendOutcome.Appended, await Store.AppendAsync(
            Board, epoch, [StoreSample.Event(1, ""), StoreSample.Event(2, "")], default));
        Assert.Equal(AppendOutcome.Appended,
            await Store.AppendAsync(Board, epoch, [StoreSample.Event(3, "")], default));
        Assert.All(await Store.ReadEventsAsync(Board, 0, 10, default), stored => Assert.Empty(stored.EventId));
    }

    [StoreFact]
    public async Task Append_OfSameEventIdInAnotherConference_IsAppended()
    {
        await Store.AppendAsync(Board, await OwnAsync(Board), StoreSample.Events(1, 1), default);

        Assert.Equal(AppendOutcome.Appended,
            await Store.AppendAsync(Other, await OwnAsync(Other), StoreSample.Events(1, 1), default));
    }

    [StoreFact]
    public async Task Append_EventIdsDifferingInCase_AreDifferent()
    {
        var epoch = await OwnAsync(Board);

        Assert.Equal(AppendOutcome.Appended, await Store.AppendAsync(
            Board, epoch, [StoreSample.Event(1, "bob M-1"), StoreSample.Event(2, "bob m-1")], default));
    }

    [StoreFact]
    public async Task Append_BreakingTheRules_IsArgumentException()
    {
        var epoch = await OwnAsync(Board);
        var large = new StoredEvent(1, "", new byte[StoredEvent.PayloadBytesMax + 1]);

        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Store.AppendAsync(Board, epoch, [], default));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () =>
            await Store.AppendAsync(Board, epoch, [StoreSample.Event(0, "a")], default));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () =>
            await Store.AppendAsync(Board, epoch, [StoreSample.Event(1, "a"), StoreSample.Event(3, "b")], default));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () =>
            await Store.AppendAsync(Board, epoch, [large], default));
    }

    [StoreFact]
    public async Task Append_OfLargestAndEmptyPayload_ComesBackUnchanged()
    {
        var epoch = await OwnAsync(Board);
        var large = new StoredEvent(1, "a", StoreSample.Bytes(StoredEvent.PayloadBytesMax, seed: 7));
        var empty = new StoredEvent(2, "b", default);

        Assert.Equal(AppendOutcome.Appended, await Store.AppendAsync(Board, epoch, [large, empty], default));
        await AssertHasEventsAsync(Board, [large, empty]);
        Assert.Equal(AppendOutcome.Appended, await Store.AppendAsync(Board, epoch, [large, empty], default));
    }

    [StoreFact]
    public async Task Append_OfHundredsInOneBatch_IsOneStep()
    {
        var epoch = await OwnAsync(Board);

        Assert.Equal(AppendOutcome.Appended,
            await Store.AppendAsync(Board, epoch, StoreSample.Events(1, 500), default));
        await AssertHasEventsAsync(Board, StoreSample.Events(1, 500));
    }

    [StoreFact]
    public async Task ReadEvents_PageByPage_GivesAllOnce()
    {
        var epoch = await OwnAsync(Board);
        await Store.AppendAsync(Board, epoch, StoreSample.Events(1, 25), default);
        var read = new List<StoredEvent>();
        while (true)
        {
            var page = await Store.ReadEventsAsync(Board, read.Count, 10, default);
            Assert.True(page.Length <= 10);
            if (page.IsEmpty) break;
            read.AddRange(page);
        }

        Assert.Equal(Enumerable.Range(1, 25).Select(i => (long)i), read.Select(stored => stored.Revision));
    }

    [StoreFact]
    public async Task ReadEvents_BeyondTheLastOrOfUnknown_GivesNone()
    {
        await Store.AppendAsync(Board, await OwnAsync(Board), StoreSample.Events(1, 2), default);

        Assert.Empty(await Store.ReadEventsAsync(Board, 2, 10, default));
        Assert.Empty(await Store.ReadEventsAsync(Board, 1000, 10, default));
        Assert.Empty(await Store.ReadEventsAsync(Other, 0, 10, default));
    }

    [StoreFact]
    public async Task ReadEvents_OfOneConference_LeavesOthersOut()
    {
        await Store.AppendAsync(Other, await OwnAsync(Other), StoreSample.Events(1, 5, "bob"), default);
        await Store.AppendAsync(Board, await OwnAsync(Board), StoreSample.Events(1, 2), default);

        await AssertHasEventsAsync(Board, StoreSample.Events(1, 2));
        await AssertHasEventsAsync(Other, StoreSample.Events(1, 5, "bob"));
    }

    private async Task<long> OwnAsync(ConferenceUri conference) =>
        (await Store.TakeOwnershipAsync(conference, default)).Epoch;

    private async Task AssertHasEventsAsync(ConferenceUri conference, ImmutableArray<StoredEvent> expected)
    {
        var stored = await Store.ReadEventsAsync(conference, 0, expected.Length + 10, default);
        Assert.Equal(
            expected.Select(one => (one.Revision, one.EventId, Convert.ToHexString(one.Payload.Span))),
            stored.Select(one => (one.Revision, one.EventId, Convert.ToHexString(one.Payload.Span))));
    }
}
