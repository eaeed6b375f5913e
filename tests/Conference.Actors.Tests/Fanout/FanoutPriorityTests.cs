using Conference.Actors.Fanout;
using Conference.Actors.Focus;
using Conference.Actors.Ports;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Xml;
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
    public async Task Publish_BesideAHugeConference_DoesNotWaitUntilAllOfThatWereLookedAt()
    {
        const int Huge = 5_000;
        var (hugeSent, hugeSentAtTheEnd) = (0, 0);
        await using var bench = new FanoutBench();
        await bench.OpenAsync(Huge);
        var small = ParticipantUri.Parse("sip:small@example");
        var created = new ConferenceEvent(
            1, FanoutBench.Member(1), "r", bench.Time.GetUtcNow(),
            new ConferenceCreated("Small", Rights.Draw, false, [new RosterEntry(small, null, Role.Chair, Rights.All)]));
        var state = ConferenceState.Before(ConferenceUri.Parse("sip:conf-2@conf.example")).Apply(created);
        var fanout = bench.Engine.Open(state, 1, [new StoredCursor(small, 1)]);
        await bench.Links.QuietAsync();
        bench.Links.Answer = (participant, _) =>
        {
            if (participant == small) hugeSentAtTheEnd = hugeSent; // All on the thread of the one worker.
            else if (++hugeSent == 10) PublishSmall(fanout, state);
            return FakeLinks.Ok;
        };

        bench.Say(1, "to all");
        await bench.Links.UntilAsync(() => Volatile.Read(ref hugeSent) == Huge - 1 && hugeSentAtTheEnd > 0);

        Assert.InRange(hugeSentAtTheEnd, 10, Huge / 2);
    }

    [Fact]
    public async Task Publish_InTheMiddleOfARound_ReachesThoseOfItsBeginningAsWell()
    {
        const int Members = 2_000;
        var sent = 0;
        await using var bench = new FanoutBench();
        await bench.OpenAsync(Members);
        bench.Links.Answer = (_, _) =>
        {
            if (++sent == 700) bench.Say(1, "second"); // The first slice of the roster is done.
            return FakeLinks.Ok;
        };

        bench.Say(1, "first");

        await bench.Links.UntilAsync(() => Enumerable.Range(2, Members - 1).All(
            i => bench.Links.Of(i).Revisions.LastOrDefault() == 3));
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

    private static void PublishSmall(IConferenceFanout fanout, ConferenceState state)
    {
        var said = new ConferenceEvent(2, FanoutBench.Member(1), "s", DateTimeOffset.UnixEpoch, new ChatSaid("small"));
        fanout.Publish(state.Apply(said), [new PublishedEvent(said, EventWriter.WriteFragment(said))]);
    }
}
