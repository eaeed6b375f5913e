using Conference.Actors.Focus;
using Conference.Actors.Tests.Focus.Fakes;
using Conference.Protocol.Requests;
using Xunit;
using static Conference.Actors.Tests.Focus.FocusData;

namespace Conference.Actors.Tests.Focus.Actor;

public class ConferenceActorStoreTests : ActorBench
{
    [Fact]
    public async Task StoreAway_RefusesAtOnce_AndRecoversWithoutRestart()
    {
        var actor = await StartSharedAsync();
        Faults.IsAway = true;
        await RefuseAsync(RefuseReason.StoreUnavailable, actor, Ann, Draw("a"));
        await RefuseAsync(RefuseReason.StoreUnavailable, actor, Ann, new Say("still away"));
        Faults.IsAway = false;
        Advance(Options.RestoreBackoffMin);
        await EventuallyAsync(actor, () => Assert.Equal(2, Fanout.Opened));
        Assert.Equal(4, await AcceptAsync(actor, Ann, Draw("a")));
        Assert.Single(Fanout.All<FanoutClosed>());
    }

    [Fact]
    public async Task StoreAway_AtTheFirstMessage_BacksOffAndRecovers()
    {
        await StopAsync(await StartSharedAsync());
        Faults.IsAway = true;
        var actor = Start();
        await RefuseAsync(RefuseReason.StoreUnavailable, actor, Ann, new Say("x"));
        Advance(Options.RestoreBackoffMin);
        await SettleAsync(actor);
        await RefuseAsync(RefuseReason.StoreUnavailable, actor, Ann, new Say("x"));
        Faults.IsAway = false;
        Advance(Options.RestoreBackoffMin * 2);
        await EventuallyAsync(actor, () => Assert.Equal(2, Fanout.Opened));
        Assert.Equal(4, await AcceptAsync(actor, Ann, new Say("x")));
    }

    [Fact]
    public async Task AmbiguousWrite_IsRefusedOnce_AndItsRepetitionIsAcknowledged()
    {
        var actor = await StartSharedAsync();
        var draw = Command(Ann, Draw("a"), "draw", 9);
        Faults.LoseNextAnswers(1);
        Assert.Equal(new CommandOutcome.Refused(RefuseReason.StoreUnavailable), await AskAsync(actor, draw));
        Assert.Equal(new CommandOutcome.Accepted(4), await AskAsync(actor, draw));
        Assert.Equal(5, await AcceptAsync(actor, Ann, Draw("b")));
        Assert.Equal(2, Fanout.Opened); // read again: the event that was written is delivered from there
        Assert.Equal(4, Fanout.All<FanoutOpened>()[1].State.Revision);
    }

    [Fact]
    public async Task LostWrite_IsRefused_AndItsRepetitionIsCarriedOut()
    {
        var actor = await StartSharedAsync();
        var draw = Command(Ann, Draw("a"), "draw", 9);
        Faults.LoseNextWrites(1);
        Assert.Equal(new CommandOutcome.Refused(RefuseReason.StoreUnavailable), await AskAsync(actor, draw));
        Assert.Equal(new CommandOutcome.Accepted(4), await AskAsync(actor, draw));
    }

    [Fact]
    public async Task HangingStore_IsGivenUpWithinTheAskTimeout()
    {
        var actor = await StartSharedAsync();
        var held = Faults.Hold();
        var answer = AskAsync(actor, Command(Ann, Draw("a")));
        await SettleAsync(actor); // now the append hangs, and its time runs
        Time.Advance(Options.AskTimeout * 0.4);
        var behind = AskAsync(actor, Command(Ann, Draw("b")));
        await SettleAsync(actor);
        Assert.Equal(2, StoreQueue.Count);
        Time.Advance(Options.AskTimeout * 0.41);
        // The store has had all the time that they waited.
        var refused = new CommandOutcome.Refused(RefuseReason.StoreUnavailable);
        Assert.Equal(refused with { StoreTime = Options.AskTimeout * 0.81 }, await answer);
        Assert.Equal(refused with { StoreTime = Options.AskTimeout * 0.41 }, await behind);
        held.Dispose();
        Assert.Equal(4, await AcceptAsync(actor, Ann, Draw("b")));
    }

    [Fact]
    public async Task Command_WhoseTimeIsOver_IsRefusedAndNotCarriedOut()
    {
        var actor = await StartSharedAsync();
        var late = Command(Ann, Draw("a")) with { Until = Time.GetUtcNow() };
        Assert.Equal(new CommandOutcome.Refused(RefuseReason.WaitedTooLong), await AskAsync(actor, late));
        Assert.Equal(4, await AcceptAsync(actor, Ann, Draw("a")));
    }

    [Fact]
    public async Task Command_WhoseTimeEndsBehindAnAppend_IsRefusedAndNotCarriedOut()
    {
        var actor = await StartSharedAsync();
        Task<object> first, late;
        using (Faults.Hold())
        {
            first = AskAsync(actor, Command(Ann, Draw("a")));
            late = AskAsync(actor, Command(Ann, Draw("b")) with { Until = Time.GetUtcNow().AddMilliseconds(100) });
            await SettleAsync(actor);
            Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.IsType<CommandOutcome.Accepted>(await first);
        var waited = TimeSpan.FromMilliseconds(100);
        Assert.Equal(new CommandOutcome.Refused(RefuseReason.WaitedTooLong) { StoreTime = waited }, await late);
        Assert.Equal(5, await AcceptAsync(actor, Ann, Draw("b")));
    }

    [Fact]
    public async Task Outcome_TellsHowLongTheStoreTook()
    {
        var actor = await StartSharedAsync();
        Task<object> drawn, behind;
        using (Faults.Hold())
        {
            drawn = AskAsync(actor, Command(Ann, Draw("a")));
            await SettleAsync(actor);
            Time.Advance(TimeSpan.FromMilliseconds(100));
            behind = AskAsync(actor, Command(Ann, Draw("b")));
            await SettleAsync(actor);
            Assert.Equal(2, StoreQueue.Count);
            Time.Advance(TimeSpan.FromMilliseconds(200));
        }

        Assert.Equal(TimeSpan.FromMilliseconds(300), Assert.IsType<CommandOutcome.Accepted>(await drawn).StoreTime);
        // The rest of the append before it, and its own.
        Assert.Equal(TimeSpan.FromMilliseconds(200), Assert.IsType<CommandOutcome.Accepted>(await behind).StoreTime);
        await SettleAsync(actor);
        Assert.Equal(0, StoreQueue.Count);
        var refused = await AskAsync(actor, Command(Eve, new Say("hello")));
        Assert.Equal(TimeSpan.Zero, Assert.IsType<CommandOutcome.Refused>(refused).StoreTime);
    }

    [Fact]
    public async Task StaleEpoch_RefusesAndMakesRoomForTheOtherOwner()
    {
        var actor = await StartSharedAsync();
        await Store.TakeOwnershipAsync(FocusData.Uri, default);
        await RefuseAsync(RefuseReason.StoreUnavailable, actor, Ann, Draw("a"));
        await ExpectPassivateAsync();
        Assert.Same(ConferenceMoving.Instance, await AskAsync(actor, Command(Ann, Draw("b"))));
        await StopAsync(actor);
        Assert.Equal(4, await AcceptAsync(Start(), Ann, Draw("c")));
    }

    [Fact]
    public async Task RevisionConflict_IsReadAgain()
    {
        var actor = await StartSharedAsync();
        var epoch = Fanout.All<FanoutOpened>()[0].Epoch;
        var said = await Store.ReadEventsAsync(FocusData.Uri, 0, 1, default);
        var intruder = new Conference.Protocol.Notifications.ConferenceEvent(
            4, Bob, "intruder", Start(), new Conference.Protocol.Notifications.ChatSaid("x"));
        await Store.AppendAsync(
            FocusData.Uri, epoch,
            [said[0] with
            {
                Revision = 4, EventId = "intruder",
                Payload = Conference.Protocol.Xml.EventWriter.WriteFragment(intruder),
            }],
            default);
        await RefuseAsync(RefuseReason.StoreUnavailable, actor, Ann, Draw("a"));
        Assert.Equal(5, await AcceptAsync(actor, Ann, Draw("a")));

        static DateTimeOffset Start() => FocusData.Start;
    }

    [Fact]
    public async Task DamagedEvent_KeepsTheConferenceClosed_WithoutEndingTheActor()
    {
        await StopAsync(await StartSharedAsync());
        var ownership = await Store.TakeOwnershipAsync(FocusData.Uri, default);
        await Store.AppendAsync(
            FocusData.Uri, ownership.Epoch,
            [new Conference.Actors.Ports.StoredEvent(4, "x", "<nonsense/>"u8.ToArray())], default);
        var actor = Start();
        await RefuseAsync(RefuseReason.StoreUnavailable, actor, Ann, Draw("a"));
        Advance(Options.RestoreBackoffMin);
        await SettleAsync(actor);
        await RefuseAsync(RefuseReason.StoreUnavailable, actor, Ann, Draw("a"));
    }

    [Fact]
    public async Task TwoOwners_NeverBothAccept()
    {
        var first = await StartSharedAsync();
        var second = Start();
        await AcceptAsync(second, Ann, new Say("mine"));
        await RefuseAsync(RefuseReason.StoreUnavailable, first, Ann, new Say("no longer yours"));
        Assert.Equal(5, await AcceptAsync(second, Ann, new Say("still mine")));
    }

    [Fact]
    public async Task TooLargeEvent_IsRefused_AndNothingElseIs()
    {
        Options = new FocusOptions { MarkBytesPerPageMax = 4 * 1024 * 1024, MarkImageBytesMax = 700 * 1024 };
        var actor = await StartSharedAsync();
        Conference.Protocol.Mark Picture(string id) => Line(id) with
        {
            Kind = Conference.Protocol.MarkKind.Image,
            Image = new Conference.Protocol.MarkImage("image/png", [.. new byte[600 * 1024]]),
        };
        await RefuseAsync(
            RefuseReason.TooLarge, actor, Ann, Operate(new AddMark(Picture("a")), new AddMark(Picture("b"))));
        Assert.Equal(4, await AcceptAsync(actor, Ann, Operate(new AddMark(Picture("a")))));
    }
}
