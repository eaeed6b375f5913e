using System.Collections.Immutable;
using Akka.Actor;
using Conference.Actors.Fanout;
using Conference.Actors.Focus;
using Conference.Actors.Ports;
using Conference.Actors.Tests.Focus.Fakes;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Requests;
using Xunit;
using static Conference.Actors.Tests.Focus.FocusData;

namespace Conference.Actors.Tests.Focus.Actor;

public class ConferenceActorTests : ActorBench
{
    [Fact]
    public async Task Commands_AreStoredPublishedAndAnswered()
    {
        var actor = await StartSharedAsync();
        Assert.Equal(4, await AcceptAsync(actor, Ann, Draw("a")));
        Assert.Equal([2L, 3, 4], Fanout.Events.Select(each => each.Revision));
        Assert.Equal(4, Fanout.State!.Revision);
        var stored = await Store.ReadEventsAsync(FocusData.Uri, 0, 100, default);
        Assert.Equal($"{Chair} ", stored[0].EventId[..(Chair.Value.Length + 1)]);
        Assert.True(await Blobs.ContainsAsync(ContentDigest.OfHex(Content(1)), default));
        Assert.Equal(1, Fanout.All<FanoutOpened>()[0].State.Revision);
    }

    [Fact]
    public async Task Commands_ForNoConference_AreRefusedAndTheActorRests()
    {
        var actor = Start();
        await RefuseAsync(RefuseReason.UnknownConference, actor, Ann, new Say("hello?"));
        Assert.Equal(0, Fanout.Opened);
        Advance(Options.PassivateUnknownAfter);
        Assert.Same(StopConference.Instance, (await ExpectPassivateAsync()).StopMessage);
    }

    [Fact]
    public async Task RepeatedCommand_IsAnsweredWithTheFirstRevision_AlsoAfterRestart()
    {
        var actor = await StartSharedAsync();
        var say = Command(Ann, new Say("once"), "one", 5);
        Assert.Equal(new CommandOutcome.Accepted(4), await AskAsync(actor, say));
        Assert.Equal(new CommandOutcome.Accepted(4), await AskAsync(actor, say));
        await StopAsync(actor);
        actor = Start();
        Assert.Equal(new CommandOutcome.Accepted(4), await AskAsync(actor, say));
        var other = await AskAsync(actor, Command(Ann, new Say("other"), "one", 6));
        Assert.Equal(new CommandOutcome.Refused(RefuseReason.IdReused), other);
    }

    [Fact]
    public async Task IdOlderThanRemembered_IsRefusedByTheStore_OthersOfTheRoundAreNot()
    {
        Options = new FocusOptions { RememberedRequestsMax = 1 };
        var actor = await StartSharedAsync();
        await AskAsync(actor, Command(Ann, new Say("1"), "old", 1));
        await AskAsync(actor, Command(Ann, new Say("2"), "new", 2));
        Task<object> reused, other;
        using (Faults.Hold())
        {
            var first = AskAsync(actor, Command(Bob, new Say("holds"), "b0", 3));
            reused = AskAsync(actor, Command(Ann, new Say("1"), "old", 1));
            other = AskAsync(actor, Command(Bob, new Say("fine"), "b1", 4));
        }

        Assert.Equal(new CommandOutcome.Refused(RefuseReason.IdReused), await reused);
        Assert.Equal(new CommandOutcome.Accepted(7), await other);
    }

    [Fact]
    public async Task CommandsDuringAnAppend_AreStoredTogether()
    {
        var actor = await StartSharedAsync();
        var answers = new List<Task<object>>();
        using (Faults.Hold())
        {
            for (var i = 0; i < 10; i++) answers.Add(AskAsync(actor, Command(Ann, Draw($"m{i}"))));
            Assert.All(answers, answer => Assert.False(answer.IsCompleted));
        }

        var outcomes = await Task.WhenAll(answers);
        Assert.Equal(Enumerable.Range(4, 10).Select(i => (object)new CommandOutcome.Accepted(i)), outcomes);
        var batches = Fanout.All<ImmutableArray<PublishedEvent>>();
        Assert.True(batches.Count <= 4, $"{batches.Count} appends");
    }

    [Fact]
    public async Task TooManyWaiting_AreRefused()
    {
        Options = new FocusOptions { CommandsWaitingMax = 2 };
        var actor = await StartSharedAsync();
        using (Faults.Hold())
        {
            var waiting = Enumerable.Range(0, 3).Select(i => AskAsync(actor, Command(Ann, Draw($"m{i}")))).ToList();
            await RefuseAsync(RefuseReason.ConferenceBusy, actor, Ann, new Say("no"));
            Assert.All(waiting, answer => Assert.False(answer.IsCompleted));
        }
    }

    [Fact]
    public async Task Strangers_AreRefusedBesideTheQueue()
    {
        Options = new FocusOptions { CommandsWaitingMax = 2 };
        var actor = await StartSharedAsync();
        using (Faults.Hold())
        {
            var stored = AskAsync(actor, Command(Ann, Draw("a")));
            for (var i = 0; i < 10; i++) await RefuseAsync(RefuseReason.NotMember, actor, Eve, new Say("let me in"));
            await RefuseAsync(RefuseReason.NotMember, actor, Eve, new JoinConference());
            Assert.False(stored.IsCompleted);
        }
    }

    [Fact]
    public async Task OneWhoLeft_HasARateStill()
    {
        Options = new FocusOptions { SenderBurst = 2, SenderRequestsPerSecond = 1 };
        var actor = Start();
        await AcceptAsync(actor, Chair, Create());
        await AcceptAsync(actor, Ann, new LeaveConference());
        await RefuseAsync(RefuseReason.NotMember, actor, Ann, new Say("one more"));
        await RefuseAsync(RefuseReason.SenderTooFast, actor, Ann, new Say("and another"));
    }

    [Fact]
    public async Task CommandThatWaitedTooLong_IsNotCarriedOut()
    {
        var actor = await StartSharedAsync();
        Task<object> stored, waited;
        using (Faults.Hold())
        {
            stored = AskAsync(actor, Command(Ann, Draw("a")));
            waited = AskAsync(actor, Command(Ann, Draw("b")));
            await SettleAsync(actor);
            Time.Advance(Options.AskTimeout * 0.7); // the store's time is not up, the command's will be
            await SettleAsync(actor);
        }

        Assert.Equal(4, Assert.IsType<CommandOutcome.Accepted>(await stored).Revision);
        Assert.Equal(5, Assert.IsType<CommandOutcome.Accepted>(await waited).Revision);
        var refused = new CommandOutcome.Refused(RefuseReason.StoreUnavailable) { StoreTime = Options.AskTimeout };
        using (Faults.Hold())
        {
            stored = AskAsync(actor, Command(Ann, Draw("c")));
            waited = AskAsync(actor, Command(Ann, Draw("d")));
            await SettleAsync(actor);
            Time.Advance(Options.AskTimeout);
            Assert.Equal(refused, await waited);
        }

        Assert.Equal(refused, await stored);
    }

    [Fact]
    public async Task CharactersThatXmlHasNoPlaceFor_DoNotHurt()
    {
        var actor = await StartSharedAsync();
        var outcome = await SubmitAsync(actor, Ann, new Say("a\u0001\u0000\uD800b\uFFFE"));
        Assert.NotNull(outcome);
        var revision = await AcceptAsync(actor, Ann, new Say("fine"));
        await StopAsync(actor);
        Assert.Equal(revision + 1, await AcceptAsync(Start(), Ann, new Say("still fine")));
    }

    [Fact]
    public async Task BrokenCommand_EndsOnlyItself()
    {
        var actor = await StartSharedAsync();
        await RefuseAsync(RefuseReason.NotValid, actor, Chair, new InviteMembers(default));
        await RefuseAsync(RefuseReason.NotValid, actor, Ann, new Operate(PageOne, default));
        await RefuseAsync(RefuseReason.NotValid, actor, Ann, new Say(null!));
        Assert.Equal(4, await AcceptAsync(actor, Ann, new Say("fine")));
    }

    [Fact]
    public async Task FanoutThatThrows_RestartsTheConference_WhichKnowsWhatWasAnswered()
    {
        var actor = await StartSharedAsync();
        Fanout.ThrowsOnPublish = true;
        Assert.Equal(new CommandOutcome.Accepted(4), await AskAsync(actor, Command(Ann, new Say("x"), "x", 1)));
        Fanout.ThrowsOnPublish = false;
        Assert.Equal(new CommandOutcome.Accepted(4), await AskAsync(actor, Command(Ann, new Say("x"), "x", 1)));
        Assert.Equal(2, Fanout.Opened);
    }

    [Fact]
    public async Task Woken_ConferenceIsOpenForDelivery()
    {
        await StopAsync(await StartSharedAsync());
        var actor = Start();
        actor.Tell(new WakeConference(FocusData.Uri), ActorRefs.NoSender);
        await SettleAsync(actor);
        Assert.Equal(2, Fanout.Opened);
    }

    [Fact]
    public async Task SenderTooFast_IsRefusedUntilItsBucketFills()
    {
        Options = new FocusOptions { SenderBurst = 3, SenderRequestsPerSecond = 1 };
        var actor = await StartSharedAsync();
        for (var i = 0; i < 3; i++) await AcceptAsync(actor, Ann, new Say("x"));
        await RefuseAsync(RefuseReason.SenderTooFast, actor, Ann, new Say("x"));
        await AcceptAsync(actor, Bob, new Say("x"));
        Advance(TimeSpan.FromSeconds(1));
        await AcceptAsync(actor, Ann, new Say("x"));
        await RefuseAsync(RefuseReason.SenderTooFast, actor, Ann, new Say("x"));
    }

    [Fact]
    public async Task Pointer_GoesToTheFanoutOnly()
    {
        var actor = await StartSharedAsync();
        Assert.Equal(0, await AcceptAsync(actor, Bob, new MovePointer(PageOne, new PagePoint(1, 2))));
        Assert.Equal(Bob, Assert.Single(Fanout.All<PointerPosition>()).Participant);
        await RefuseAsync(RefuseReason.NotMember, actor, Eve, new MovePointer(PageOne, null));
    }

    [Fact]
    public async Task JoinResyncFetch_AreCarriedOutByTheFanout()
    {
        var actor = await StartSharedAsync();
        var join = Command(Ann, new JoinConference("Annie"), "j", 1);
        Assert.Equal(new CommandOutcome.Accepted(4), await AskAsync(actor, join));
        Assert.Equal(new CommandOutcome.Accepted(4), await AskAsync(actor, join));
        Assert.Equal(0, await AcceptAsync(actor, Ann, new Resync(2)));
        Assert.Equal(
            [new FanoutResync(Ann, 0), new FanoutResync(Ann, 0), new FanoutResync(Ann, 2)],
            Fanout.All<FanoutResync>());
        await AcceptAsync(actor, Bob, new FetchPage(PageOne));
        Assert.Equal(PageOne, Assert.Single(Fanout.All<FanoutPage>()).Page.Page);
    }

    [Fact]
    public async Task EndedConference_IsPutAwayAndStaysEnded()
    {
        var actor = await StartSharedAsync();
        Assert.Equal(4, await AcceptAsync(actor, Chair, new EndConference()));
        Assert.IsType<ConferenceEnded>(Fanout.Events[^1].Body);
        await RefuseAsync(RefuseReason.UnknownConference, actor, Ann, new Say("late"));
        Fanout.IsSettled = false;
        Advance(Options.PassivateEndedAfter);
        await ExpectNoPassivateAsync(actor); // the last event is still on its way
        Fanout.IsSettled = true;
        Advance(Options.PassivateEndedAfter);
        await ExpectPassivateAsync();
        await StopAsync(actor);
        actor = Start();
        await RefuseAsync(RefuseReason.UnknownConference, actor, Ann, new Say("much later"));
        await RefuseAsync(RefuseReason.ConferenceExists, actor, Chair, Create());
    }

    [Fact]
    public async Task IdleConference_IsPutAwayWithACheckpoint()
    {
        var actor = await StartSharedAsync();
        Advance(Options.PassivateAfter - TimeSpan.FromSeconds(1));
        await ExpectNoPassivateAsync(actor);
        Advance(TimeSpan.FromSeconds(1));
        await ExpectPassivateAsync();
        await StopAsync(actor);
        var ownership = await Store.TakeOwnershipAsync(FocusData.Uri, default);
        Assert.Equal(3, ownership.Checkpoint!.Revision);
        Assert.Single(Fanout.All<FanoutClosed>());
    }

    [Fact]
    public async Task Checkpoint_IsWrittenEveryNEvents_AndRestoredFrom()
    {
        Options = new FocusOptions { CheckpointEveryEvents = 5 };
        var actor = await StartSharedAsync();
        for (var i = 0; i < 9; i++) await AcceptAsync(actor, Ann, Draw($"m{i}"));
        await EventuallyAsync(actor, () => Assert.True(Watched.Checkpoints > 0));
        Assert.True((await Store.TakeOwnershipAsync(FocusData.Uri, default)).Checkpoint?.Revision >= 5);
        var before = Fanout.State!;
        actor = Start(); // as on another node, after this one crashed
        await AcceptAsync(actor, Ann, new Resync(0));
        StateAssert.Same(before, Fanout.State!);
    }

    [Fact]
    public async Task UnreadableCheckpoint_IsPassedOver()
    {
        var actor = await StartSharedAsync();
        await StopAsync(actor);
        var ownership = await Store.TakeOwnershipAsync(FocusData.Uri, default);
        await AcceptAsync(Start(), Ann, new Say("4"));
        ownership = await Store.TakeOwnershipAsync(FocusData.Uri, default);
        Assert.True(await Store.WriteCheckpointAsync(
            FocusData.Uri, ownership.Epoch, new Checkpoint(4, new byte[40]), default));
        Assert.Equal(5, await AcceptAsync(Start(), Ann, new Say("5")));
    }

    [Fact]
    public async Task Describe_ShowsTheConference()
    {
        var actor = await StartSharedAsync();
        var described = await actor.Ask<ConferenceDescribed>(new DescribeConference(FocusData.Uri));
        Assert.Equal((3L, "Ward round", false), (
            described.Description!.Revision, described.Description.Subject, described.Description.HasEnded));
        Assert.Equal(3, described.Description.Roster.Length);
    }

    [Fact]
    public async Task Stop_WhileStoring_AnswersWhatIsStoredAndSendsTheRestBack()
    {
        var actor = await StartSharedAsync();
        Task<object> stored, waiting, late;
        using (Faults.Hold())
        {
            stored = AskAsync(actor, Command(Ann, Draw("a")));
            waiting = AskAsync(actor, Command(Ann, Draw("b")));
            actor.Tell(StopConference.Instance, ActorRefs.NoSender);
            actor.Tell(StopConference.Instance, ActorRefs.NoSender); // passivation and hand-over may meet
            late = AskAsync(actor, Command(Ann, Draw("c")));
            Assert.Same(ConferenceMoving.Instance, await late);
            Assert.False(stored.IsCompleted);
        }

        Assert.Equal(new CommandOutcome.Accepted(4), await stored);
        Assert.Same(ConferenceMoving.Instance, await waiting);
    }
}
