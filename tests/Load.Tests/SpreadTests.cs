using Xunit;

namespace Load.Tests;

public sealed class SpreadTests
{
    [Theory]
    [InlineData(new[] { 3.0 }, 3, 3, 3)]
    [InlineData(new[] { 9.0, 1, 4 }, 4, 1, 9)]
    [InlineData(new[] { 8.0, 1, 4, 2 }, 3, 1, 8)]
    [InlineData(new[] { 5.0, 100, 1, 4, 3 }, 4, 1, 100)]
    public void Of_Values_IsMedianAndRange(double[] values, double median, double smallest, double largest) =>
        Assert.Equal(new Spread(median, smallest, largest), Spread.Of(values));

    [Fact]
    public void Of_NoValues_IsNothing() => Assert.Null(Spread.Of([]));

    [Theory]
    [InlineData(4.372, 4.268, 4.631, "4.37 (4.27-4.63)")]
    [InlineData(4.372, 4.371, 4.373, "4.37")] // The same in two places.
    public void ToText_OfASpread_NamesTheRangeWhereItShows(
        double median, double smallest, double largest, string text) =>
        Assert.Equal(text, new Spread(median, smallest, largest).ToText("F2"));
}
