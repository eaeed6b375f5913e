using Akka.Actor;
using Conference.Actors.Focus;
using Conference.Actors.Ports;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Requests;
using Xunit;
using static Conference.Actors.Tests.Focus.FocusData;

namespace Conference.Actors.Tests.Focus.Actor;

public class CommandRoundTests
{
    private static readonly FocusOptions Options = new();
    private readonly PageAssembly _assembly = new(Options);

    [Fact]
    public void Commands_SeeWhatThoseBeforeThemDid_AndTheStateBeforeStays()
    {
        var before = Shared().State;
        var round = Round(before);
        Add(round, Ann, Draw("a"));
        Add(round, Ann, Draw("a"));
        Add(round, Ann, new Undo());
        Assert.Equal(
            [
                new CommandOutcome.Accepted(4), new CommandOutcome.Refused(RefuseReason.MarkExists, "mark a"),
                new CommandOutcome.Accepted(5),
            ],
            round.Answers.Select(answer => answer.Outcome));
        Assert.Equal([4L, 5], round.Events.Select(each => each.Event.Revision));
        Assert.Same(before, round.Before);
        Assert.Equal((3L, 5L), (before.Revision, round.State.Revision));
    }

    [Fact]
    public void RepeatedCommandInOneRound_HasTheRevisionOfTheFirst()
    {
        var round = Round(Shared().State);
        var say = Command(Ann, new Say("once"), "one", 7);
        round.Add(Pending(say));
        round.Add(Pending(say));
        round.Add(Pending(say with { ContentHash = 8 }));
        Assert.Equal(
            [
                new CommandOutcome.Accepted(4), new CommandOutcome.Accepted(4),
                new CommandOutcome.Refused(RefuseReason.IdReused),
            ],
            round.Answers.Select(answer => answer.Outcome));
        Assert.Single(round.Events);
    }

    [Fact]
    public void EventId_IsAuthorAndRequest_AndEmptyForTheServersOwn()
    {
        var driver = Shared();
        driver.Accept(Chair, new TurnPage(PageTwo));
        var round = Round(driver.State);
        round.Add(Pending(Command(Chair, Share(PageTwo), "share-2")));
        var stored = round.ToStored();
        Assert.Equal([$"{Chair.Value} share-2", string.Empty], stored.Select(each => each.EventId));
        Assert.IsType<PageTurned>(round.Events[1].Event.Body); // what waited for the page is in the same append
        Assert.Equal(new CommandOutcome.Accepted(5), Assert.Single(round.Answers).Outcome);
    }

    [Fact]
    public void EventThatNoStoreTakes_ChangesNothing()
    {
        var before = Shared().State;
        var round = Round(before, Options with { TextCharactersMax = 2 * StoredEvent.PayloadBytesMax });
        Add(round, Ann, new Say(new string('x', StoredEvent.PayloadBytesMax)));
        Assert.Equal(new CommandOutcome.Refused(RefuseReason.TooLarge), Assert.Single(round.Answers).Outcome);
        Assert.Same(before, round.State);
        Assert.False(round.NeedsStore);
    }

    [Fact]
    public void PagesAreStoredWhenTheirEventIs_AndLookedForWhenSomebodyIsToSeeThem()
    {
        var round = Round(Shared().State);
        Add(round, Chair, Share(PageOne)); // there already
        Assert.Empty(round.Pages);
        Assert.False(round.NeedsStore);
        Add(round, Chair, Share(PageTwo));
        Assert.Equal(PageTwo, Assert.Single(round.Pages).Page.Page);
        Add(round, Bob, new FetchPage(PageOne));
        Assert.Equal([ContentDigest.OfHex(Content(1))], round.UsedPages);
        Add(round, Chair, new TurnPage(PageTwo));
        Assert.Contains(ContentDigest.OfHex(Content(2)), round.UsedPages);
        Assert.Contains(new FollowUp.SendPage(Bob, Describe(PageOne, Content(1))), round.FollowUps);
    }

    [Fact]
    public void WholeFromParts_IsWhatIsDecidedAgain_WhenTheRoundComesToNothing()
    {
        var state = Shared().State;
        var content = Content(2, 900);
        Add(Round(state), Chair, Part(PageTwo, content, 1, 2));
        var last = Pending(Command(Chair, Part(PageTwo, content, 2, 2)));
        Round(state).Add(last);
        Assert.True(last.IsAssembled);
        var again = Round(state);
        again.Add(last);
        Assert.Equal(new CommandOutcome.Accepted(4), Assert.Single(again.Answers).Outcome);
        Assert.Equal(content, Assert.Single(again.Pages).Content.ToArray());
        Assert.Equal(900, _assembly.Bytes); // kept until the event is stored
    }

    [Fact]
    public void PartsOfADocumentSharedAnew_AreNotThoseOfTheOneThatWasClosed()
    {
        var content = Content(7, 800);
        var round = Round(Shared().State);
        Add(round, Chair, Part(PageTwo, Content(2, 1_000), 1, 2));
        Add(round, Chair, new CloseDocument("d"));
        Assert.Equal(0, _assembly.Bytes);
        Add(round, Chair, new ShareDocument("d", "Other.doc", 3));
        Add(round, Chair, Part(PageTwo, content, 2, 2));
        Assert.All(round.Answers, answer => Assert.IsType<CommandOutcome.Accepted>(answer.Outcome));
        Assert.Equal(400, _assembly.Bytes);
    }

    [Fact]
    public void ServedEvents_AreRememberedForAnotherRound_ThoseThatFollowAreNot()
    {
        var driver = Shared();
        driver.Accept(Chair, new SaveConference());
        var round = Round(driver.State);
        var end = new Decision.Serve(new SaveFailed("store_unavailable"), Chair);
        round.ServeWaiting(end);
        Assert.Equal([end], round.Served);
        Assert.Empty(round.State.AwaitedSaves);
        var told = new FollowUp.TellSaveFailed(driver.State.AwaitedSaves[0], "store_unavailable");
        Assert.Equal(told, Assert.Single(round.FollowUps));
    }

    private CommandRound Round(ConferenceState state, FocusOptions? options = null) =>
        new(state, RuleContext.For(options ?? Options), _assembly, Start);

    private static void Add(CommandRound round, ParticipantUri sender, RequestAction action) =>
        round.Add(Pending(Command(sender, action)));

    private static PendingCommand Pending(ConferenceCommand command) =>
        new(command, ActorRefs.Nobody, DateTimeOffset.MaxValue);
}
