using AppServer.Links;
using Conference.Actors.Ports;
using Xunit;

namespace AppServer.Tests.Links;

public sealed class DeliveryStatusTests
{
    [Theory]
    [InlineData(DeliveryOutcome.Delivered, 200, 202, 299)]
    [InlineData(DeliveryOutcome.TryLater, 408, 430, 480, 486, 500, 503, 504, 600)]
    [InlineData(DeliveryOutcome.TooLarge, 413, 513)]
    [InlineData(DeliveryOutcome.TypeRefused, 406, 415, 488, 606)]
    [InlineData(DeliveryOutcome.Refused, 300, 302, 400, 401, 403, 404, 407, 410, 481, 501, 505, 603, 604, 699)]
    public void FinalStatus_HasTheOutcomeOfDesign6(DeliveryOutcome outcome, params int[] statuses) =>
        Assert.All(statuses, status => Assert.Equal(outcome, DeliveryStatus.Map(status)));
}
