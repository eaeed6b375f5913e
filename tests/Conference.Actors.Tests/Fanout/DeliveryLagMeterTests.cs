using Conference.Actors.Fanout;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Conference.Actors.Tests.Fanout;

public sealed class DeliveryLagMeterTests
{
    private const int Members = 100;
    private const int Head = 1_000;
    private const int HistoryEvents = 400;

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
    public void Read_WhenMostTakeFullBodies_IsTheirAge()
    {
        Full(Members, 100);
        Assert.Equal(new DeliveryLag(TimeSpan.FromMilliseconds(300), 0.25), _meter.Read(Head));
    }

    [Fact]
    public void Read_BeforeAsManyHaveTakenAsThereAreMembers_IsNotKnown()
    {
        Full(Members - 1, 100);
        Assert.Null(_meter.Read(Head));
    }

    [Fact]
    public void Read_WhenAFewSlowOnesAreBehind_IsNull()
    {
        for (var i = 0; i < 10 * Members; i++)
        {
            if (i % 3 == 0) Full(1, 400);
            else _meter.NoteAll();
        }

        Assert.Null(_meter.Read(Head));
    }

    [Fact]
    public void Read_WhenSomeBodiesAreFullStill_IsTheAverageOfAll()
    {
        Full(Members, 100);
        for (var i = 0; i < 60; i++) _meter.NoteAll();
        Full(40, 100);
        Assert.Equal(0.1, _meter.Read(Head)!.Value.HistoryShare);
        Assert.Equal(TimeSpan.FromMilliseconds(120), _meter.Read(Head)!.Value.Age);
    }

    [Fact]
    public void Read_WhenMostHaveAllAgain_IsNullAfterTheNextRound()
    {
        Full(Members, 100);
        for (var i = 0; i < Members; i++) _meter.NoteAll();
        Full(1, 100);
        Assert.Null(_meter.Read(Head));
    }

    [Fact]
    public void Read_WhenNothingIsTakenAnyMore_IsNullAfterASecond()
    {
        Full(Members, 100);
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.NotNull(_meter.Read(Head));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(_meter.Read(Head));
    }

    [Fact]
    public void Read_BetweenTwoRounds_CountsWhatCameSince()
    {
        Full(Members, 100);
        Assert.Equal(0.5, _meter.Read(Head + 100)!.Value.HistoryShare);
    }

    [Fact]
    public void Read_WhileBodiesAreFull_HoldsHoweverLongTheRoundTakes()
    {
        Full(Members, 100);
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(700));
            Full(1, 100);
        }

        Assert.NotNull(_meter.Read(Head));
    }

    [Fact]
    public void Round_OfVeryManyMembers_HasAThousandBodies()
    {
        for (var i = 0; i < 999; i++)
            Assert.False(_meter.NoteFull(50_000, _publishedAt, Head - 100, Head, HistoryEvents));
        Assert.True(_meter.NoteFull(50_000, _publishedAt, Head - 100, Head, HistoryEvents));
    }

    [Fact]
    public void Round_OfFewMembers_HasSixteenBodies()
    {
        for (var i = 0; i < 15; i++) Assert.False(_meter.NoteFull(2, _publishedAt, Head - 200, Head, HistoryEvents));
        Assert.True(_meter.NoteFull(2, _publishedAt, Head - 200, Head, HistoryEvents));
    }

    private void Full(int count, int left)
    {
        for (var i = 0; i < count; i++) _meter.NoteFull(Members, _publishedAt, Head - left, Head, HistoryEvents);
    }
}
