using AppServer.Links;
using Xunit;

namespace AppServer.Tests.Links;

public sealed class AdaptiveLimitTests
{
    private static readonly LimitBounds Core = new(10, 50, DelayMax: 50);

    private readonly SimulatedHop _hop = new(Core);

    [Fact]
    public void Answers_AsUsual_DoubleItInARoundTrip_UpToTheMaximum()
    {
        Assert.Equal(10, _hop.Limit.Current);

        _hop.Run(6);
        Assert.Equal(20, _hop.Limit.Current);
        _hop.Run(15);
        Assert.Equal(50, _hop.Limit.Current);
        _hop.Run(1_000);

        Assert.Equal((50, 40), (_hop.Limit.Current, _hop.Limit.Changes.Grown));
    }

    [Fact]
    public void Answers_WhenNobodyWaits_LeaveItWhereItIs()
    {
        _hop.Run(2_000, isSomebodyWaiting: false);

        Assert.Equal(10, _hop.Limit.Current);
    }

    [Fact]
    public void Hop_ThatFallsSilent_IsSentLittle_AndAsMuchAsBeforeWhenItIsBack()
    {
        _hop.Run(1_000);
        _hop.Silent = 1;
        _hop.Run(3_000);
        Assert.InRange(_hop.Limit.Current, 10, 15);
        Assert.InRange(_hop.Limit.Changes.ShrunkLate, 2, 10);
        Assert.Equal(0, _hop.Limit.Changes.ShrunkBusy);

        _hop.Silent = 0;
        _hop.Run(3_000);

        Assert.Equal(50, _hop.Limit.Current);
    }

    [Fact]
    public void Hop_ThatLosesTwoThirds_IsSentLess()
    {
        _hop.Run(1_000);
        _hop.Silent = 0.66;

        _hop.Run(2_000);

        Assert.InRange(_hop.Smallest, 10, 20);
    }

    [Fact]
    public void DeadContacts_AFifth_DoNotShrinkIt_NorHoldThePlacesOfOthers()
    {
        _hop.Run(1_000);
        var before = _hop.Answered;
        _hop.Run(10_000);
        var healthy = _hop.Answered - before;
        _hop.Silent = 0.2;

        before = _hop.Answered;
        _hop.Run(10_000);

        // Held until T1 the dead would leave a twentieth.
        Assert.InRange(_hop.Answered - before, healthy / 4, healthy);
        Assert.Equal((50, 0), (_hop.Smallest, _hop.Limit.Changes.ShrunkLate));
        Assert.True(_hop.Limit.Changes.Overdue > 1_000);
    }

    [Fact]
    public void Terminals_ThatAnswerLate_WithTheSmallestWindowAsWell_DoNotKeepItSmall()
    {
        _hop.Silent = 0.5; // Paged: they answer after T1.

        _hop.Run(40_000);
        Assert.InRange(_hop.Limit.Current, 30, 50);
        _hop.Silent = 1;
        _hop.Run(5_000);

        Assert.Equal(10, _hop.Limit.Current);
    }

    [Fact]
    public void Refusals_503OfMany_ShrinkIt_OfAFifthDoNot()
    {
        _hop.Busy = 0.2;
        _hop.Run(5_000);
        Assert.Equal((50, 0), (_hop.Limit.Current, _hop.Limit.Changes.ShrunkBusy));

        _hop.Busy = 0.7;
        _hop.Run(1_000);

        Assert.True(_hop.Smallest < 25);
        Assert.NotEqual(0, _hop.Limit.Changes.ShrunkBusy);
        Assert.Equal(0, _hop.Limit.Changes.ShrunkLate);
    }

    [Theory]
    [InlineData(50, 10, 32)]
    [InlineData(0, 50, 50)]
    public void Hop_ThatGetsSlower_IsSentLess_UnlessTheDelayIsNotLookedAt(int delayMax, int from, int to)
    {
        var hop = new SimulatedHop(Core with { DelayMax = delayMax });
        hop.Run(1_000);
        hop.PerMillisecond = 0.4; // 50 of them take 125 ms, 20 take 50 ms.

        hop.Run(20_000);

        Assert.InRange(hop.Limit.Current, from, to);
        Assert.Equal(delayMax > 0, hop.Limit.Changes.ShrunkDelay > 0);
    }

    [Fact]
    public void Hop_ThatIsFartherAway_ThanAMomentAgo_IsNotTakenForLost()
    {
        _hop.Run(5_000);
        _hop.RoundTrip = 45;

        _hop.Run(10_000);

        Assert.Equal((50, 50), (_hop.Limit.Current, _hop.Smallest));
        Assert.InRange(_hop.Limit.Patience, 45, 100);
    }

    [Fact]
    public void Places_NeverOutnumberTheLimit_AndNoneIsLost()
    {
        var random = new Random(5);
        var limit = new AdaptiveLimit(new LimitBounds(4, 64, 50));
        var held = new List<int>();
        for (long now = 0; now < 200_000; now += random.Next(40))
        {
            for (var i = random.Next(held.Count + 1); i > 0; i--)
            {
                var one = random.Next(held.Count);
                limit.GiveBack(held[one], (PlaceEnd)random.Next(4), random.Next(2) == 0, now);
                held.RemoveAt(one);
            }

            limit.Advance(now);
            Assert.InRange(limit.InUse, 0, held.Count);
            if (limit.Room is not (> 0 and var room)) continue;
            var count = random.Next(1, room + 1);
            var others = limit.Take(count, now, out var first);
            held.AddRange(Enumerable.Repeat(others, count - 1).Append(first));
            Assert.InRange(limit.InUse, count, limit.Current);
        }

        foreach (var place in held) limit.GiveBack(place, PlaceEnd.Answered, isFull: false, 200_000);
        Assert.Equal(0, limit.InUse);
    }

    [Fact]
    public void Limit_WithoutRange_IsFixed_AndBoundsBelowTheMinimumAreKept()
    {
        var one = new AdaptiveLimit(new LimitBounds(10, 1));
        Assert.Equal((1, true), (one.Current, one.IsFixed));

        var place = one.Take(1, 0, out _);
        Assert.Equal(0, one.Room);
        one.GiveBack(place, PlaceEnd.Late, isFull: true, 500);

        Assert.Equal((1, 1), (one.Room, one.Current));
    }

    [Fact]
    public void Place_ThatIsNeverGivenBack_StopsToCount_AlsoWhereNobodyAnswers()
    {
        var limit = new AdaptiveLimit(Core);
        limit.Take(1, 0, out _);

        for (long now = 0; now < 20_000_000; now += 100) limit.Advance(now);

        Assert.Equal((0, 10), (limit.InUse, limit.Room));
    }

    [Fact]
    public void Probe_WhosePlaceIsNeverGivenBack_IsReplaced()
    {
        var limit = new AdaptiveLimit(Core);
        limit.Take(1, 0, out _);

        for (long now = 1_001; now < 10_000; now += 20)
        {
            limit.Take(1, now, out var place);
            limit.GiveBack(place, PlaceEnd.Answered, isFull: false, now + 7);
        }

        Assert.Equal(30, limit.Patience); // It has seen 7 ms, and waits for this much at least.
    }
}
