using Conference.Actors.Fanout;
using Conference.Actors.Ports;
using Xunit;

namespace Conference.Actors.Tests.Fanout;

public class DeliveryTallyTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.4, 0)]
    [InlineData(1, 0)]
    [InlineData(1.0001, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(4, 2)]
    [InlineData(32_768, 15)]
    [InlineData(32_769, 16)]
    [InlineData(1e9, 16)]
    public void Bin_IsTheFirstBoundThatIsNotBelow(double milliseconds, int bin) =>
        Assert.Equal(bin, DeliveryTally.BinOf(TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public void Take_GivesSumsOfAllThreads_Once()
    {
        var tally = new DeliveryTally();
        Parallel.For(0, 1_000, _ =>
        {
            tally.Ended(DeliveryOutcome.Delivered);
            tally.Confirmed(3, TimeSpan.FromMilliseconds(5));
        });
        tally.Ended(DeliveryOutcome.Refused);

        var counts = tally.Take();

        Assert.Equal((1_000L, 1L, 0L), (counts.Of(DeliveryOutcome.Delivered), counts.Of(DeliveryOutcome.Refused),
            counts.Of(DeliveryOutcome.TryLater)));
        Assert.Equal(3_000, counts.Events);
        Assert.Equal((1_000L, 0.005), counts.Bin(3));
        Assert.Equal(0, tally.Take().Events);
    }

    [Fact]
    public void TimeBefore_TheClockWentBackFor_CountsAsNone()
    {
        var tally = new DeliveryTally();
        tally.Confirmed(1, TimeSpan.FromSeconds(-1));
        Assert.Equal((1L, 0.0), tally.Take().Bin(0));
    }

    [Fact]
    public void EveryOutcome_HasAPlaceOfItsOwn() =>
        Assert.All(Enum.GetValues<DeliveryOutcome>(), outcome => Assert.InRange((int)outcome, 0, 7));
}
