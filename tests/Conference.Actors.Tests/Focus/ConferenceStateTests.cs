using System.Collections.Immutable;
using Conference.Actors.Focus;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Requests;
using Conference.Protocol.Xml;
using CsCheck;
using Xunit;
using static Conference.Actors.Tests.Focus.FocusData;

namespace Conference.Actors.Tests.Focus;

public class ConferenceStateTests
{
    [Fact]
    public void Replay_OfAnyHistoryThroughXml_GivesTheSameState() =>
        FocusGenerators.Histories.Sample(
            steps =>
            {
                var driver = FocusGenerators.Run(steps);
                var replayed = ConferenceState.Before(FocusData.Uri, driver.State.Limits);
                foreach (var each in driver.Events)
                {
                    Assert.True(EventReader.TryReadFragment(EventWriter.WriteFragment(each), out var read));
                    replayed = replayed.Apply(read);
                }

                StateAssert.Same(driver.State, replayed);
            },
            iter: 200);

    [Fact]
    public void Reader_ThatOnlyAppliesChanges_HasTheSameDigests() =>
        FocusGenerators.Histories.Sample(
            steps =>
            {
                var boards = new Dictionary<PageRef, Board>();
                foreach (var each in FocusGenerators.Run(steps).Events)
                {
                    if (each.Body is DocumentClosed closed)
                    {
                        foreach (var page in boards.Keys.Where(page => page.DocumentId == closed.DocumentId))
                        {
                            boards.Remove(page);
                        }
                    }

                    if (each.Body is not BoardChanged changed) continue;
                    var board = boards.GetValueOrDefault(changed.Page, Board.Empty).Apply(changed.Changes);
                    Assert.Equal(changed.BoardDigest, board.Digest.ToString());
                    boards[changed.Page] = board;
                }
            },
            iter: 200);

    [Fact]
    public void AnyHistory_KeepsTheInvariants() =>
        FocusGenerators.Histories.Sample(
            steps => FocusGenerators.Run(steps, driver =>
            {
                var state = driver.State;
                Assert.True(state.HasEnded || state.Count(Role.Chair) >= 1);
                Assert.All(state.Roster.Values, member => Assert.True(
                    member.Role != Role.Chair || member.Rights == Rights.All));
                Assert.All(state.AwaitedTurns, turn => Assert.Null(state.FindPage(turn.Page)));
                if (state.CurrentPage is { } current) Assert.NotNull(state.FindDocument(current.DocumentId));
                Assert.All(state.RaisedHands, hand => Assert.NotNull(state.FindMember(hand.Participant)));
                foreach (var (page, board) in state.Boards)
                {
                    Assert.Equal(board.Marks.Values.Sum(PageEdit.WeightOf), state.MarkBytes[page]);
                    Assert.Equal(BoardDigest.Of(board.Marks.Values), board.Digest);
                    Assert.Equal(
                        board.Marks.Count, board.Marks.Values.Select(placed => placed.Order).Distinct().Count());
                }
            }),
            iter: 200);

    [Fact]
    public void UndoAllThenRedoAll_GivesTheSameBoard() =>
        FocusGenerators.Histories.Sample(
            steps =>
            {
                // Only one draws, so nothing of it is changed by others.
                var driver = FocusGenerators.Run(
                    [.. steps.Where(step => step.Action is Operate).Select(step => step with { Sender = Chair })]);
                var done = driver.State.BoardOf(PageOne).Digest;
                var count = 0;
                while (driver.Try(Chair, new Undo()) is Decision.Accept) count++;
                while (driver.Try(Chair, new Redo()) is Decision.Accept) count--;
                Assert.Equal(0, count);
                Assert.Equal(done, driver.State.BoardOf(PageOne).Digest);
            },
            iter: 200);

    [Fact]
    public void Apply_OfARevisionThatDoesNotFollow_Throws()
    {
        var state = Shared().State;
        var wrong = new ConferenceEvent(state.Revision + 2, Ann, "x", Start, new ChatSaid("x"));
        Assert.Throws<InvalidOperationException>(() => state.Apply(wrong));
        Assert.Throws<InvalidOperationException>(() => state.Apply(wrong with { Revision = state.Revision }));
    }

    [Fact]
    public void Snapshot_HoldsEverything()
    {
        var driver = Shared();
        driver.Accept(Ann, Draw("a"));
        driver.Accept(Chair, new TurnPage(PageOne));
        driver.Accept(Bob, new RequestRights(Rights.Draw));
        var snapshot = driver.State.ToSnapshot();
        Assert.Equal((driver.State.Revision, PageOne, "Ward round"),
            (snapshot.Revision, snapshot.CurrentPage!.Value, snapshot.Subject));
        Assert.Equal(3, snapshot.Roster.Length);
        Assert.Equal(PageOne, Assert.Single(Assert.Single(snapshot.Documents).Pages).Page);
        Assert.Equal("a", Assert.Single(Assert.Single(snapshot.Boards).Marks).Mark.Id);
        Assert.Equal(Bob, Assert.Single(snapshot.Requests).Participant);
    }

    [Fact]
    public void MissingPages_AreListedInOrder()
    {
        var driver = Shared();
        driver.Accept(Chair, new ShareDocument("a", "later", 1));
        Assert.Equal(
            [PageTwo, new PageRef("d", 3), new PageRef("a", 1)], driver.State.MissingPages());
    }

    [Fact]
    public void Replay_Of2000StoredEvents_GivesTheSameState()
    {
        var driver = Shared();
        for (var i = 0; i < 2_000; i++)
        {
            driver.Accept(Ann, i % 4 == 3 ? new Undo() : Draw($"m{i}"));
        }

        var state = ConferenceState.Before(FocusData.Uri);
        foreach (var happened in driver.Events)
        {
            Assert.True(EventReader.TryReadFragment(EventWriter.WriteFragment(happened), out var read));
            state = state.Apply(read!);
        }

        Assert.Equal(driver.State.Revision, state.Revision);
        Assert.Equal(
            driver.State.ToSnapshot().Boards.Single().BoardDigest, state.ToSnapshot().Boards.Single().BoardDigest);
    }
}
