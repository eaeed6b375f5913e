using AppServer.Configuration;
using AppServer.Lifetime;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AppServer.Tests.Lifetime;

public sealed class DeliveryDrainTests
{
    private readonly FakeTimeProvider _time = new();
    private bool _isSettled;
    private int _inFlight = 5;

    [Fact]
    public void IsSettled_AsSoonAsEverythingIsDelivered()
    {
        var drain = Make(new LifetimeOptions());
        Assert.False(drain.IsSettled);
        _isSettled = true;
        Assert.True(drain.IsSettled);
    }

    [Fact]
    public void IsSettled_WithoutHeadwayForTheStall_GivesUp()
    {
        var drain = Make(new LifetimeOptions());
        for (var i = 0; i < 5; i++)
        {
            _inFlight--; // headway: the clock begins anew
            Assert.False(drain.IsSettled);
            _time.Advance(TimeSpan.FromMilliseconds(2999));
            Assert.False(drain.IsSettled);
        }

        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(drain.IsSettled);
    }

    [Fact]
    public void IsSettled_WithoutAStall_WaitsOn()
    {
        var drain = Make(new LifetimeOptions { DrainStall = TimeSpan.Zero });
        Assert.False(drain.IsSettled);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.False(drain.IsSettled);
    }

    private DeliveryDrain Make(LifetimeOptions options) =>
        new(options, () => _isSettled, () => _inFlight, () => Task.CompletedTask, _time);
}
