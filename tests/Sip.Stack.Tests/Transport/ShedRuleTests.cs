using Sip.Stack.Transport;

namespace Sip.Stack.Tests.Transport;

public sealed class ShedRuleTests
{
    [Theory]
    [InlineData(false, 0, false)]
    [InlineData(false, 74, false)]
    [InlineData(false, 75, true)]
    [InlineData(false, 130, true)] // beyond 100 the kernel drops
    [InlineData(true, 74, true)]
    [InlineData(true, 38, true)]
    [InlineData(true, 37, false)]
    [InlineData(true, 0, false)]
    public void Next_At75PerCent_BeginsThereAndEndsAtHalf(bool isShedding, int percent, bool expected) =>
        Assert.Equal(expected, ShedRule.Next(isShedding, percent, shedAtPercent: 75));

    [Theory]
    [InlineData(false, 99, int.MaxValue)]
    [InlineData(true, 38, 19)]
    [InlineData(true, 75, 8)]
    [InlineData(true, 97, 1)]
    [InlineData(true, 140, 1)]
    public void PassedOf_WhileShedding_AreFewerTheFullerTheQueue(bool isShedding, int percent, int expected) =>
        Assert.Equal(expected, ShedRule.PassedOf(isShedding, percent));

    [Fact]
    public void Next_At1000PerCent_NeverSheds() => Assert.False(ShedRule.Next(false, 150, 1_000));
}
