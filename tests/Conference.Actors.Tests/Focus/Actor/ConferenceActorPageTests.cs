using Conference.Actors.Focus;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Requests;
using Xunit;
using static Conference.Actors.Tests.Focus.FocusData;

namespace Conference.Actors.Tests.Focus.Actor;

public class ConferenceActorPageTests : ActorBench
{
    [Fact]
    public async Task Turn_ToAMissingPage_AsksTheSharerAndTurnsWhenItComes()
    {
        var actor = await StartSharedAsync();
        await AcceptAsync(actor, Chair, new GrantRights(Ann, Rights.Turn));
        Assert.Equal(5, await AcceptAsync(actor, Ann, new TurnPage(PageTwo)));
        var asked = Assert.Single(Fanout.Sent<PageRequest>());
        Assert.Equal(Chair, asked.To);
        Assert.Equal([PageTwo], asked.Message.Pages.AsEnumerable());
        Assert.Equal(6, await AcceptAsync(actor, Chair, Share(PageTwo)));
        Assert.Equal(
            [typeof(TurnAwaited), typeof(PageShared), typeof(PageTurned)],
            Fanout.Events.TakeLast(3).Select(each => each.Body.GetType()));
        Assert.Equal(7, Fanout.State!.Revision);
    }

    [Fact]
    public async Task Turn_ThatIsNotServedInTime_IsRefusedToItsRequester()
    {
        var actor = await StartSharedAsync();
        var turn = Command(Chair, new TurnPage(PageTwo), "turn-7");
        await AskAsync(actor, turn);
        Advance(Options.PagePullTimeout);
        await EventuallyAsync(actor, () => Assert.Single(Fanout.Sent<Refusal>()));
        var refusal = Assert.Single(Fanout.Sent<Refusal>());
        Assert.Equal(Chair, refusal.To);
        Assert.Equal(("turn-7", "page_timeout"), (refusal.Message.RequestId, refusal.Message.Reason));
        Assert.IsType<TurnRefused>(Fanout.Events[^1].Body);
        Assert.Equal(6, await AcceptAsync(actor, Chair, Share(PageTwo)));
        Assert.Null(Fanout.State!.CurrentPage);
    }

    [Fact]
    public async Task Turn_WaitingWhenTheOwnerCrashes_IsAskedForAgainAndTimesOut()
    {
        var actor = await StartSharedAsync();
        await AcceptAsync(actor, Chair, new TurnPage(PageTwo));
        actor = Start();
        await AcceptAsync(actor, Ann, new Resync(0));
        Assert.Equal(2, Fanout.Sent<PageRequest>().Count);
        Advance(Options.PagePullTimeout);
        await EventuallyAsync(actor, () => Assert.IsType<TurnRefused>(Fanout.Events[^1].Body));
    }

    [Fact]
    public async Task Turn_WhoseSharerCannot_IsRefusedAtOnce()
    {
        var actor = await StartSharedAsync();
        await AcceptAsync(actor, Chair, new TurnPage(PageTwo));
        Assert.Equal(0, await AcceptAsync(actor, Chair, new PageUnavailable(PageTwo, "file is gone")));
        Assert.Equal("page_unavailable", Assert.Single(Fanout.Sent<Refusal>()).Message.Reason);
    }

    [Fact]
    public async Task Turn_ToAPageWhoseContentIsGone_AsksForItAgain()
    {
        Options = new FocusOptions
        {
            PageLifetime = TimeSpan.FromMinutes(1), PagePullTimeout = TimeSpan.FromMinutes(1),
        };
        var actor = await StartSharedAsync();
        Time.Advance(TimeSpan.FromMinutes(2));
        await RefuseAsync(RefuseReason.PageMissing, actor, Bob, new FetchPage(PageOne));
        await AcceptAsync(actor, Chair, new TurnPage(PageOne));
        Assert.Single(Fanout.Sent<PageRequest>());
        await AcceptAsync(actor, Chair, Share(PageOne));
        Assert.Equal(PageOne, Fanout.State!.CurrentPage);
        await AcceptAsync(actor, Bob, new FetchPage(PageOne));
    }

    [Fact]
    public async Task Parts_InAnyOrderWithRepetitions_MakeThePage()
    {
        var actor = await StartSharedAsync();
        var content = Content(2, 1_000);
        foreach (var part in new[] { 3, 1, 3, 2 })
        {
            Assert.Equal(0, await AcceptAsync(actor, Chair, Part(PageTwo, content, part, 4)));
        }

        Assert.Equal(4, await AcceptAsync(actor, Chair, Part(PageTwo, content, 4, 4)));
        var stored = await Blobs.GetAsync(ContentDigest.OfHex(content), default);
        Assert.Equal(content, stored!.Value.ToArray());
        Assert.Equal(0, await AcceptAsync(actor, Chair, Part(PageTwo, content, 1, 4))); // late repetition
    }

    [Fact]
    public async Task Parts_ThatDoNotFit_AreRefused()
    {
        var actor = await StartSharedAsync();
        var content = Content(2, 1_000);
        await AcceptAsync(actor, Chair, Part(PageTwo, content, 1, 4));
        var other = Part(PageTwo, content, 1, 4) with { Content = Content(3, 250) };
        await RefuseAsync(RefuseReason.PartMismatch, actor, Chair, other);
        await RefuseAsync(RefuseReason.PartMismatch, actor, Chair, Part(PageTwo, content, 2, 5));
        await RefuseAsync(RefuseReason.PartMismatch, actor, Chair, Part(PageTwo, Content(5, 1_000), 2, 4));
        await RefuseAsync(
            RefuseReason.PartMismatch, actor, Chair, Part(PageTwo, content, 2, 4) with { Content = Content(1, 900) });
        await RefuseAsync(
            RefuseReason.PartMismatch, actor, Chair, Part(PageTwo, content, 2, 4) with { Content = default });
        await AcceptAsync(actor, Chair, Part(PageTwo, content, 2, 4));
        await AcceptAsync(actor, Chair, Part(PageTwo, content, 3, 4));
        var wrong = Part(PageTwo, content, 4, 4) with { Content = Content(9, 250) };
        await RefuseAsync(RefuseReason.DigestMismatch, actor, Chair, wrong);
        foreach (var part in new[] { 1, 2, 3, 4 }) await AcceptAsync(actor, Chair, Part(PageTwo, content, part, 4));
        Assert.NotNull(Fanout.State!.FindPage(PageTwo));
    }

    [Fact]
    public async Task Parts_OfTheSharer_OutliveThePageThatSomebodyElseMayNotSend()
    {
        var actor = await StartSharedAsync();
        await AcceptAsync(actor, Chair, new GrantRights(Ann, Rights.Share));
        var content = Content(2, 1_000);
        await AcceptAsync(actor, Chair, Part(PageTwo, content, 1, 2));
        await RefuseAsync(RefuseReason.NotSharer, actor, Ann, Share(PageTwo));
        await RefuseAsync(RefuseReason.NoRight, actor, Bob, Share(PageTwo));
        Assert.Equal(5, await AcceptAsync(actor, Chair, Part(PageTwo, content, 2, 2)));
    }

    [Fact]
    public async Task Parts_OfAClosedDocument_AreForgotten()
    {
        var actor = await StartSharedAsync();
        await AcceptAsync(actor, Chair, Part(PageTwo, Content(2, 1_000), 1, 2));
        await AcceptAsync(actor, Chair, new CloseDocument("d"));
        await AcceptAsync(actor, Chair, new ShareDocument("d", "Other.doc", 3));
        var content = Content(7, 900);
        await AcceptAsync(actor, Chair, Part(PageTwo, content, 2, 2));
        Assert.Equal(6, await AcceptAsync(actor, Chair, Part(PageTwo, content, 1, 2)));
    }

    [Fact]
    public async Task Parts_StartedOver_ReplaceTheEarlierOnes()
    {
        var actor = await StartSharedAsync();
        await AcceptAsync(actor, Chair, Part(PageTwo, Content(1, 1_000), 2, 4));
        var content = Content(2, 900);
        foreach (var part in new[] { 1, 2, 3 }) await AcceptAsync(actor, Chair, Part(PageTwo, content, part, 3));
        Assert.Equal(ContentDigest.OfHex(content), Fanout.State!.FindPage(PageTwo)!.Digest);
    }

    [Fact]
    public async Task Parts_BeyondTheirBytesOrTime_AreNotKept()
    {
        Options = new FocusOptions { PageBytesMax = 2_000, PartBytesMax = 2_000 };
        var actor = await StartSharedAsync();
        await AcceptAsync(actor, Chair, Part(PageTwo, Content(2, 1_500), 1, 1_0));
        await AcceptAsync(actor, Chair, Part(new PageRef("d", 3), Content(3, 2_000), 1, 2));
        await RefuseAsync(
            RefuseReason.TooLarge, actor, Chair, Part(new PageRef("d", 3), Content(3, 2_000), 2, 2));
        Advance(Options.PartLifetime);
        await SettleAsync(actor);
        await AcceptAsync(actor, Chair, Part(new PageRef("d", 3), Content(3, 2_000), 2, 2)); // room again, part 1 gone
        Assert.Null(Fanout.State!.FindPage(new PageRef("d", 3)));
    }

    [Fact]
    public async Task Save_AsksForMissingPagesAndHandsTheFileOut()
    {
        var actor = await StartSharedAsync();
        await AcceptAsync(actor, Ann, Draw("a"));
        Assert.Equal(5, await AcceptAsync(actor, Chair, new SaveConference()));
        await SettleAsync(actor); // the answer goes first
        var asked = Assert.Single(Fanout.Sent<PageRequest>());
        Assert.Equal([PageTwo, new PageRef("d", 3)], asked.Message.Pages.AsEnumerable());
        await AcceptAsync(actor, Chair, Share(PageTwo));
        await AcceptAsync(actor, Chair, new PageUnavailable(new PageRef("d", 3), "blank"));
        await EventuallyAsync(actor, () => Assert.IsType<ConferenceSaved>(Fanout.Events[^1].Body));
        var saved = (ConferenceSaved)Fanout.Events[^1].Body;
        Assert.Equal([new PageRef("d", 3)], saved.MissingPages.AsEnumerable());
        Assert.Equal((Chair, string.Empty), (Fanout.Events[^1].Author, Fanout.Events[^1].RequestId));
        Assert.Equal(3, Fanout.Sent<SavedFile>().Count);
        Assert.Contains(saved.Digest, Fanout.Sent<SavedFile>()[0].Message.Href, StringComparison.Ordinal);
        var file = await Blobs.GetAsync(saved.Digest, default);
        Assert.Equal(saved.FileBytes, file!.Value.Length);
        using var reader = SavedFileReader.TryOpen(
            new MemoryStream(file.Value.ToArray()), new SavedFileLimits(), out var fault);
        Assert.Equal(SavedFileFault.None, fault);
        Assert.Equal(
            Fanout.State!.BoardOf(PageOne).Digest, reader!.Conference.Documents[0].Boards[1].Digest);
        Assert.Empty(Fanout.State!.AwaitedSaves);
    }

    [Fact]
    public async Task Save_WhoseSharerIsSilent_IsMadeWithout()
    {
        var actor = await StartSharedAsync();
        await AcceptAsync(actor, Chair, new SaveConference());
        Advance(Options.SaveTimeout - TimeSpan.FromSeconds(1));
        await AcceptAsync(actor, Chair, Share(PageTwo)); // a page came: the wait counts anew
        Advance(TimeSpan.FromSeconds(2));
        await SettleAsync(actor);
        Assert.IsType<PageShared>(Fanout.Events[^1].Body);
        Advance(Options.SaveTimeout);
        await EventuallyAsync(actor, () => Assert.IsType<ConferenceSaved>(Fanout.Events[^1].Body));
        Assert.Equal(new PageRef("d", 3), Assert.Single(((ConferenceSaved)Fanout.Events[^1].Body).MissingPages));
    }

    [Fact]
    public async Task Save_WaitingWhenTheOwnerCrashes_IsFinishedByTheNext()
    {
        var actor = await StartSharedAsync();
        await AcceptAsync(actor, Chair, new SaveConference());
        actor = Start();
        await AcceptAsync(actor, Ann, new Resync(0));
        Advance(Options.SaveTimeout);
        await EventuallyAsync(actor, () => Assert.IsType<ConferenceSaved>(Fanout.Events[^1].Body));
    }

    [Fact]
    public async Task Save_LargerThanItMayBe_FailsByName()
    {
        Options = new FocusOptions { SavedFileBytesMax = 1_024 };
        var actor = await StartSharedAsync();
        await AcceptAsync(actor, Chair, Share(PageTwo, Content(2, 2_000)));
        await AskAsync(actor, Command(Chair, new SaveConference(), "save-1"));
        await AcceptAsync(actor, Chair, new PageUnavailable(new PageRef("d", 3), "x"));
        await EventuallyAsync(actor, () => Assert.Equal(new SaveFailed("too_large"), Fanout.Events[^1].Body));
        Assert.Equal("save-1", Assert.Single(Fanout.Sent<Refusal>()).Message.RequestId);
    }

    [Fact]
    public async Task Save_OfAPageWhoseContentIsGone_AsksForIt()
    {
        Options = new FocusOptions { PageLifetime = TimeSpan.FromMinutes(1), SaveTimeout = TimeSpan.FromMinutes(1) };
        var actor = await StartSharedAsync();
        Time.Advance(TimeSpan.FromMinutes(2));
        await AcceptAsync(actor, Chair, new SaveConference());
        foreach (var number in new[] { 2, 3 }) await AcceptAsync(actor, Chair, Share(new PageRef("d", number)));
        await EventuallyAsync(actor, () => Assert.Contains(
            Fanout.Sent<PageRequest>(), asked => asked.Message.Pages.Contains(PageOne)));
        await AcceptAsync(actor, Chair, Share(PageOne));
        await EventuallyAsync(actor, () => Assert.IsType<ConferenceSaved>(Fanout.Events[^1].Body));
        Assert.Empty(((ConferenceSaved)Fanout.Events[^1].Body).MissingPages);
    }

    [Fact]
    public async Task PutOfAPage_ThatFails_GivesNoEvent()
    {
        var actor = await StartSharedAsync();
        Faults.LoseNextWrites(1);
        await RefuseAsync(RefuseReason.StoreUnavailable, actor, Chair, Share(PageTwo));
        Assert.Equal(3, (await Store.TakeOwnershipAsync(FocusData.Uri, default)).LastRevision);
    }
}
