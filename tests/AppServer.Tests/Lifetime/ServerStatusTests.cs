using AppServer.Lifetime;
using Xunit;

namespace AppServer.Tests.Lifetime;

public sealed class ServerStatusTests
{
    [Fact]
    public void Enter_GoesOnlyForward()
    {
        var status = new ServerStatus();
        Assert.False(status.TakesRequests);
        Assert.True(status.Enter(ServerPhase.Ready));
        Assert.True(status.TakesRequests);
        Assert.True(status.Enter(ServerPhase.Draining));
        Assert.False(status.Enter(ServerPhase.Ready));
        Assert.Equal(ServerPhase.Draining, status.Phase);
        Assert.False(status.TakesRequests);
    }
}
