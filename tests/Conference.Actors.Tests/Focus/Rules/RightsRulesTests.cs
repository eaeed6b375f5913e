using Conference.Actors.Focus;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Requests;
using Xunit;
using static Conference.Actors.Tests.Focus.FocusData;

namespace Conference.Actors.Tests.Focus.Rules;

public class RightsRulesTests
{
    public static TheoryData<RequestAction> NeedRights => new(
        new InviteMembers([]), new RemoveMember(Ann), new EndConference(), new SetRole(Ann, Role.Chair),
        new SetDefaultRights(Rights.All), new GrantRights(Bob, Rights.All), new RevokeRights(Ann, Rights.Draw),
        new ShareDocument("x", "x", 1), Share(PageOne), new CloseDocument("d"), Draw("m"), new Undo(), new Redo(),
        new TurnPage(PageOne), new SaveConference());

    public static TheoryData<RequestAction> NeedNone => new(
        new Say("x"), new RequestRights(Rights.Draw), new MovePointer(PageOne, new PagePoint(1, 2)),
        new FetchPage(PageOne), new Resync(0), new JoinConference(), new LeaveConference());

    [Theory]
    [MemberData(nameof(NeedRights))]
    public void Request_OfAnObserver_IsRefused(RequestAction action) =>
        Shared().Refuse(RefuseReason.NoRight, Bob, action);

    [Theory]
    [MemberData(nameof(NeedNone))]
    public void Request_ThatNeedsNoRight_IsTakenFromAnObserver(RequestAction action) =>
        Assert.IsNotType<Decision.Refuse>(Shared().Try(Bob, action));

    [Theory]
    [MemberData(nameof(NeedRights))]
    [MemberData(nameof(NeedNone))]
    public void Request_OfAStranger_IsRefused(RequestAction action) =>
        Shared().Refuse(RefuseReason.NotMember, Eve, action);

    [Fact]
    public void Grant_AddsRightsAndEndsTheRequest()
    {
        var driver = Shared();
        driver.Accept<RightsRequested>(Bob, new RequestRights(Rights.Draw));
        Assert.Equal(new RaisedHand(Bob, Rights.Draw), Assert.Single(driver.State.RaisedHands));
        driver.Done(Bob, new RequestRights(Rights.Draw));
        var changed = driver.Accept<RightsChanged>(Chair, new GrantRights(Bob, Rights.Draw));
        Assert.Equal((Role.Observer, Rights.Draw), (changed.Role, changed.Rights));
        Assert.Empty(driver.State.RaisedHands);
        driver.Accept(Bob, Draw("b"));
        driver.Done(Bob, new RequestRights(Rights.Draw));
        driver.Done(Chair, new GrantRights(Bob, Rights.Draw));
    }

    [Fact]
    public void Revoke_DeniesARequestAndTakesRights()
    {
        var driver = Shared();
        driver.Accept(Bob, new RequestRights(Rights.Turn));
        driver.Accept<RightsChanged>(Chair, new RevokeRights(Bob, Rights.None));
        Assert.Empty(driver.State.RaisedHands);
        driver.Accept(Chair, new RevokeRights(Ann, Rights.Draw));
        driver.Refuse(RefuseReason.NoRight, Ann, Draw("a"));
        driver.Done(Chair, new RevokeRights(Ann, Rights.Draw));
        driver.Refuse(RefuseReason.NoRight, Chair, new RevokeRights(Chair, Rights.Draw));
        driver.Refuse(RefuseReason.UnknownMember, Chair, new RevokeRights(Eve, Rights.Draw));
        driver.Refuse(RefuseReason.NotValid, Chair, new GrantRights(Ann, (Rights)128));
    }

    [Fact]
    public void Hands_KeepTheirPlaceAndComeDown()
    {
        var driver = Shared();
        driver.Accept(Ann, new RequestRights(Rights.Turn));
        driver.Accept(Bob, new RequestRights(Rights.Draw));
        driver.Accept(Ann, new RequestRights(Rights.Share));
        Assert.Equal([Ann, Bob], driver.State.RaisedHands.Select(hand => hand.Participant));
        driver.Accept(Ann, new RequestRights(Rights.None));
        Assert.Equal(Bob, Assert.Single(driver.State.RaisedHands).Participant);
        driver.Accept(Bob, new LeaveConference());
        Assert.Empty(driver.State.RaisedHands);
    }

    [Fact]
    public void DefaultRights_AreFollowedByWhoHasNoneOfTheirOwn()
    {
        var driver = Shared();
        driver.Accept(Chair, new InviteMembers([new Invitee(Eve)]));
        driver.Accept(Chair, new GrantRights(Eve, Rights.Turn));
        driver.Accept(Chair, new SetDefaultRights(Rights.None));
        Assert.Equal(Rights.None, driver.State.FindMember(Ann)!.Rights);
        Assert.Equal(Rights.Draw | Rights.Turn, driver.State.FindMember(Eve)!.Rights);
        Assert.Equal(Rights.All, driver.State.FindMember(Chair)!.Rights);
        driver.Accept(Chair, new SetRole(Eve, Role.Participant));
        Assert.Equal(Rights.None, driver.State.FindMember(Eve)!.Rights);
        driver.Done(Chair, new SetDefaultRights(Rights.None));
        driver.Refuse(RefuseReason.NotValid, Chair, new SetDefaultRights((Rights)32));
        driver.Refuse(RefuseReason.NotValid, Chair, new SetRole(Eve, (Role)77));
    }
}
