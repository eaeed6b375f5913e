using Conference.Actors.Focus;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Requests;
using Xunit;
using static Conference.Actors.Tests.Focus.FocusData;

namespace Conference.Actors.Tests.Focus.Rules;

public class MembershipRulesTests
{
    [Fact]
    public void Create_MakesSenderChairWhateverTheListSays()
    {
        var driver = new RulesDriver();
        var created = driver.Accept<ConferenceCreated>(Chair, new CreateConference(
            "S", [new Invitee(Chair, Role.Observer, "Dr C"), new Invitee(Ann), new Invitee(Ann)], Rights.Draw, false));
        Assert.Equal(2, created.Members.Length);
        var chair = driver.State.FindMember(Chair)!;
        Assert.Equal((Role.Chair, Rights.All, "Dr C"), (chair.Role, chair.Rights, chair.DisplayName));
        Assert.Equal(Rights.Draw, driver.State.FindMember(Ann)!.Rights);
        Assert.Equal(Start, driver.State.CreatedAt);
    }

    [Fact]
    public void Create_OfAnExistingOne_IsRefused()
    {
        var driver = Shared();
        driver.Refuse(RefuseReason.ConferenceExists, Chair, Create());
        driver.Accept(Chair, new EndConference());
        driver.Refuse(RefuseReason.ConferenceExists, Chair, Create());
    }

    [Fact]
    public void Create_ByOperatorWithoutChair_IsRefused()
    {
        var driver = new RulesDriver();
        var command = Command(Eve, new CreateConference(null, [new Invitee(Ann)], Rights.None, true));
        var refused = Assert.IsType<Decision.Refuse>(driver.Try(command with { IsOperator = true }));
        Assert.Equal(RefuseReason.LastChair, refused.Reason);
    }

    [Fact]
    public void Create_ByOperator_DoesNotMakeItAMember()
    {
        var driver = new RulesDriver();
        var create = new CreateConference(null, [new Invitee(Ann, Role.Chair)], Rights.None, true);
        Assert.IsType<Decision.Accept>(driver.Try(Command(Eve, create) with { IsOperator = true }));
        Assert.Null(driver.State.FindMember(Eve));
        Assert.IsType<Decision.Accept>(driver.Try(
            Command(Eve, new InviteMembers([new Invitee(Bob)])) with { IsOperator = true }));
        Assert.IsType<Decision.Accept>(driver.Try(Command(Eve, new EndConference()) with { IsOperator = true }));
    }

    [Fact]
    public void Create_BeyondLimits_IsRefused()
    {
        var driver = new RulesDriver(new FocusOptions { MembersMax = 2 });
        driver.Refuse(RefuseReason.ConferenceFull, Chair, Create());
        driver.Refuse(RefuseReason.TooLarge, Chair, Create() with { Subject = new string('x', 257) });
        driver.Refuse(RefuseReason.NotValid, Chair, Create() with { DefaultRights = (Rights)64 });
        driver.Refuse(RefuseReason.NotValid, Chair, Create() with { Members = [new Invitee(Ann, (Role)9)] });
    }

    [Fact]
    public void AnyCommand_BeforeCreateOrAfterEnd_FindsNoConference()
    {
        var driver = new RulesDriver();
        driver.Refuse(RefuseReason.UnknownConference, Chair, new JoinConference());
        driver = Shared();
        driver.Accept<ConferenceEnded>(Chair, new EndConference());
        driver.Refuse(RefuseReason.UnknownConference, Chair, new Say("x"));
        driver.Refuse(RefuseReason.UnknownConference, Ann, new JoinConference());
    }

    [Fact]
    public void Join_OfAStranger_DependsOnOpenness()
    {
        var driver = Shared();
        driver.Refuse(RefuseReason.NotMember, Eve, new JoinConference());
        driver.Refuse(RefuseReason.NotMember, Eve, new Say("x"));
        driver = new RulesDriver(new FocusOptions { MembersMax = 4 });
        driver.Accept(Chair, Create(isOpen: true));
        var joined = driver.Accept<MembersJoined>(Eve, new JoinConference("Eve"));
        Assert.Equal(new RosterEntry(Eve, "Eve", Role.Participant, Rights.Draw), Assert.Single(joined.Members));
        driver.Refuse(RefuseReason.ConferenceFull, ParticipantUri.Parse("sip:sixth@test"), new JoinConference());
    }

    [Fact]
    public void Join_OfAMember_IsAnsweredWithASnapshot()
    {
        var driver = Shared();
        Assert.Equal(new Decision.Resend(0), driver.Try(Ann, new JoinConference("Ann")));
        driver.Accept<MembersJoined>(Ann, new JoinConference("Annie", WantsOwnEvents: true));
        Assert.True(driver.State.FindMember(Ann)!.WantsOwnEvents);
        Assert.Equal(Rights.Draw, driver.State.FindMember(Ann)!.Rights);
    }

    [Fact]
    public void Leave_OfTheLastChair_IsRefusedUntilAnotherIsNamed()
    {
        var driver = Shared();
        driver.Refuse(RefuseReason.LastChair, Chair, new LeaveConference());
        driver.Refuse(RefuseReason.LastChair, Chair, new RemoveMember(Chair));
        driver.Refuse(RefuseReason.LastChair, Chair, new SetRole(Chair, Role.Observer));
        driver.Accept(Chair, new SetRole(Ann, Role.Chair));
        driver.Accept<MemberLeft>(Chair, new LeaveConference());
        driver.Refuse(RefuseReason.NotMember, Chair, new Say("x"));
    }

    [Fact]
    public void Remove_ByWhoManages_TakesTheMemberOut()
    {
        var driver = Shared();
        driver.Refuse(RefuseReason.NoRight, Ann, new RemoveMember(Bob));
        driver.Refuse(RefuseReason.UnknownMember, Chair, new RemoveMember(Eve));
        Assert.Equal(LeaveReason.Removed, driver.Accept<MemberLeft>(Chair, new RemoveMember(Bob)).Reason);
        Assert.Null(driver.State.FindMember(Bob));
    }

    [Fact]
    public void Invite_OfKnownMembers_ChangesNothing()
    {
        var driver = Shared(new FocusOptions { MembersMax = 4 });
        driver.Refuse(RefuseReason.NoRight, Bob, new InviteMembers([new Invitee(Eve)]));
        driver.Done(Chair, new InviteMembers([new Invitee(Ann, Role.Chair)]));
        Assert.Equal(Role.Participant, driver.State.FindMember(Ann)!.Role);
        driver.Accept(Chair, new InviteMembers([new Invitee(Eve, Role.Presenter), new Invitee(Eve)]));
        Assert.Equal(Rights.Share | Rights.Draw | Rights.Turn, driver.State.FindMember(Eve)!.Rights);
        driver.Refuse(
            RefuseReason.ConferenceFull, Chair, new InviteMembers([new Invitee(ParticipantUri.Parse("tel:+1"))]));
    }

    [Fact]
    public void RepeatedId_SameContent_IsAcknowledgedAgain_OtherContentIsRefused()
    {
        var driver = Shared();
        var say = Command(Ann, new Say("once"), "say-1", 17);
        driver.Try(say);
        var revision = driver.State.Revision;
        Assert.Equal(new Decision.Repeat(revision), driver.Try(say));
        var other = driver.Try(Command(Ann, new Say("twice"), "say-1", 18));
        Assert.Equal(RefuseReason.IdReused, Assert.IsType<Decision.Refuse>(other).Reason);
        Assert.IsType<Decision.Accept>(driver.Try(Command(Bob, new Say("once"), "say-1", 17)));
        Assert.Equal(revision + 1, driver.State.Revision);
    }

    [Fact]
    public void RepeatedEndAndLeave_AreAcknowledgedAgain()
    {
        var driver = Shared();
        var leave = Command(Bob, new LeaveConference(), "bye", 1);
        driver.Try(leave);
        Assert.IsType<Decision.Repeat>(driver.Try(leave));
        var end = Command(Chair, new EndConference(), "end", 2);
        driver.Try(end);
        Assert.IsType<Decision.Repeat>(driver.Try(end));
    }

    [Fact]
    public void RememberedRequests_BeyondTheLimit_ForgetTheOldest()
    {
        var driver = Shared(new FocusOptions { RememberedRequestsMax = 3 });
        for (var i = 0; i < 5; i++) driver.Try(Command(Ann, new Say("x"), $"s{i}", 1));
        var memory = driver.State.Requests[Ann];
        Assert.Equal(["s2", "s3", "s4"], memory.OldestFirst.Select(request => request.Key));
    }

    [Fact]
    public void RememberedLeavers_AreBounded()
    {
        var driver = new RulesDriver
        {
            State = ConferenceState.Before(FocusData.Uri, new StateLimits(RememberedLeaversMax: 2)),
        };
        driver.Accept(Chair, Create(isOpen: true));
        for (var i = 0; i < 10; i++)
        {
            var guest = ParticipantUri.Parse($"sip:guest{i}@test");
            driver.Accept(guest, new JoinConference());
            driver.Accept(guest, new LeaveConference());
        }

        Assert.True(driver.State.Requests.Count <= driver.State.Roster.Count + 2);
        Assert.Contains(ParticipantUri.Parse("sip:guest9@test"), driver.State.Requests.Keys);
    }

    [Fact]
    public void Id_ThatIsEmptyOrHuge_IsRefused()
    {
        var driver = Shared();
        foreach (var id in new[] { string.Empty, new string('x', 65) })
        {
            var refused = Assert.IsType<Decision.Refuse>(driver.Try(Command(Ann, new Say("x"), id)));
            Assert.Equal(RefuseReason.NotValid, refused.Reason);
        }
    }
}
