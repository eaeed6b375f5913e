using AppServer.Links;
using Xunit;

namespace AppServer.Tests.Links;

public sealed class DeliveryWindowTests
{
    [Fact]
    public void Enter_WhenThereIsRoom_FiresAtOnce_AndElseInOrderOfArrival()
    {
        var window = new DeliveryWindow(2);
        var fired = new List<int>();
        for (var i = 0; i < 4; i++) window.Enter(new Guest(fired, i));
        Assert.Equal([0, 1], fired);

        window.Leave();
        Assert.Equal([0, 1, 2], fired);
        window.Leave();
        Assert.Equal([0, 1, 2, 3], fired);
    }

    [Fact]
    public void ManyWhoFailAtOnce_FailOneAfterTheOther_NotInsideEachOther()
    {
        var window = new DeliveryWindow(1);
        var depth = 0;
        var deepest = 0;
        var fired = 0;
        var first = new Guest(() =>
        {
            for (var i = 0; i < 100_000; i++)
            {
                window.Enter(new Guest(() =>
                {
                    deepest = Math.Max(deepest, ++depth);
                    fired++;
                    window.Leave();
                    depth--;
                }));
            }

            window.Leave();
        });

        window.Enter(first);

        Assert.Equal((100_000, 1), (fired, deepest));
    }

    [Fact]
    public void Leave_FromWithinAnotherWindow_PumpsBoth()
    {
        var (one, other) = (new DeliveryWindow(1), new DeliveryWindow(1));
        var fired = new List<int>();
        other.Enter(new Guest(fired, 0));
        other.Enter(new Guest(fired, 1));

        one.Enter(new Guest(other.Leave));

        Assert.Equal([0, 1], fired);
    }

    private sealed class Guest(Action fire) : IWindowGuest
    {
        internal Guest(List<int> fired, int number)
            : this(() => fired.Add(number))
        {
        }

        public void Fire() => fire();
    }
}
