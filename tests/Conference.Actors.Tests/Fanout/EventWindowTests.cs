using Conference.Actors.Fanout;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Xunit;

namespace Conference.Actors.Tests.Fanout;

public sealed class EventWindowTests
{
    [Fact]
    public void Add_BeyondTheCount_DropsTheOldest()
    {
        var window = Filled(eventsMax: 4, bytesMax: 1_000, events: 10, bytes: 1);

        Assert.Equal((6, 10, 4), (window.Before, window.Last, window.Count));
        Assert.Equal([7L, 8, 9, 10], Enumerable.Range(7, 4).Select(r => window[r].Revision));
        Assert.True(window.Covers(6));
        Assert.False(window.Covers(5));
        Assert.False(window.Covers(11));
    }

    [Fact]
    public void Add_BeyondTheBytes_DropsTheOldest_ButKeepsTheNewest()
    {
        Assert.Equal(2, Filled(100, 25, 10, 10).Count);
        Assert.Equal(1, Filled(100, 5, 10, 10).Count);
    }

    [Fact]
    public void Add_WithAGap_IsABug()
    {
        var window = Filled(10, 100, 3, 1);

        Assert.Throws<InvalidOperationException>(() => window.Add(Entry(5, 1)));
    }

    [Fact]
    public void Reset_ForgetsEverything()
    {
        var window = Filled(10, 100, 3, 1);

        window.Reset(77);

        Assert.Equal((77, 77, 0), (window.Before, window.Last, window.Count));
        window.Add(Entry(78, 1));
        Assert.Equal(78, window[78].Revision);
    }

    [Fact]
    public void Prepend_PutsHistoryBeforeWhatIsHeld_WithinTheLimits()
    {
        var window = new EventWindow(5, 1_000);
        window.Reset(4);
        window.Add(Entry(5, 1));
        window.Add(Entry(6, 1));

        window.Prepend(0, [Entry(1, 1), Entry(2, 1), Entry(3, 1), Entry(4, 1)]);

        Assert.Equal((1, 6, 5), (window.Before, window.Last, window.Count));
        Assert.Equal([2L, 3, 4, 5, 6], Enumerable.Range(2, 5).Select(r => window[r].Revision));
    }

    private static EventWindow Filled(int eventsMax, int bytesMax, int events, int bytes)
    {
        var window = new EventWindow(eventsMax, bytesMax);
        for (var revision = 1; revision <= events; revision++) window.Add(Entry(revision, bytes));
        return window;
    }

    private static EventWindow.Entry Entry(long revision, int bytes) =>
        new(revision, ParticipantUri.Parse("sip:a@b"), true, new ChatSaid("x"), new byte[bytes], null, 0);
}
