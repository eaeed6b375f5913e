using Conference.Actors.Focus;
using Xunit;

namespace Conference.Actors.Tests.Focus;

public class RefuseReasonsTests
{
    [Fact]
    public void EveryReason_HasStatusLabelAndText()
    {
        var all = Enum.GetValues<RefuseReason>().Select(RefuseReasons.Describe).ToList();
        Assert.All(all, described =>
        {
            Assert.InRange(described.Status, 400, 599);
            Assert.Matches("^[a-z_]+$", described.Label);
            Assert.NotEmpty(described.Text);
        });
        Assert.Equal(all.Count, all.Select(described => described.Label).Distinct().Count());
    }
}
