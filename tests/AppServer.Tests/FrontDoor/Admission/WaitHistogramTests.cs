using AppServer.FrontDoor.Admission;
using Xunit;

namespace AppServer.Tests.FrontDoor.Admission;

public sealed class WaitHistogramTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(950)]
    [InlineData(50_000)]
    [InlineData(3_000_000)]
    public void Median_OfOneWait_IsItWithinTheWidthOfABucket(long microseconds)
    {
        var waits = new WaitHistogram();
        waits.Add(TimeSpan.FromMicroseconds(microseconds));
        Assert.InRange(waits.Median().TotalMicroseconds, microseconds, Math.Max(2, microseconds * 1.26));
    }

    [Fact]
    public void Median_OfMany_HasHalfOfThemBelow()
    {
        var waits = new WaitHistogram();
        for (var i = 1; i <= 1_001; i++) waits.Add(TimeSpan.FromMilliseconds(i));
        Assert.InRange(waits.Median().TotalMilliseconds, 501, 501 * 1.26);
        Assert.Equal(1_001, waits.Count);
    }

    [Fact]
    public void Add_AnyWait_HasABucket()
    {
        var waits = new WaitHistogram();
        waits.Add(TimeSpan.FromDays(1));
        waits.Add(-TimeSpan.FromDays(1));
        waits.Add(TimeSpan.Zero);
        Assert.Equal(3, waits.Count);
        waits.Clear();
        Assert.Equal((0, TimeSpan.Zero), (waits.Count, waits.Median()));
    }
}
