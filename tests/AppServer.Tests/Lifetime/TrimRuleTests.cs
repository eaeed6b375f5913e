using AppServer.Lifetime;
using Xunit;

namespace AppServer.Tests.Lifetime;

public sealed class TrimRuleTests
{
    private readonly TrimRule _rule = new(afterConferences: 100);

    [Fact]
    public void Burst_IsWaitedFor_ThenTrimmedOnce()
    {
        Assert.False(_rule.IsDue(putAway: 0, awake: 300));
        Assert.False(_rule.IsDue(putAway: 150, awake: 150)); // going on
        Assert.False(_rule.IsDue(putAway: 300, awake: 0));
        Assert.True(_rule.IsDue(putAway: 300, awake: 0));
        Assert.False(_rule.IsDue(putAway: 300, awake: 0));
    }

    [Fact]
    public void FewThatWentToSleep_AreNotWorthACollection()
    {
        Assert.False(Settled(putAway: 99, awake: 0));
        Assert.True(Settled(putAway: 100, awake: 0));
    }

    [Fact]
    public void FewerThanAreAwake_AreNotWorthACollection()
    {
        Assert.False(Settled(putAway: 500, awake: 501));
        Assert.True(Settled(putAway: 501, awake: 501));
    }

    [Fact]
    public void NextTrim_CountsFromTheLast()
    {
        Assert.True(Settled(putAway: 1_000, awake: 0));
        Assert.False(Settled(putAway: 1_099, awake: 0));
        Assert.True(Settled(putAway: 1_100, awake: 0));
    }

    private bool Settled(long putAway, long awake)
    {
        Assert.False(_rule.IsDue(putAway, awake)); // seen for the first time: it may be going on
        return _rule.IsDue(putAway, awake);
    }
}
