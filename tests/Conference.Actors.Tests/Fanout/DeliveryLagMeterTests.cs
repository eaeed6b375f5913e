using Conference.Actors.Fanout;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Conference.Actors.Tests.Fanout;

public sealed class DeliveryLagMeterTests
{
    private const int Members = 100;

    private readonly FakeTimeProvider _time = new();
    private readonly DeliveryLagMeter _meter;
    private readonly long _publishedAt;

    public DeliveryLagMeterTests()
    {
        _meter = new DeliveryLagMeter(_time);
        _publishedAt = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromMilliseconds(300));
    }

    [Fact]
    public void Current_WhenMostTakeFullBodies_IsTheirAge()
    {
        Full(Members, 0.25);
        Assert.Equal(new DeliveryLag(TimeSpan.FromMilliseconds(300), 0.25), _meter.Current);
    }

    [Fact]
    public void Current_BeforeAsManyHaveTakenAsThereAreMembers_IsNotKnown()
    {
        Full(Members - 1, 0.25);
        Assert.Null(_meter.Current);
    }

    [Fact]
    public void Current_WhenAFewSlowOnesAreBehind_IsNull()
    {
        for (var i = 0; i < 10 * Members; i++)
        {
            if (i % 3 == 0) Full(1, 1);
            else _meter.NoteAll();
        }

        Assert.Null(_meter.Current);
    }

    [Fact]
    public void Current_WhenMostHaveAllAgain_IsNullAfterTheNextRound()
    {
        Full(Members, 0.25);
        for (var i = 0; i < Members; i++) _meter.NoteAll();
        Full(1, 0.25);
        Assert.Null(_meter.Current);
    }

    [Fact]
    public void Current_WhenNothingIsTakenAnyMore_IsNullAfterASecond()
    {
        Full(Members, 0.25);
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.NotNull(_meter.Current);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(_meter.Current);
    }

    [Fact]
    public void Round_OfFewMembers_HasSixteenBodies()
    {
        for (var i = 0; i < 15; i++) Assert.False(_meter.NoteFull(2, _publishedAt, 0.5));
        Assert.True(_meter.NoteFull(2, _publishedAt, 0.5));
    }

    private void Full(int count, double share)
    {
        for (var i = 0; i < count; i++) _meter.NoteFull(Members, _publishedAt, share);
    }
}
