using System.Collections.Concurrent;
using AppServer.Metrics;
using Xunit;

namespace AppServer.Tests.Metrics;

public sealed class GcPausesTests
{
    [Fact]
    public void Collection_IsToldOf_EachTime()
    {
        var pauses = new ConcurrentQueue<TimeSpan>();
        using var watched = new GcPauses(pauses.Enqueue);
        for (var i = 0; i < 3; i++)
        {
            var before = pauses.Count;
            Collect();

            Assert.True(pauses.Count > before, "Nothing was told of this collection.");
        }

        Assert.All(pauses, pause => Assert.True(pause > TimeSpan.Zero));
    }

    [Fact]
    public void Disposed_TellsNothing()
    {
        var pauses = new ConcurrentQueue<TimeSpan>();
        var watched = new GcPauses(pauses.Enqueue);
        watched.Dispose();
        Collect(); // One that was being told of when it was disposed of is over now.
        var before = pauses.Count;
        Collect();

        Assert.Equal(before, pauses.Count);
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
}
