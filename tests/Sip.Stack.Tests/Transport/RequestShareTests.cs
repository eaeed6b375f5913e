using Sip.Stack.Transport;

namespace Sip.Stack.Tests.Transport;

public sealed class RequestShareTests
{
    private const int PerSecondMax = 20_000;

    private readonly RequestShare _share = new(PerSecondMax);
    private TimeSpan _now;

    [Fact]
    public void Value_WhileTheQueueHoldsThem_IsAll()
    {
        Assert.False(Read(100_000, isNearlyFull: false));
        Assert.Equal(1, _share.Value);
    }

    [Fact]
    public void Value_WhenTheQueueIsNearlyFull_IsWhatMayBeReadOfWhatArrives()
    {
        Assert.True(Read(4_000, isNearlyFull: true)); // 80,000 a second
        Assert.Equal(0.25, _share.Value, 6);
        Assert.True(Read(2_000)); // Twice as many arrive now.
        Assert.Equal(0.125, _share.Value, 6);
        Assert.False(Read(1_000)); // As many as may be.
    }

    [Theory]
    [InlineData(30_000)]
    [InlineData(100_000)]
    [InlineData(1_000_000)]
    public void Flood_OfAnyRate_IsReadAtTheLimitAfterAFewIntervals(int perSecond)
    {
        Read(perSecond / 20, isNearlyFull: true);
        for (var i = 0; i < 10; i++)
        {
            var read = (int)(perSecond / 20 * _share.Value);
            Assert.InRange(read, 0.95 * PerSecondMax / 20, 1.05 * PerSecondMax / 20);
            Read(read);
        }
    }

    [Fact]
    public void Value_WhenTheFloodEnds_IsAllAgainWithinHalfASecond()
    {
        Read(50_000, isNearlyFull: true);
        Assert.Equal(0.02, _share.Value, 6);
        for (var i = 0; i < 10; i++) Read(0);
        Assert.Equal(1, _share.Value);
    }

    [Fact]
    public void Value_HoweverManyArrive_LetsSomeIn()
    {
        for (var i = 0; i < 10; i++) Read(1_000_000, isNearlyFull: true);
        Assert.Equal(1.0 / 256, _share.Value);
    }

    [Fact]
    public void Note_WithinAnInterval_ChangesNothing()
    {
        Assert.False(_share.Note(1_000_000, isNearlyFull: true, RequestShare.Interval / 2));
        Assert.Equal(1, _share.Value);
    }

    private bool Read(int requests, bool isNearlyFull = false) =>
        _share.Note(requests, isNearlyFull, _now += RequestShare.Interval);
}
