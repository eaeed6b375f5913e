using Sip.Stack.Transport;

namespace Sip.Stack.Tests.Transport;

public sealed class ConnectionTableTests
{
    [Fact]
    public void EveryLinkReason_HasALabelOfItsOwn()
    {
        var labels = Enum.GetValues<LinkReason>().Select(ConnectionTable.Label).ToList();
        Assert.Equal(labels.Count, labels.Distinct().Count());
        Assert.All(labels, label => Assert.Matches("^[a-z_]+$", label));
    }
}
