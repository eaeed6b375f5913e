using System.Net;
using Sip.Stack.Authentication;

namespace Sip.Stack.Tests.Authentication;

public sealed class FailureLimiterTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly DigestOptions Options = new() { FailuresPerSourceMax = 3, FailureSourcesMax = 2 };

    private static FailureLimiter LimiterWithThreeFailuresFrom(string source)
    {
        var limiter = new FailureLimiter(Options);
        for (var i = 0; i < 3; i++) limiter.Fail(IPAddress.Parse(source), Now);
        return limiter;
    }

    [Fact]
    public void IsBlocked_AfterTheLimit_IsTrueUntilTheWindowEnds()
    {
        var limiter = LimiterWithThreeFailuresFrom("192.0.2.1");

        Assert.True(limiter.IsBlocked(IPAddress.Parse("192.0.2.1"), Now.AddSeconds(59)));
        Assert.False(limiter.IsBlocked(IPAddress.Parse("192.0.2.1"), Now.AddSeconds(60)));
        Assert.False(limiter.IsBlocked(IPAddress.Parse("192.0.2.2"), Now));
    }

    [Fact]
    public void Fail_AfterTheWindow_StartsANewOne()
    {
        var limiter = LimiterWithThreeFailuresFrom("192.0.2.1");

        limiter.Fail(IPAddress.Parse("192.0.2.1"), Now.AddSeconds(61));

        Assert.False(limiter.IsBlocked(IPAddress.Parse("192.0.2.1"), Now.AddSeconds(61)));
    }

    [Theory]
    [InlineData("2001:db8::1", "2001:db8::ffff:1", true)]   // one /64
    [InlineData("2001:db8::1", "2001:db8:0:1::1", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]     // the same address on a dual-stack socket
    public void IsBlocked_OfNeighbour_GoesByNetwork(string failed, string asked, bool expected) =>
        Assert.Equal(expected, LimiterWithThreeFailuresFrom(failed).IsBlocked(IPAddress.Parse(asked), Now));

    [Fact] // A full table must not make a guesser out of those who are in it already.
    public void Fail_OfAKnownSourceInAFullTable_CountsOn()
    {
        var limiter = new FailureLimiter(Options);
        foreach (var source in new[] { "192.0.2.1", "192.0.2.2", "192.0.2.1", "192.0.2.2", "192.0.2.1" })
        {
            limiter.Fail(IPAddress.Parse(source), Now);
        }

        Assert.True(limiter.IsBlocked(IPAddress.Parse("192.0.2.1"), Now));
        limiter.Fail(IPAddress.Parse("192.0.2.2"), Now);
        Assert.True(limiter.IsBlocked(IPAddress.Parse("192.0.2.2"), Now));
    }

    [Fact]
    public void Fail_OfMoreSourcesThanTheLimit_ForgetsTheOldest()
    {
        var limiter = LimiterWithThreeFailuresFrom("192.0.2.1");

        limiter.Fail(IPAddress.Parse("192.0.2.2"), Now);
        limiter.Fail(IPAddress.Parse("192.0.2.3"), Now);

        Assert.False(limiter.IsBlocked(IPAddress.Parse("192.0.2.1"), Now));
    }
}
