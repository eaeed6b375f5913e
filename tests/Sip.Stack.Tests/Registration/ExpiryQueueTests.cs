using Sip.Stack.Registration;

namespace Sip.Stack.Tests.Registration;

public sealed class ExpiryQueueTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private readonly ExpiryQueue<string> _queue = new();

    [Fact]
    public void TryTakeDue_GivesKeysInOrderOnceTheirTimeHasCome()
    {
        _queue.Watch("late", Now.AddSeconds(2));
        _queue.Watch("early", Now.AddSeconds(1));

        Assert.False(_queue.TryTakeDue(Now, out _));
        Assert.True(_queue.TryTakeDue(Now.AddSeconds(5), out var first));
        Assert.True(_queue.TryTakeDue(Now.AddSeconds(5), out var second));
        Assert.False(_queue.TryTakeDue(Now.AddSeconds(5), out _));
        Assert.Equal(("early", "late"), (first, second));
    }

    [Fact]
    public void Watch_OfALaterTime_CostsNoFurtherPlace()
    {
        for (var second = 1; second <= 100; second++) _queue.Watch("a", Now.AddSeconds(second));

        Assert.Equal(1, _queue.Count);
        Assert.True(_queue.TryTakeDue(Now.AddSeconds(1), out _)); // early: the owner watches it anew
    }

    [Fact]
    public void Watch_OfAnEarlierTime_BringsItForwardAndGivesItOnce()
    {
        _queue.Watch("a", Now.AddSeconds(9));
        _queue.Watch("a", Now.AddSeconds(1));

        Assert.True(_queue.TryTakeDue(Now.AddSeconds(1), out _));
        Assert.False(_queue.TryTakeDue(Now.AddSeconds(9), out _));
    }

    [Fact]
    public void Forget_OfManyKeys_KeepsTheQueueSmall()
    {
        for (var i = 0; i < 10_000; i++)
        {
            _queue.Watch($"key{i}", Now.AddDays(1));
            _queue.Forget($"key{i}");
        }

        Assert.InRange(_queue.Count, 0, 100);
        Assert.False(_queue.TryTakeDue(Now.AddDays(2), out _));
    }
}
