using Microsoft.Extensions.Time.Testing;
using Sip.Stack.Transport;

namespace Sip.Stack.Tests.Transport;

public sealed class RateBudgetTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void TryTake_BeyondASecondsWorth_IsRefusedUntilTimePasses()
    {
        var budget = new RateBudget(10, _time);

        Assert.Equal(10, Take(budget, 30));
        Assert.Equal(0, Take(budget, 30));
        _time.Advance(TimeSpan.FromMilliseconds(300));
        Assert.Equal(3, Take(budget, 30));
    }

    [Fact]
    public void TryTake_AfterAnHour_GivesASecondsWorthAtOnce()
    {
        var budget = new RateBudget(10, _time);
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(10, Take(budget, 30));
    }

    private static int Take(RateBudget budget, int tries) => Enumerable.Range(0, tries).Count(_ => budget.TryTake());
}
