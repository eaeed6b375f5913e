using Conference.Actors.Focus;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Requests;
using Xunit;
using static Conference.Actors.Tests.Focus.FocusData;

namespace Conference.Actors.Tests.Focus.Rules;

public class TurnRulesTests
{
    [Fact]
    public void Turn_ToACachedPage_Turns()
    {
        var driver = Shared();
        driver.Accept<PageTurned>(Chair, new TurnPage(PageOne));
        Assert.Equal(PageOne, driver.State.CurrentPage);
        driver.Done(Chair, new TurnPage(PageOne));
        driver.Refuse(RefuseReason.PageOutOfRange, Chair, new TurnPage(new PageRef("d", 9)));
        driver.Refuse(RefuseReason.UnknownDocument, Chair, new TurnPage(new PageRef("x", 1)));
    }

    [Fact]
    public void Turn_ToAMissingPage_WaitsAndTakesItsPlaceWhenItComes()
    {
        var driver = Shared();
        driver.Accept(Chair, new GrantRights(Ann, Rights.Turn));
        driver.Accept<TurnAwaited>(Ann, new TurnPage(PageTwo));
        driver.Done(Ann, new TurnPage(PageTwo));
        driver.Accept<TurnAwaited>(Chair, new TurnPage(PageTwo));
        driver.Accept(Chair, Share(PageTwo));
        Assert.Equal(PageTwo, driver.State.CurrentPage);
        Assert.Empty(driver.State.AwaitedTurns);
        var turned = driver.Events[^1];
        Assert.Equal((Ann, string.Empty), (turned.Author, turned.RequestId));
        Assert.Single(driver.Events, each => each.Body is PageTurned);
    }

    [Fact]
    public void Turn_ThatIsNotServedInTime_IsRefused()
    {
        var driver = Shared();
        driver.Accept(Chair, new TurnPage(PageTwo));
        Assert.Equal(Start + driver.Options.PagePullTimeout, ServerRules.NextDeadline(driver.State, driver.Options));
        driver.Now = Start + driver.Options.PagePullTimeout - TimeSpan.FromMilliseconds(1);
        Assert.Null(ServerRules.Next(driver.State, driver.Now, driver.Options));
        driver.Now = Start + driver.Options.PagePullTimeout;
        driver.Accept(Ann, new Say("tick"));
        Assert.Equal(new TurnRefused(PageTwo, "page_timeout"), driver.Events[^1].Body);
        Assert.Null(ServerRules.NextDeadline(driver.State, driver.Options));
    }

    [Fact]
    public void Turn_WhoseSharerMayNotShareAnyMore_IsRefusedAtOnce()
    {
        var driver = Shared();
        driver.Accept(Chair, new GrantRights(Ann, Rights.Share));
        driver.Accept(Ann, new ShareDocument("e", "Anns.doc", 2));
        driver.Accept<TurnAwaited>(Chair, new TurnPage(new PageRef("e", 1)));
        driver.Accept(Chair, new RevokeRights(Ann, Rights.Share));
        Assert.Equal(new TurnRefused(new PageRef("e", 1), "page_unavailable"), driver.Events[^1].Body);
        driver.Refuse(RefuseReason.PageUnavailable, Chair, new TurnPage(new PageRef("e", 2)));
        driver.Accept(Chair, new GrantRights(Ann, Rights.Share));
        driver.Accept<TurnAwaited>(Chair, new TurnPage(new PageRef("e", 2)));
    }

    [Fact]
    public void Turn_WhoseSharerCannot_IsRefused()
    {
        var driver = Shared();
        driver.Accept(Chair, new TurnPage(PageTwo));
        driver.Refuse(RefuseReason.NotSharer, Ann, new PageUnavailable(PageTwo, "mine"));
        driver.Refuse(RefuseReason.PageOutOfRange, Chair, new PageUnavailable(new PageRef("d", 5), "x"));
        var served = Assert.IsType<Decision.Serve>(driver.Try(Chair, new PageUnavailable(PageTwo, "broken")));
        Assert.Equal(new TurnRefused(PageTwo, "page_unavailable"), served.Body);
        driver.Done(Chair, new PageUnavailable(PageTwo, "broken"));
    }

    [Fact]
    public void Turn_WhoseSharerIsGone_IsRefused()
    {
        var driver = Shared();
        driver.Accept(Chair, new SetRole(Ann, Role.Chair));
        driver.Accept(Ann, new TurnPage(PageTwo));
        driver.Accept(Chair, new LeaveConference());
        Assert.Equal(new TurnRefused(PageTwo, "page_unavailable"), driver.Events[^1].Body);
        driver.Refuse(RefuseReason.PageUnavailable, Ann, new TurnPage(PageTwo));
        driver.Accept<PageTurned>(Ann, new TurnPage(PageOne));
    }

    [Fact]
    public void Turn_WhoseDocumentIsClosed_IsRefused()
    {
        var driver = Shared();
        driver.Accept(Chair, new TurnPage(PageTwo));
        driver.Accept(Chair, new CloseDocument("d"));
        Assert.Equal(new TurnRefused(PageTwo, "page_unavailable"), driver.Events[^1].Body);
    }

    [Fact]
    public void Turn_OfWhoLeaves_IsForgotten()
    {
        var driver = Shared();
        driver.Accept(Chair, new GrantRights(Ann, Rights.Turn));
        driver.Accept(Ann, new TurnPage(PageTwo));
        driver.Accept(Ann, new LeaveConference());
        Assert.Empty(driver.State.AwaitedTurns);
    }

    [Fact]
    public void Turn_ToALostPage_AsksForItAgain()
    {
        var driver = Shared();
        driver.Lost = [driver.State.FindPage(PageOne)!.Digest];
        driver.Accept<TurnAwaited>(Chair, new TurnPage(PageOne));
        Assert.Null(driver.State.FindPage(PageOne));
        Assert.IsType<Decision.Accept>(driver.Try(Ann, Draw("still-there")));
        driver.Lost = [];
        driver.Accept(Chair, Share(PageOne));
        Assert.Equal(PageOne, driver.State.CurrentPage);
    }

    [Fact]
    public void Waiting_IsLimited()
    {
        var driver = Shared(new FocusOptions { AwaitedMax = 1 });
        driver.Accept(Chair, new TurnPage(PageTwo));
        driver.Refuse(RefuseReason.TooManyAwaited, Chair, new TurnPage(new PageRef("d", 3)));
        driver.Accept<SaveAwaited>(Chair, new SaveConference());
        driver.Refuse(RefuseReason.TooManyAwaited, Chair, new SaveConference());
    }

    [Fact]
    public void Resync_AheadOfTheConference_IsRefused()
    {
        var driver = Shared();
        driver.Refuse(RefuseReason.RevisionAhead, Ann, new Resync(driver.State.Revision + 1));
        driver.Refuse(RefuseReason.RevisionAhead, Ann, new Resync(-1));
        Assert.Equal(new Decision.Resend(2), driver.Try(Ann, new Resync(2)));
    }

    [Fact]
    public void Say_TooMuch_IsRefused()
    {
        var driver = Shared();
        driver.Accept<ChatSaid>(Bob, new Say(new string('x', 4_096)));
        driver.Refuse(RefuseReason.TooLarge, Bob, new Say(new string('x', 4_097)));
    }
}
