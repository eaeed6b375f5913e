using Conference.Actors.Focus;
using Xunit;
using static Conference.Actors.Tests.Focus.FocusData;

namespace Conference.Actors.Tests.Focus.Actor;

public class SenderRatesTests
{
    [Fact]
    public void Burst_ThenRate()
    {
        var rates = new SenderRates(2, 3, 10);
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => rates.TryTake(Ann, Start)));
        Assert.True(rates.TryTake(Bob, Start));
        Assert.True(rates.TryTake(Ann, Start.AddSeconds(0.5)));
        Assert.False(rates.TryTake(Ann, Start.AddSeconds(0.5)));
        Assert.False(rates.TryTake(Ann, Start)); // a clock that goes back gives nothing
    }

    [Fact]
    public void Senders_AreBounded_TheOnesLongSilentMakeRoom()
    {
        var rates = new SenderRates(1, 2, 2);
        Assert.True(rates.TryTake(Ann, Start));
        Assert.True(rates.TryTake(Bob, Start));
        Assert.False(rates.TryTake(Eve, Start));
        Assert.True(rates.TryTake(Eve, Start.AddSeconds(1)));
    }
}
