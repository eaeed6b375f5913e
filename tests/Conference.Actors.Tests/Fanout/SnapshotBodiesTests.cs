using Conference.Actors.Fanout;
using Xunit;

namespace Conference.Actors.Tests.Fanout;

public sealed class SnapshotBodiesTests
{
    private static readonly FanoutOptions Options = new() { SnapshotReuseEvents = 256, HistoryEventsMax = 4_096 };

    [Theory]
    [InlineData(0, false, true)]
    [InlineData(256, false, true)]
    [InlineData(257, false, false)]
    [InlineData(257, true, true)]
    [InlineData(2_048, true, true)]
    [InlineData(2_049, true, false)] // Who gets it would soon be behind the history again.
    public void MayBeReused_ForSomeEvents_AndForLongerWhenItWasJustMade(long events, bool isRecent, bool expected) =>
        Assert.Equal(expected, SnapshotBodies.MayBeReused(events, isRecent, Options));
}
