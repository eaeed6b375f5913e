using Conference.Actors.Ports;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Xunit;

namespace Conference.Actors.Tests.Fanout;

public sealed class FanoutPriorityTests
{
    private static readonly PageRef Page = new("d", 1);

    [Theory]
    [InlineData(false, DeliveryPriority.Normal)]
    [InlineData(true, DeliveryPriority.High)]
    public async Task Offer_OfABatch_IsAsUrgentAsTheMostUrgentEventInIt(bool hasTurn, DeliveryPriority expected)
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(2);
        bench.Links.Answer = (_, _) => null;
        bench.Say(1, "out");
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Bodies.Count == 1);
        bench.Say(1, "a mark");
        if (hasTurn) bench.Publish(FanoutBench.Member(1), new PageTurned(Page));
        bench.Say(1, "a mark on the page after it");

        bench.Links.Of(2).Complete(FakeLinks.Ok);
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Bodies.Count == 2);

        Assert.Equal([DeliveryPriority.Normal, expected], bench.Links.Of(2).Priorities);
    }

    [Fact]
    public async Task Offer_AfterTheTurnWasConfirmed_IsNotUrgentAnyMore()
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(2);
        bench.Publish(FanoutBench.Member(1), new PageTurned(Page));
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Revisions.LastOrDefault() == 2);

        bench.Say(1, "a mark");
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Revisions.LastOrDefault() == 3);

        Assert.Equal([DeliveryPriority.High, DeliveryPriority.Normal], bench.Links.Of(2).Priorities);
    }

    [Fact]
    public async Task Offer_OfASnapshot_IsUrgent()
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(2);

        bench.Fanout.Resync(FanoutBench.Member(2), 0);
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Bodies.Count == 1);

        Assert.Equal([DeliveryPriority.High], bench.Links.Of(2).Priorities);
    }

    [Fact]
    public async Task Offer_OfAPointer_IsTheLeastUrgent()
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(2);

        bench.Fanout.MovePointer(new PointerPosition(FanoutBench.Member(1), Page, new PagePoint(1, 1)));
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Bodies.Count == 1);

        Assert.Equal([DeliveryPriority.Low], bench.Links.Of(2).Priorities);
    }

    [Fact]
    public async Task Publish_RaisesThoseWhoWait_ToTheMostUrgentOfWhatIsNew()
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(2);
        Assert.Empty(bench.Links.Raised);

        bench.Say(1, "a mark");
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Bodies.Count == 1);
        Assert.Equal([DeliveryPriority.Normal], bench.Links.Raised);
        var turn = bench.Apply(FanoutBench.Member(1), new PageTurned(Page));
        var said = bench.Apply(FanoutBench.Member(1), new ChatSaid("on it"));
        bench.Fanout.Publish(bench.State, [turn, said]);
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Bodies.Count == 2);

        Assert.Equal([DeliveryPriority.Normal, DeliveryPriority.High], bench.Links.Raised);
    }
}
