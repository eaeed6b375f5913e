using AppServer.FrontDoor.Admission;
using Xunit;

namespace AppServer.Tests.FrontDoor.Admission;

public sealed class QuickestLatelyTests
{
    private readonly QuickestLately _times = new();

    [Theory]
    [InlineData(0.0, 5)]
    [InlineData(9.9, 5)] // Of the tenth second.
    [InlineData(10.0, 80)]
    [InlineData(1_000_000.0, 90)]
    public void Add_GivesTheShortestOfTenSeconds(double laterSeconds, int expectedMilliseconds)
    {
        Add(0, 5);
        Add(3, 80);

        Assert.Equal(expectedMilliseconds, Add(laterSeconds, 90));
    }

    [Fact]
    public void Add_OfAShorterOne_GivesIt() => Assert.Equal((70, 60), (Add(1, 70), Add(1.2, 60)));

    private int Add(double seconds, int milliseconds) =>
        (int)_times.Add(TimeSpan.FromSeconds(seconds), TimeSpan.FromMilliseconds(milliseconds)).TotalMilliseconds;
}
