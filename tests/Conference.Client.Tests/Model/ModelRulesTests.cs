using Conference.Client.Model;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Xunit;
using static Conference.Client.Tests.ModelData;

namespace Conference.Client.Tests.Model;

public sealed class ModelRulesTests
{
    [Fact]
    public void Notification_FromFirstRevision_BuildsTheModel()
    {
        var model = AfterCreation();

        Assert.Equal(1, model.Revision);
        Assert.Equal("Ward round", model.Subject);
        Assert.Equal(Rights.All, model.Roster[Chair].Rights);
    }

    [Fact]
    public void Notification_Repeated_ChangesNothing()
    {
        var before = AfterCreation();
        var drawn = Notify(Drawn(before, 2, new PutMark(Placed("m", 2))));
        var once = ModelRules.Take(before, drawn);

        var twice = ModelRules.Take(once.Model, drawn);

        Assert.Equal(ModelOutcome.AlreadySeen, twice.Outcome);
        Assert.Same(once.Model, twice.Model);
        Assert.Empty(twice.Events);
    }

    [Fact]
    public void Notification_AfterMissingRevisions_IsAGapAndChangesNothing()
    {
        var before = AfterCreation();

        var step = ModelRules.Take(before, Notify(Event(3, new PageTurned(Page))));

        Assert.Equal(ModelOutcome.Gap, step.Outcome);
        Assert.Same(before, step.Model);
    }

    [Fact]
    public void Notification_Overlapping_AppliesOnlyWhatIsNew()
    {
        var before = ModelRules.Take(AfterCreation(), Notify(Event(2, new ChatSaid("a")))).Model;

        var step = ModelRules.Take(before, Notify(Event(2, new ChatSaid("a")), Event(3, new ChatSaid("b"))));

        Assert.Equal(3, step.Model.Revision);
        Assert.Equal([3L], step.Events.Select(applied => applied.Revision));
    }

    [Fact]
    public void Notification_WithSupersededRevision_MovesByTheRange()
    {
        var step = ModelRules.Take(AfterCreation(), new Notification(Here, 2, 4, [Event(4, new PageTurned(Page))]));

        Assert.Equal((ModelOutcome.Applied, 4L, Page), (step.Outcome, step.Model.Revision, step.Model.CurrentPage));
    }

    [Fact]
    public void BoardChange_WithServersDigest_IsApplied()
    {
        var before = AfterCreation();
        var first = ModelRules.Take(before, Notify(Drawn(before, 2, new PutMark(Placed("m", 2))))).Model;

        var second = ModelRules.Take(
            first, Notify(Drawn(first, 3, new DropMark("m"), new PutMark(Placed("n", 3)))));

        Assert.Equal(ModelOutcome.Applied, second.Outcome);
        Assert.Equal("n", Assert.Single(second.Model.BoardOf(Page).Marks).Key);
        Assert.Equal(1, second.Model.MarkCount);
    }

    [Fact]
    public void BoardChange_WithOtherDigest_IsReportedAsDiffering()
    {
        var wrong = Event(2, new BoardChanged(
            Page, BoardChangeCause.Operation, [new PutMark(Placed("m", 2))], new string('0', 64)));

        var step = ModelRules.Take(AfterCreation(), Notify(wrong));

        Assert.Equal((ModelOutcome.BoardDiffers, 2L), (step.Outcome, step.Model.Revision));
    }

    [Fact]
    public void Snapshot_OfSameRevision_RepairsTheBoard()
    {
        var before = AfterCreation();
        var right = ModelRules.Take(before, Notify(Drawn(before, 2, new PutMark(Placed("m", 2))))).Model;
        var diverged = right with { Boards = right.Boards.Clear() };

        var step = ModelRules.Take(diverged, SnapshotOf(right));

        Assert.Equal(ModelOutcome.Applied, step.Outcome);
        Assert.Equal(right.DigestOfAllBoards(), step.Model.DigestOfAllBoards());
    }

    [Fact]
    public void Snapshot_Older_IsIgnored()
    {
        var old = SnapshotOf(AfterCreation());
        var now = ModelRules.Take(AfterCreation(), Notify(Event(2, new ChatSaid("a")))).Model;

        Assert.Equal(ModelOutcome.AlreadySeen, ModelRules.Take(now, old).Outcome);
    }

    [Fact]
    public void Snapshot_WithBoardUnlikeItsDigest_IsRefused()
    {
        var model = AfterCreation();
        var snapshot = SnapshotOf(model) with
        {
            Boards = [new BoardState(Page, new string('1', 64), [Placed("m", 1)])],
        };

        Assert.Equal(ModelOutcome.BoardDiffers, ModelRules.Take(model, snapshot).Outcome);
    }

    [Fact]
    public void Documents_SharedAndClosed_TakePagesBoardsAndTurnWithThem()
    {
        var model = AfterCreation();
        model = ModelRules.Take(model, Notify(
            Event(2, new DocumentShared("doc", "Case", 3)),
            Event(3, new PageShared(Describe([1, 2, 3]))),
            Event(4, new PageTurned(Page)))).Model;
        model = ModelRules.Take(model, Notify(Drawn(model, 5, new PutMark(Placed("m", 5))))).Model;
        Assert.Equal(Page, Assert.Single(model.Pages).Page);

        model = ModelRules.Take(model, Notify(Event(6, new DocumentClosed("doc")))).Model;

        Assert.Empty(model.Pages);
        Assert.Equal(0, model.MarkCount);
        Assert.Null(model.CurrentPage);
    }

    [Fact]
    public void DefaultRights_Changed_MoveThoseWithoutRightsOfTheirOwn()
    {
        var model = ModelRules.Take(
            AfterCreation(), Notify(Event(2, new DefaultRightsChanged(Rights.Draw | Rights.Turn)))).Model;

        Assert.Equal(Rights.Draw | Rights.Turn, model.Roster[Ana].Rights);
        Assert.Equal(Rights.All, model.Roster[Chair].Rights);
    }

    [Fact]
    public void RaisedHand_GrantedOrGone_LeavesTheQueue()
    {
        var asked = Event(2, new RightsRequested(Rights.Share)) with { Author = Ana };
        var model = ModelRules.Take(AfterCreation(), Notify(asked)).Model;
        Assert.Equal(new RaisedHand(Ana, Rights.Share), Assert.Single(model.Requests));

        var granted = ModelRules.Take(
            model, Notify(Event(3, new RightsChanged(Ana, Role.Participant, Rights.Share)))).Model;
        var gone = ModelRules.Take(model, Notify(Event(3, new MemberLeft(Ana, LeaveReason.Left)))).Model;

        Assert.Empty(granted.Requests);
        Assert.Empty(gone.Requests);
        Assert.False(gone.Roster.ContainsKey(Ana));
    }

    [Fact]
    public void DigestOfAllBoards_SameMarksInOtherOrder_IsTheSame()
    {
        var a = Board.Of([Placed("m", 2), Placed("n", 3)]);
        var b = Board.Of([Placed("n", 3), Placed("m", 2)]);
        var model = AfterCreation();

        Assert.Equal(
            (model with { Boards = model.Boards.SetItem(Page, a) }).DigestOfAllBoards(),
            (model with { Boards = model.Boards.SetItem(Page, b).SetItem(new("x", 1), Board.Empty) })
                .DigestOfAllBoards());
    }

    [Fact]
    public void Snapshot_WithThingsTwice_KeepsTheLast()
    {
        var page = Describe([1]);
        var other = page with { PixelWidth = 7 };
        var document = new DocumentState("doc", "Case", 2, Chair, [page, other]);
        var snapshot = SnapshotOf(AfterCreation()) with
        {
            Roster =
            [
                new RosterEntry(Ana, "Ana", Role.Participant, Rights.Draw),
                new RosterEntry(Ana, "Ana B", Role.Participant, Rights.Draw),
            ],
            Documents = [document, document with { Name = "Case 2" }],
        };

        var step = ModelRules.Take(ConferenceModel.Empty(Here), snapshot);

        Assert.Equal(ModelOutcome.Applied, step.Outcome);
        Assert.Equal("Ana B", Assert.Single(step.Model.Roster.Values).DisplayName);
        var kept = Assert.Single(step.Model.Documents.Values);
        Assert.Equal(("Case 2", 7), (kept.Name, Assert.Single(kept.Pages.Values).PixelWidth));
    }
}
