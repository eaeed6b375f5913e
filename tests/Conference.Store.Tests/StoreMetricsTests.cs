using Conference.Actors.Ports;
using Xunit;

namespace Conference.Store.Tests;

public sealed class StoreMetricsTests
{
    [Fact]
    public void EveryStoreFault_HasALabelOfItsOwn() =>
        AssertDistinct([.. Enum.GetValues<StoreFault>().Select(StoreMetrics.Label)]);

    [Fact]
    public void EveryAppendOutcome_HasALabelOfItsOwn() =>
        AssertDistinct([.. Enum.GetValues<AppendOutcome>().Select(StoreMetrics.Label)]);

    private static void AssertDistinct(IReadOnlyList<string> labels)
    {
        Assert.Equal(labels.Count, labels.Distinct().Count());
        Assert.All(labels, label => Assert.Matches("^[a-z_]+$", label));
    }
}
