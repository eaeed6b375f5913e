using System.Collections.Immutable;
using Conference.Actors.Focus;
using Conference.Actors.Ports;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Requests;
using Conference.Protocol.Xml;
using Xunit;
using static Conference.Actors.Tests.Focus.FocusData;

namespace Conference.Actors.Tests.Focus.Rules;

public class BoardRulesTests
{
    [Fact]
    public void Operate_AddsModifiesMovesDeletes()
    {
        var driver = Shared();
        var added = driver.Accept<BoardChanged>(Ann, Operate(new AddMark(Line("a")), new AddMark(Line("b"))));
        var revision = driver.State.Revision;
        var board = driver.State.BoardOf(PageOne);
        Assert.Equal([revision << 16, (revision << 16) + 1], board.InPaintingOrder().Select(placed => placed.Order));
        Assert.Equal(board.Digest.ToString(), added.BoardDigest);
        driver.Accept(Ann, Operate(
            new ModifyMark(Line("a") with { Color = 0xFF0000FF }), new MoveMarks(["a", "b"], 5, -3),
            new DeleteMarks(["b"])));
        var left = Assert.Single(driver.State.BoardOf(PageOne).Marks).Value;
        Assert.Equal((0xFF0000FFu, new PagePoint(15, 17)), (left.Mark.Color, left.Mark.Points[0]));
        Assert.Equal((Ann, revision << 16), (left.Owner, left.Order));
        driver.Done(Ann, Operate());
    }

    [Fact]
    public void Operate_WithOneBadOperation_ChangesNothing()
    {
        var driver = Shared();
        driver.Refuse(RefuseReason.UnknownMark, Ann, Operate(new AddMark(Line("a")), new DeleteMarks(["nope"])));
        Assert.Empty(driver.State.BoardOf(PageOne).Marks);
    }

    [Fact]
    public void Operate_OnPagesThatAreNotThere_IsRefused()
    {
        var driver = Shared();
        driver.Refuse(RefuseReason.PageMissing, Ann, Draw("a", PageTwo));
        driver.Refuse(RefuseReason.PageOutOfRange, Ann, Draw("a", new PageRef("d", 0)));
        driver.Refuse(RefuseReason.PageOutOfRange, Ann, Draw("a", new PageRef("d", int.MaxValue)));
        driver.Refuse(RefuseReason.UnknownDocument, Ann, Draw("a", new PageRef("x", 1)));
    }

    [Fact]
    public void Operate_OutsideThePage_IsRefused()
    {
        var driver = Shared();
        driver.Accept(Ann, Draw("a"));
        driver.Refuse(RefuseReason.MarkOutsidePage, Ann, Operate(new AddMark(Line("b", -1))));
        driver.Refuse(RefuseReason.MarkOutsidePage, Ann, Operate(new AddMark(Line("b", PagePoint.Max))));
        driver.Refuse(RefuseReason.MarkOutsidePage, Ann, Operate(new ModifyMark(Line("a", 1, int.MaxValue - 100))));
        driver.Refuse(RefuseReason.MarkOutsidePage, Ann, Operate(new MoveMarks(["a"], int.MaxValue, 0)));
        driver.Refuse(RefuseReason.MarkOutsidePage, Ann, Operate(new MoveMarks(["a"], 0, int.MinValue)));
        driver.Refuse(
            RefuseReason.MarkOutsidePage, Ann, new MovePointer(PageOne, new PagePoint(0, PagePoint.Max + 1)));
    }

    [Fact]
    public void Operate_OnMarksOfOthers_NeedsTheRight()
    {
        var driver = Shared();
        driver.Accept(Chair, Draw("c"));
        driver.Accept(Ann, Draw("a"));
        driver.Refuse(RefuseReason.NoRight, Ann, Operate(new DeleteMarks(["c"])));
        driver.Refuse(RefuseReason.NoRight, Ann, Operate(new MoveMarks(["a", "c"], 1, 1)));
        driver.Refuse(RefuseReason.NoRight, Ann, Operate(new ModifyMark(Line("c"))));
        driver.Refuse(RefuseReason.MarkExists, Ann, Operate(new AddMark(Line("c"))));
        driver.Accept(Ann, Operate(new ClearPage()));
        Assert.Equal("c", Assert.Single(driver.State.BoardOf(PageOne).Marks).Key);
        driver.Accept(Chair, new GrantRights(Ann, Rights.EditOthers));
        driver.Accept(Ann, Operate(new MoveMarks(["c"], 1, 1)));
        Assert.Equal(Chair, driver.State.BoardOf(PageOne).Marks["c"].Owner);
        driver.Accept(Ann, Operate(new ClearPage()));
        Assert.Empty(driver.State.BoardOf(PageOne).Marks);
    }

    [Fact]
    public void Operate_WithMarksThatAreNone_IsRefused()
    {
        var driver = Shared();
        var line = Line("a");
        Mark[] bad =
        [
            line with { Id = "with space" }, line with { Id = new string('x', 65) }, line with { Points = [] },
            line with { Points = default }, line with { Width = -1 }, line with { Width = 10_001 },
            line with { Text = "no text here" }, line with { Kind = MarkKind.Text }, line with { Kind = (MarkKind)99 },
            line with { Image = new MarkImage("image/png", [1]) }, line with { Kind = MarkKind.Image },
            line with { Points = [new PagePoint(1, 1)] },
        ];
        Assert.All(bad, mark => driver.Refuse(RefuseReason.NotValid, Ann, Operate(new AddMark(mark))));
        driver.Refuse(RefuseReason.NotValid, Ann, Operate(new DeleteMarks([])));
    }

    [Fact]
    public void Operate_BeyondSizes_IsRefused()
    {
        var driver = Shared(new FocusOptions
        {
            PointsPerMarkMax = 10, MarkImageBytesMax = 10, TextCharactersMax = 16, OperationsPerRequestMax = 3,
            MarksPerPageMax = 4, MarkBytesPerPageMax = 600,
        });
        var points = Enumerable.Repeat(new PagePoint(1, 1), 11).ToImmutableArray();
        Mark[] large =
        [
            Line("a") with { Kind = MarkKind.Freehand, Points = points },
            Line("a") with { Kind = MarkKind.Text, Text = new string('x', 17) },
            Line("a") with { Kind = MarkKind.Image, Image = new MarkImage("image/png", [.. new byte[11]]) },
        ];
        Assert.All(large, mark => driver.Refuse(RefuseReason.TooLarge, Ann, Operate(new AddMark(mark))));
        MarkOperation[] four = [.. "abcd".Select(id => new AddMark(Line($"{id}")))];
        driver.Refuse(RefuseReason.TooLarge, Ann, Operate(four));
        driver.Accept(Ann, Operate(four[..3]));
        driver.Accept(Ann, Operate(four[3]));
        driver.Refuse(RefuseReason.TooManyMarks, Ann, Draw("e")); // four marks
        driver.Accept(Ann, Operate(new DeleteMarks(["a"])));
        var heavy = Line("h") with { Kind = MarkKind.Freehand, Points = points[..10] };
        driver.Refuse(RefuseReason.TooManyMarks, Ann, Operate(new AddMark(heavy))); // 600 bytes
        driver.Accept(Ann, Operate(new MoveMarks(["b"], 1, 1)));
    }

    [Fact]
    public void Operate_WhoseEventWouldBeTooLarge_IsRefusedBeforeItIsBuilt()
    {
        var driver = Shared();
        var points = Enumerable.Range(0, 4_000).Select(i => new PagePoint(i, i)).ToImmutableArray();
        var heavy = Line("h") with { Kind = MarkKind.Freehand, Points = points };
        driver.Accept(Ann, Operate(new AddMark(heavy)));
        MarkOperation[] moves = [.. Enumerable.Repeat(new MoveMarks(["h"], 1, 1), 1_024)];
        var before = GC.GetAllocatedBytesForCurrentThread();
        driver.Refuse(RefuseReason.TooLarge, Ann, Operate(moves));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 16_000_000); // all moves: 130 MB
        driver.Accept(Ann, Operate(moves[..20]));
    }

    [Fact]
    public void Undo_TakesBackOnesOwnLatest_RedoDoesItAgain()
    {
        var driver = Shared();
        driver.Accept(Ann, Draw("a1"));
        driver.Accept(Chair, Draw("c1"));
        driver.Accept(Ann, Draw("a2"));
        var all = driver.State.BoardOf(PageOne);
        Assert.Equal(BoardChangeCause.Undo, driver.Accept<BoardChanged>(Ann, new Undo()).Cause);
        driver.Accept(Ann, new Undo());
        Assert.Equal("c1", Assert.Single(driver.State.BoardOf(PageOne).Marks).Key);
        driver.Refuse(RefuseReason.NothingToUndo, Ann, new Undo());
        driver.Accept(Ann, new Redo());
        Assert.Equal(BoardChangeCause.Redo, driver.Accept<BoardChanged>(Ann, new Redo()).Cause);
        Assert.Equal(all.Digest, driver.State.BoardOf(PageOne).Digest); // they lie where they lay
        driver.Refuse(RefuseReason.NothingToUndo, Ann, new Redo());
    }

    [Fact]
    public void Undo_OfClear_Restores()
    {
        var driver = Shared();
        driver.Accept(Ann, Operate(new AddMark(Line("a")), new AddMark(Line("b"))));
        driver.Accept(Chair, Draw("c"));
        var before = driver.State.BoardOf(PageOne).Digest;
        driver.Accept(Chair, Operate(new ClearPage()));
        driver.Accept(Chair, new Undo());
        Assert.Equal(before, driver.State.BoardOf(PageOne).Digest);
        driver.Accept(Chair, new Redo());
        Assert.Empty(driver.State.BoardOf(PageOne).Marks);
    }

    [Fact]
    public void Undo_OfMoreThanAnEventHolds_ComesInSteps()
    {
        var driver = Shared();
        driver.Accept(Chair, Draw("first"));
        for (var i = 0; i < 5; i++)
        {
            var image = new MarkImage("image/png", [.. Content(i, 250_000)]);
            driver.Accept(Ann, Operate(new AddMark(Line($"i{i}") with { Kind = MarkKind.Image, Image = image })));
        }

        var before = driver.State.BoardOf(PageOne).Digest;
        driver.Accept(Chair, Operate(new ClearPage()));
        driver.Accept(Chair, new Undo());
        Assert.InRange(driver.State.BoardOf(PageOne).Marks.Count, 1, 5);
        driver.Accept(Chair, new Undo());
        Assert.Equal(before, driver.State.BoardOf(PageOne).Digest);
        driver.Accept(Chair, new Redo());
        driver.Accept(Chair, new Redo());
        Assert.Empty(driver.State.BoardOf(PageOne).Marks);
        driver.Accept(Chair, new Undo());
        driver.Accept(Chair, new Undo());
        driver.Accept(Chair, new Undo());
        Assert.Equal(5, driver.State.BoardOf(PageOne).Marks.Count); // "first" was the chair's
        Assert.All(driver.Events, each => Assert.InRange(
            EventWriter.WriteFragment(each).Length, 1, StoredEvent.PayloadBytesMax));
    }

    [Fact]
    public void Undo_OfAMarkThatSomebodyElseChanged_LeavesItAlone()
    {
        var driver = Shared();
        driver.Accept(Ann, Operate(new AddMark(Line("a")), new AddMark(Line("b"))));
        driver.Accept(Chair, Operate(new MoveMarks(["a"], 7, 7)));
        driver.Accept(Ann, new Undo());
        Assert.Equal("a", Assert.Single(driver.State.BoardOf(PageOne).Marks).Key);
        driver.Accept(Ann, new Redo());
        Assert.Equal(2, driver.State.BoardOf(PageOne).Marks.Count);
        Assert.Equal(17, driver.State.BoardOf(PageOne).Marks["a"].Mark.Points[0].X);
    }

    [Fact]
    public void Undo_PassesOverWhatCannotBeTakenBack()
    {
        var driver = Shared();
        driver.Accept(Ann, Draw("a"));
        driver.Accept(Ann, Draw("b"));
        driver.Accept(Chair, Operate(new DeleteMarks(["b"])));
        driver.Accept(Ann, new Undo());
        Assert.Empty(driver.State.BoardOf(PageOne).Marks);
        driver.Refuse(RefuseReason.NothingToUndo, Ann, new Undo());
    }

    [Fact]
    public void NewOperation_EndsWhatCanBeRedone()
    {
        var driver = Shared();
        driver.Accept(Ann, Draw("a"));
        driver.Accept(Ann, new Undo());
        driver.Accept(Ann, Draw("b"));
        driver.Refuse(RefuseReason.NothingToUndo, Ann, new Redo());
    }

    [Fact]
    public void UndoDepth_IsLimited()
    {
        var driver = Shared(new FocusOptions { UndoDepthMax = 3 });
        for (var i = 0; i < 5; i++) driver.Accept(Ann, Draw($"a{i}"));
        for (var i = 0; i < 3; i++) driver.Accept(Ann, new Undo());
        driver.Refuse(RefuseReason.NothingToUndo, Ann, new Undo());
        Assert.Equal(2, driver.State.BoardOf(PageOne).Marks.Count);
    }

    [Fact]
    public void Redo_OnMarksOfOthers_NeedsTheRightStill()
    {
        var driver = Shared();
        driver.Accept(Chair, Draw("c"));
        driver.Accept(Chair, new GrantRights(Ann, Rights.EditOthers));
        driver.Accept(Ann, Operate(new ClearPage()));
        driver.Accept(Chair, new RevokeRights(Ann, Rights.EditOthers));
        driver.Accept(Ann, new Undo());
        Assert.Single(driver.State.BoardOf(PageOne).Marks);
        driver.Refuse(RefuseReason.NoRight, Ann, new Redo());
    }

    [Fact]
    public void Undo_BeyondThePageLimit_IsRefused()
    {
        var driver = Shared(new FocusOptions { MarksPerPageMax = 2 });
        driver.Accept(Ann, Operate(new AddMark(Line("a")), new AddMark(Line("b"))));
        driver.Accept(Ann, Operate(new ClearPage()));
        driver.Accept(Chair, Operate(new AddMark(Line("c")), new AddMark(Line("d"))));
        driver.Refuse(RefuseReason.TooManyMarks, Ann, new Undo());
    }

    [Fact]
    public void Undo_WithoutTheRightToDraw_IsRefused()
    {
        var driver = Shared();
        driver.Accept(Ann, Draw("a"));
        driver.Accept(Chair, new SetRole(Ann, Role.Observer));
        driver.Refuse(RefuseReason.NoRight, Ann, new Undo());
    }

    [Fact]
    public void Pointer_IsVolatile()
    {
        var driver = Shared();
        var revision = driver.State.Revision;
        var point = Assert.IsType<Decision.Point>(driver.Try(Bob, new MovePointer(PageTwo, null)));
        Assert.Equal(new PointerPosition(Bob, PageTwo, null), point.Position);
        driver.Refuse(RefuseReason.UnknownDocument, Bob, new MovePointer(new PageRef("x", 1), null));
        Assert.Equal(revision, driver.State.Revision);
    }
}
