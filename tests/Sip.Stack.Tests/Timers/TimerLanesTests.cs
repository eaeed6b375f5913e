using Microsoft.Extensions.Time.Testing;
using Sip.Stack.Timers;

namespace Sip.Stack.Tests.Timers;

public sealed class TimerLanesTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _fired = [];
    private readonly TimerLanes<object, string> _timers;

    public TimerLanesTests() => _timers = new TimerLanes<object, string>(_time, (_, timer) => _fired.Add(timer));

    public void Dispose() => _timers.Dispose();

    [Fact]
    public void Timers_OfSeveralDurations_FireInOrderOfTheirTime()
    {
        Start("late", 3000);
        Start("early", 500);
        Start("middle", 1000);

        _time.Advance(TimeSpan.FromMilliseconds(499));
        Assert.Empty(_fired);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(["early"], _fired);
        _time.Advance(TimeSpan.FromMilliseconds(2500));

        Assert.Equal(["early", "middle", "late"], _fired);
        Assert.Equal(0, _timers.Count);
    }

    [Fact]
    public void Timers_DueAtOnce_FireInOrderOfTheirStart()
    {
        Start("a", 500);
        Start("b", 500);
        _time.Advance(TimeSpan.FromMilliseconds(200));
        Start("c", 300);

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(["a", "b", "c"], _fired);
    }

    [Fact]
    public void LongTimers_DueShortlyAfterEachOther_FireTogether_AndNeverEarly()
    {
        for (var i = 0; i < 10; i++)
        {
            Start($"{i}", 32_000);
            _time.Advance(TimeSpan.FromMilliseconds(10));
        }

        // Due at 32,000 to 32,090; the clock of the test stands at a multiple of 100 ms when it begins.
        _time.Advance(TimeSpan.FromMilliseconds(31_899));
        Assert.Empty(_fired);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        _time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.Single(_fired);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(10, _fired.Count);
    }

    [Fact]
    public void Timer_StartedByTimer_Fires()
    {
        TimerLanes<List<int>, int>? lanes = null;
        using var timers = lanes = new TimerLanes<List<int>, int>(_time, (owner, timer) =>
        {
            owner.Add(timer);
            if (timer < 5) lanes!.Start(owner, timer + 1, TimeSpan.FromMilliseconds(100));
        });
        var seen = new List<int>();
        timers.Start(seen, 1, TimeSpan.FromMilliseconds(100));

        for (var i = 0; i < 6; i++) _time.Advance(TimeSpan.FromMilliseconds(100));

        Assert.Equal([1, 2, 3, 4, 5], seen);
    }

    [Fact]
    public void Timer_AfterDispose_DoesNotFire()
    {
        Start("never", 500);

        _timers.Dispose();
        Start("neither", 100);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Empty(_fired);
    }

    [Fact]
    public void Timer_OwnerThrows_OthersStillFire()
    {
        using var timers = new TimerLanes<object, bool>(_time, (_, fails) =>
        {
            if (fails) throw new InvalidOperationException("A bug of the owner.");
            _fired.Add("fine");
        });
        timers.Start(this, true, TimeSpan.FromMilliseconds(100));
        timers.Start(this, false, TimeSpan.FromMilliseconds(200));

        _time.Advance(TimeSpan.FromMilliseconds(150));
        _time.Advance(TimeSpan.FromMilliseconds(150));

        Assert.Equal(["fine"], _fired);
    }

    private void Start(string timer, int milliseconds) =>
        _timers.Start(this, timer, TimeSpan.FromMilliseconds(milliseconds));
}
