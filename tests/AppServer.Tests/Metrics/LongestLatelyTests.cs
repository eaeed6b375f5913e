using AppServer.Metrics;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AppServer.Tests.Metrics;

public sealed class LongestLatelyTests
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly LongestLately _longest;

    public LongestLatelyTests() => _longest = new LongestLately(Period, _time);

    [Fact]
    public void Read_GivesTheLongest_HoweverOften()
    {
        Assert.Equal(TimeSpan.Zero, _longest.Read());
        Note(3);
        Note(8);
        Note(5);

        Assert.Equal(8, _longest.Read().TotalMilliseconds);
        Assert.Equal(8, _longest.Read().TotalMilliseconds);
    }

    [Fact]
    public void Note_IsKeptForTheWholeNextPeriod_AndThenForgotten()
    {
        _time.Advance(Period - TimeSpan.FromSeconds(1)); // At the end of a period.
        Note(8);
        _time.Advance(Period);
        Note(2);
        Assert.Equal(8, _longest.Read().TotalMilliseconds);

        _time.Advance(Period);
        Assert.Equal(2, _longest.Read().TotalMilliseconds);
    }

    [Fact]
    public void Periods_WithoutANote_LeaveNothing()
    {
        Note(8);
        _time.Advance(2 * Period);

        Assert.Equal(TimeSpan.Zero, _longest.Read());
    }

    private void Note(int milliseconds) => _longest.Note(TimeSpan.FromMilliseconds(milliseconds));
}
