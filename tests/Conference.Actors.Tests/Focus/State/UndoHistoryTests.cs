using System.Collections.Immutable;
using Conference.Actors.Focus;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Xunit;
using static Conference.Actors.Tests.Focus.FocusData;

namespace Conference.Actors.Tests.Focus.State;

public class UndoHistoryTests
{
    [Fact]
    public void Edit_IsTheNetEffect_OneEntryForEachMark()
    {
        ImmutableArray<MarkChange> changes =
            [Put("a", 1), Put("b", 1), Put("a", 5), new DropMark("b"), new DropMark("never there")];
        var after = Board.Empty.Apply(changes);
        var edit = PageEdit.Of(PageOne, Board.Empty, after, changes);
        var only = Assert.Single(edit.Edits);
        Assert.Equal(("a", null, 5), (only.MarkId, only.Before, only.After!.Mark.Points[0].X));
        Assert.Equal(PageEdit.WeightOf(only.After), edit.BytesAdded);
    }

    [Fact]
    public void Reverse_LeavesAloneWhatIsNotAsTheEditLeftIt()
    {
        var before = Board.Empty.Apply([Put("a", 1), Put("b", 1), Put("c", 1)]);
        ImmutableArray<MarkChange> changes = [Put("a", 2), new DropMark("b"), Put("c", 2)];
        var edit = PageEdit.Of(PageOne, before, before.Apply(changes), changes);
        var now = before.Apply(changes).Apply([Put("a", 9), Put("b", 9)]); // somebody else
        Assert.Equal([Put("c", 1)], edit.Reverse(now).AsEnumerable());
        Assert.Equal(before.Digest, before.Apply(changes).Apply(edit.Reverse(before.Apply(changes))).Digest);
    }

    [Fact]
    public void FindReversible_TakesTheLatestThatDoesSomething()
    {
        var board = Board.Empty;
        var history = UndoHistory.Empty;
        foreach (var id in new[] { "a", "b", "c" })
        {
            ImmutableArray<MarkChange> changes = [Put(id, 1)];
            history = history.WithOperation(PageEdit.Of(PageOne, board, board.Apply(changes), changes), 10);
            board = board.Apply(changes);
        }

        var gone = board.Apply([new DropMark("c")]);
        Assert.Equal(1, UndoHistory.FindReversible(history.Done, _ => gone, out var reverse));
        Assert.Equal([new DropMark("b")], reverse.AsEnumerable());
        Assert.Equal(-1, UndoHistory.FindReversible(history.Done, _ => Board.Empty, out var nothing));
        Assert.Empty(nothing);
        Assert.Single(history.WithUndo(_ => gone, history.Done[1], 10).Done); // "c" cannot be taken back: gone with "b"
    }

    [Fact]
    public void UndoOfAPart_LeavesTheRestToTheNext_ButNotWhatSomebodyElseChanged()
    {
        var before = Board.Empty.Apply([Put("a", 1), Put("b", 1), Put("c", 1)]);
        ImmutableArray<MarkChange> cleared = [new DropMark("a"), new DropMark("b"), new DropMark("c")];
        var history = UndoHistory.Empty.WithOperation(
            PageEdit.Of(PageOne, before, before.Apply(cleared), cleared), 9);
        var now = Board.Empty.Apply([Put("c", 9)]); // drawn anew by somebody else
        var part = PageEdit.Of(PageOne, now, now.Apply([Put("a", 1)]), [Put("a", 1)]);
        history = history.WithUndo(_ => now, part, 9);
        Assert.Equal(["b"], Assert.Single(history.Done).Edits.Select(edit => edit.MarkId));
        Assert.Equal([part], history.Undone);
    }

    [Fact]
    public void Depth_HoldsForBothSides_AndZeroKeepsNothing()
    {
        var edit = PageEdit.Of(PageOne, Board.Empty, Board.Empty.Apply([Put("a", 1)]), [Put("a", 1)]);
        var history = UndoHistory.Empty;
        for (var i = 0; i < 5; i++) history = history.WithOperation(edit, 2);
        Assert.Equal(2, history.Done.Count);
        Assert.Empty(history.WithOperation(edit, 0).Done);
        var drawn = Board.Empty.Apply([Put("a", 1)]);
        Assert.Empty(history.WithUndo(_ => drawn, edit, 0).Undone);
        var undo = PageEdit.Of(PageOne, drawn, Board.Empty, [new DropMark("a")]);
        history = history.WithUndo(_ => drawn, undo, 2);
        Assert.Equal((1, 1), (history.Done.Count, history.Undone.Count));
        history = history.WithRedo(_ => Board.Empty, edit, 2);
        Assert.Equal((2, 0), (history.Done.Count, history.Undone.Count));
    }

    [Fact]
    public void OperationWithoutEffect_EndsTheRedo_AndIsNoEntry()
    {
        var edit = PageEdit.Of(PageOne, Board.Empty, Board.Empty.Apply([Put("a", 1)]), [Put("a", 1)]);
        var undone = new UndoHistory([], [edit]);
        var after = undone.WithOperation(new PageEdit(PageOne, []), 9);
        Assert.Equal((0, 0), (after.Done.Count, after.Undone.Count));
    }

    [Fact]
    public void DocumentThatIsClosed_LeavesBothSides()
    {
        var here = PageEdit.Of(PageOne, Board.Empty, Board.Empty.Apply([Put("a", 1)]), [Put("a", 1)]);
        var there = here with { Page = new PageRef("e", 1) };
        var history = new UndoHistory([here, there], [there, here]).WithoutDocument("d");
        Assert.Equal([there], history.Done);
        Assert.Equal([there], history.Undone);
    }

    private static PutMark Put(string id, int x) => new(new PlacedMark(Line(id, x), Ann, 1));
}
