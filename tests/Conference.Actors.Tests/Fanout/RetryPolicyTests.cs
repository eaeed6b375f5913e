using Conference.Actors.Fanout;
using Xunit;

namespace Conference.Actors.Tests.Fanout;

public sealed class RetryPolicyTests
{
    private static readonly FanoutOptions Options = new()
    {
        RetryFirst = TimeSpan.FromSeconds(1), RetryLongest = TimeSpan.FromSeconds(10), RetriesMax = 6,
    };

    [Theory]
    [InlineData(1, 500, 1_000)]
    [InlineData(2, 1_000, 2_000)]
    [InlineData(4, 4_000, 8_000)]
    [InlineData(5, 5_000, 10_000)]
    [InlineData(6, 5_000, 10_000)]
    public void Pause_DoublesUpToTheLongest(int attempts, int fromMilliseconds, int toMilliseconds)
    {
        Assert.Equal(fromMilliseconds, RetryPolicy.Next(attempts, null, 0, Options)!.Value.TotalMilliseconds);
        Assert.InRange(
            RetryPolicy.Next(attempts, null, 0.999, Options)!.Value.TotalMilliseconds, fromMilliseconds,
            toMilliseconds);
    }

    [Fact]
    public void Pause_AfterEnoughTries_IsNone() => Assert.Null(RetryPolicy.Next(7, null, 0, Options));

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.9)]
    public void Pause_WithRetryAfter_IsNeverShorter(double chance) => Assert.InRange(
        RetryPolicy.Next(1, TimeSpan.FromSeconds(30), chance, Options)!.Value.TotalSeconds, 30, 37.5);

    [Fact]
    public void Pause_WithARetryAfterOfYears_IsCutToTheLimit() => Assert.Equal(
        Options.RetryAfterMax, RetryPolicy.Next(1, TimeSpan.FromSeconds(uint.MaxValue), 0, Options));

    [Fact]
    public void Pause_WithAShortRetryAfter_IsTheUsualOne() =>
        Assert.Equal(4_000, RetryPolicy.Next(4, TimeSpan.FromSeconds(1), 0, Options)!.Value.TotalMilliseconds);

    [Theory]
    [InlineData(0.0, 225)]
    [InlineData(0.5, 262.5)]
    [InlineData(0.999_999, 300)]
    public void Probe_IsSpreadOverTheLastQuarter(double chance, double seconds)
    {
        var options = Options with { ParkedProbe = TimeSpan.FromMinutes(5) };
        Assert.Equal(seconds, RetryPolicy.Probe(chance, options).TotalSeconds, 0.01);
    }

    [Fact]
    public void Probe_TurnedOff_IsZero() =>
        Assert.Equal(TimeSpan.Zero, RetryPolicy.Probe(0.5, Options with { ParkedProbe = TimeSpan.Zero }));
}
