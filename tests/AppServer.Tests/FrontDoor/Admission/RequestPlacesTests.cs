using AppServer.Configuration;
using AppServer.FrontDoor;
using AppServer.FrontDoor.Admission;
using Xunit;

namespace AppServer.Tests.FrontDoor.Admission;

public sealed class RequestPlacesTests
{
    private const int Size = 1_000;

    private readonly RequestPlaces _places = new(new AdmissionOptions());

    [Fact]
    public void Taken_ByManyOfOneKind_IsItsShare()
    {
        Enter(AdmissionKind.Drawing, 500, sender: i => i, target: i => i % 20);
        var (taken, reason) = _places.Taken(new Place(AdmissionKind.Drawing, 9_000, 900), Size);
        Assert.Equal((0.5, FrontDoorReason.NoPlace), (taken, reason));
    }

    [Theory]
    [InlineData(AdmissionKind.Steering)]
    [InlineData(AdmissionKind.Newcomer)]
    public void OtherKinds_WhenDrawingHasAllPlaces_HaveTheirOwn(AdmissionKind kind)
    {
        Enter(AdmissionKind.Drawing, 2 * Size, sender: i => i, target: i => i % 20);
        Assert.Equal(0, _places.Taken(new Place(kind, 9_000, 900), Size).Taken);
        Enter(kind, 125, sender: i => 10_000 + i, target: i => 1_000 + i);
        Assert.Equal(0.5, _places.Taken(new Place(kind, 9_000, 900), Size).Taken);
    }

    [Fact]
    public void Creates_InMasses_TakeNothingFromRunningConferences()
    {
        Enter(AdmissionKind.Newcomer, 5 * Size, sender: i => i, target: _ => 7);
        Assert.True(_places.Taken(new Place(AdmissionKind.Newcomer, 9_000, 7), Size).Taken > 1);
        Assert.True(_places.Taken(new Place(AdmissionKind.Drawing, 9_000, 900), Size).Taken < 0.05);
    }

    [Fact]
    public void OneSender_HasAShare_AndOthersGoOn()
    {
        Enter(AdmissionKind.Drawing, 60, sender: _ => 1, target: i => i);
        Assert.Equal(
            (1, FrontDoorReason.SenderShare), _places.Taken(new Place(AdmissionKind.Drawing, 1, 900), Size));
        Assert.Equal(0.06, _places.Taken(new Place(AdmissionKind.Drawing, 2, 900), Size).Taken);
    }

    [Fact]
    public void OneSender_OfASmallWindow_HasTwoPlaces()
    {
        Enter(AdmissionKind.Drawing, 1, sender: _ => 1, target: i => i);
        Assert.Equal(0.5, _places.Taken(new Place(AdmissionKind.Drawing, 1, 900), 10).Taken);
    }

    [Fact]
    public void OneConference_HasHalf_AndOthersGoOn()
    {
        Enter(AdmissionKind.Drawing, 500, sender: i => i, target: _ => 1);
        Assert.Equal(
            (1, FrontDoorReason.ConferenceShare), _places.Taken(new Place(AdmissionKind.Drawing, 9_000, 1), Size));
        Assert.Equal(0.5, _places.Taken(new Place(AdmissionKind.Drawing, 9_000, 2), Size).Taken);
    }

    [Fact]
    public void OneConference_OfASmallWindow_HasAllOfIt()
    {
        Enter(AdmissionKind.Drawing, 32, sender: i => i, target: _ => 1);
        Assert.Equal(
            (0.5, FrontDoorReason.NoPlace), _places.Taken(new Place(AdmissionKind.Drawing, 9_000, 1), 64));
    }

    [Fact]
    public void Leave_OfAll_LeavesNothingTaken()
    {
        Enter(AdmissionKind.Drawing, 10, sender: _ => 1, target: _ => 1);
        for (var i = 0; i < 10; i++) _places.Leave(new Place(AdmissionKind.Drawing, 1, 1));
        Assert.Equal(0, _places.Total);
        Assert.Equal(0, _places.Taken(new Place(AdmissionKind.Drawing, 1, 1), Size).Taken);
    }

    [Fact]
    public void EveryKind_HasALabel() => Assert.Equal(
        Enum.GetValues<AdmissionKind>().Length,
        Enum.GetValues<AdmissionKind>().Select(AdmissionKinds.Label).Distinct().Count());

    [Fact]
    public void RecentTargets_HoldWhatWasAdded_UntilAnotherTakesTheSlot()
    {
        var recent = new RecentTargets();
        Assert.False(recent.Contains(0));
        recent.Add(0);
        recent.Add(-1);
        Assert.True(recent.Contains(0) && recent.Contains(-1));
        Assert.False(recent.Contains(65_536));
        recent.Add(65_536);
        Assert.True(recent.Contains(65_536));
        Assert.False(recent.Contains(0));
    }

    private void Enter(AdmissionKind kind, int count, Func<int, int> sender, Func<int, int> target)
    {
        for (var i = 0; i < count; i++) _places.Enter(new Place(kind, sender(i), target(i)));
    }
}
