using Conference.Actors.Fanout;
using Conference.Actors.Ports;
using Conference.Protocol.Notifications;
using Xunit;

namespace Conference.Actors.Tests.Fanout;

public sealed class FanoutMetricsTests
{
    [Fact]
    public void EveryDeliveryOutcome_HasALabel() =>
        Assert.All(Enum.GetValues<DeliveryOutcome>(), outcome => Assert.NotNull(FanoutMetrics.Deliveries(outcome)));

    [Fact]
    public void EveryPageForm_HasALabel() =>
        Assert.All(Enum.GetValues<PageForm>(), form => Assert.NotEmpty(PageBodies.Label(form)));
}
