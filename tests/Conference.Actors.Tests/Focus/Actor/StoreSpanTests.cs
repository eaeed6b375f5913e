using Conference.Actors.Focus;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Conference.Actors.Tests.Focus.Actor;

public class StoreSpanTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Time_AfterItsEnd_IsNotTheStores()
    {
        var span = new StoreSpan(_time);
        _time.Advance(Step);
        var timestamp = _time.GetTimestamp();
        _time.Advance(2 * Step);
        Assert.Equal((3 * Step, 2 * Step), (span.Elapsed, span.Since(timestamp)));
        span.End();
        _time.Advance(Step);
        Assert.Equal((3 * Step, 2 * Step), (span.Elapsed, span.Since(timestamp)));
        Assert.Equal(TimeSpan.Zero, span.Since(_time.GetTimestamp()));
    }
}
