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

    [Fact]
    public async Task Get_OfSomeSizesInTurn_EncodesEachOnce()
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(3);
        var snapshots = ((ConferenceFanout)bench.Fanout).Snapshots;
        int[] sizes = [59_904, 640, 2_000, 1_024];
        var made = sizes.Select(size => snapshots.Get(size).Bodies).ToList();

        Assert.Equal(made, sizes.Select(size => snapshots.Get(size).Bodies), ReferenceEqualityComparer.Instance);
        Assert.NotSame(made[0], made[1]);
    }

    [Fact]
    public async Task Get_OfMoreSizesThanAreKept_DropsTheOneMadeFirst()
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(3);
        var snapshots = ((ConferenceFanout)bench.Fanout).Snapshots;
        var first = snapshots.Get(600).Bodies;
        var second = snapshots.Get(601).Bodies;
        for (var size = 602; size <= 600 + SnapshotBodies.SizesMax; size++) snapshots.Get(size);

        Assert.Same(second, snapshots.Get(601).Bodies);
        Assert.NotSame(first, snapshots.Get(600).Bodies);
    }

    [Fact]
    public async Task Age_DropsWhatNobodyAskedForSince()
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(3);
        var snapshots = ((ConferenceFanout)bench.Fanout).Snapshots;
        var (one, other) = (snapshots.Get(600).Bodies, snapshots.Get(700).Bodies);
        Assert.True(snapshots.Age());

        Assert.Same(one, snapshots.Get(600).Bodies);
        Assert.True(snapshots.Age());
        Assert.NotSame(other, snapshots.Get(700).Bodies);
        Assert.True(snapshots.Age());
        Assert.False(snapshots.Age());
    }
}
