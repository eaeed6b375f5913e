using Conference.Actors.Fanout;
using Conference.Actors.Ports;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Xml;
using Xunit;

namespace Conference.Actors.Tests.Fanout;

public sealed class FanoutDeliveryTests
{
    [Fact]
    public async Task Publish_ReachesEverybodyButTheAuthor()
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(3);

        bench.Say(1, "hello");
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Bodies.Count == 1 && bench.Links.Of(3).Bodies.Count == 1);

        Assert.Empty(bench.Links.Of(1).Bodies);
        var notification = Assert.IsType<Notification>(Assert.Single(bench.Links.Of(2).Messages));
        Assert.Equal((2, 2), (notification.FromRevision, notification.ToRevision));
        Assert.Equal(new ChatSaid("hello"), Assert.Single(notification.Events).Body);
    }

    [Fact]
    public async Task Publish_ToAMemberThatWantsItsOwn_ReachesItsAuthor()
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(1, wantsOwn: true);

        bench.Say(1, "hello");

        await bench.Links.UntilAsync(() => bench.Links.Of(1).Revisions.SequenceEqual([2L]));
    }

    [Fact]
    public async Task Publish_WhileOneIsOut_WaitsAndLeavesAsOneBatch()
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(2);
        bench.Links.Answer = (_, _) => null;
        bench.Say(1, "a");
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Bodies.Count == 1);

        for (var i = 0; i < 10; i++) bench.Say(1, $"b{i}");
        await bench.Links.QuietAsync();
        Assert.Single(bench.Links.Of(2).Bodies); // R4

        bench.Links.Of(2).Complete(FakeLinks.Ok);
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Bodies.Count == 2);
        var batch = Assert.IsType<Notification>(bench.Links.Of(2).Messages.Last());
        Assert.Equal((3, 12), (batch.FromRevision, batch.ToRevision));
        Assert.Equal(10, batch.Events.Length);
    }

    [Fact]
    public async Task Batch_OfManyWhoAreEquallyFar_IsEncodedOnce()
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(20);

        bench.Say(1, "a");
        await bench.Links.UntilAsync(() => Enumerable.Range(2, 19).All(i => bench.Links.Of(i).Bodies.Count == 1));

        var bodies = Enumerable.Range(2, 19).Select(i => bench.Links.Of(i).Bodies[0]);
        Assert.Single(bodies.Distinct(ReferenceEqualityComparer.Instance));
    }

    [Fact]
    public async Task Batch_WithSeveralTurns_KeepsTheLastOnly()
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(2);
        bench.Links.Answer = (_, _) => null;
        bench.Publish(FanoutBench.Member(1), new DocumentShared("d", "d.rtf", 9));
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Bodies.Count == 1);

        for (var page = 1; page <= 5; page++)
            bench.Publish(FanoutBench.Member(1), new PageTurned(new PageRef("d", page)));
        bench.Links.Of(2).Complete(FakeLinks.Ok);
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Bodies.Count == 2);

        var batch = Assert.IsType<Notification>(bench.Links.Of(2).Messages.Last());
        Assert.Equal((3, 7), (batch.FromRevision, batch.ToRevision));
        Assert.Equal(new PageTurned(new PageRef("d", 5)), Assert.Single(batch.Events).Body);
    }

    [Fact]
    public async Task Batch_LargerThanThePath_LeavesInSeveralMessagesInOrder()
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(2);
        bench.Links.BodyBytesMax = 2_000;
        bench.Links.Answer = (_, _) => null;
        bench.Say(1, "first");
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Bodies.Count == 1);
        for (var i = 0; i < 20; i++) bench.Say(1, new string('x', 300));
        bench.Links.Answer = (_, _) => FakeLinks.Ok;

        bench.Links.Of(2).Complete(FakeLinks.Ok);
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Revisions.LastOrDefault() == 22);

        Assert.All(bench.Links.Of(2).Bodies, b => Assert.True(b.Bytes.Length <= 2_000));
        Assert.Equal(Enumerable.Range(2, 21).Select(i => (long)i), bench.Links.Of(2).Revisions);
    }

    [Fact]
    public async Task Publish_OneSlowParticipant_OthersStillReceive()
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(3);
        bench.Links.Answer = (who, _) => who == FanoutBench.Member(2) ? null : FakeLinks.Ok;

        for (var i = 0; i < 50; i++) bench.Say(1, $"{i}");
        await bench.Links.UntilAsync(() =>
            bench.Links.Of(3).Revisions.LastOrDefault() == 51 && bench.Links.Of(2).Bodies.Count > 0);

        Assert.Single(bench.Links.Of(2).Bodies);
    }

    [Fact]
    public async Task Failure_ThatMayPass_IsTriedAgainAfterAPause()
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(2);
        bench.Links.Answer = (_, _) => new DeliveryResult(DeliveryOutcome.TryLater, 480, null);
        bench.Say(1, "a");
        await bench.StateAsync(2, "backing_off");

        bench.Links.Answer = (_, _) => FakeLinks.Ok;
        bench.Time.Advance(TimeSpan.FromMilliseconds(400));
        await bench.Links.QuietAsync();
        Assert.Single(bench.Links.Of(2).Bodies);
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Bodies.Count == 2);

        Assert.Equal([2L, 2L], bench.Links.Of(2).Revisions);
    }

    [Fact]
    public async Task Failure_WithRetryAfter_WaitsThatLong()
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(2);
        bench.Links.Answer = (_, _) =>
            new DeliveryResult(DeliveryOutcome.TryLater, 503, TimeSpan.FromSeconds(20));
        bench.Say(1, "a");
        await bench.StateAsync(2, "backing_off");
        bench.Links.Answer = (_, _) => FakeLinks.Ok;

        bench.Time.Advance(TimeSpan.FromSeconds(19));
        await bench.Links.QuietAsync();
        Assert.Single(bench.Links.Of(2).Bodies);
        bench.Time.Advance(TimeSpan.FromSeconds(7));
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Bodies.Count == 2);
    }

    [Fact]
    public async Task Failure_AgainAndAgain_ParksUntilASignOfLife()
    {
        await using var bench = new FanoutBench(new FanoutOptions { RetriesMax = 2, ParkedProbe = TimeSpan.Zero });
        await bench.OpenAsync(2);
        bench.Links.Answer = (_, _) => new DeliveryResult(DeliveryOutcome.TryLater, 408, null);
        bench.Say(1, "a");
        for (var tries = 1; tries <= 3; tries++)
        {
            var expected = tries;
            await bench.Links.UntilAsync(() => bench.Links.Of(2).Bodies.Count == expected);
            await bench.StateAsync(2, tries < 3 ? "backing_off" : "parked");
            bench.Time.Advance(TimeSpan.FromSeconds(61));
        }

        Assert.Equal("parked", bench.Fanout.Describe().Single(d => d.Participant == FanoutBench.Member(2)).State);
        bench.Links.Answer = (_, _) => FakeLinks.Ok;
        bench.Say(1, "b");
        bench.Time.Advance(TimeSpan.FromHours(1));
        await bench.Links.QuietAsync();
        Assert.Equal(3, bench.Links.Of(2).Bodies.Count);

        bench.Engine.Wake(FanoutBench.Member(2));
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Revisions.TakeLast(2).SequenceEqual([2L, 3L]));
    }

    [Fact]
    public async Task SignOfLife_WhileBackingOff_DeliversAtOnce()
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(2);
        bench.Links.Answer = (_, _) => new DeliveryResult(DeliveryOutcome.TryLater, 480, null);
        bench.Say(1, "a");
        await bench.StateAsync(2, "backing_off");
        bench.Links.Answer = (_, _) => FakeLinks.Ok;

        bench.Engine.Wake(FanoutBench.Member(2));

        await bench.StateAsync(2, "idle");
        Assert.Equal(2, bench.Links.Of(2).Bodies.Count);
    }

    [Fact]
    public async Task SignOfLife_WhileAMessageIsOut_ForgetsItsFailure()
    {
        await using var bench = new FanoutBench(new FanoutOptions { RetriesMax = 1, ParkedProbe = TimeSpan.Zero });
        await bench.OpenAsync(2);
        bench.Links.Answer = (_, _) => null;
        bench.Say(1, "a");
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Bodies.Count == 1);
        bench.Links.Of(2).Complete(new DeliveryResult(DeliveryOutcome.TryLater, 408, null));
        await bench.StateAsync(2, "backing_off");
        bench.Time.Advance(TimeSpan.FromSeconds(2));
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Bodies.Count == 2);

        bench.Engine.Wake(FanoutBench.Member(2));
        bench.Links.Of(2).Complete(new DeliveryResult(DeliveryOutcome.TryLater, 408, null));

        await bench.StateAsync(2, "backing_off");
    }

    [Fact]
    public async Task NoContact_ThoughItRegisteredMeanwhile_IsTriedAtOnce()
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(2);
        bench.Links.HasContact = true; // Since the look that found none.
        var looks = 0;
        bench.Links.Answer = (_, _) =>
            looks++ == 0 ? new DeliveryResult(DeliveryOutcome.NoContact, 0, null) : FakeLinks.Ok;

        bench.Say(1, "a");

        await bench.Links.UntilAsync(() => bench.Links.Of(2).Bodies.Count == 2);
        await bench.StateAsync(2, "idle");
    }

    [Fact]
    public async Task PlainTextMember_WhilePointersMove_HasNothingLeftToGet()
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(2);
        bench.Links.Answer = (_, body) => body.ContentType == MediaTypes.PlainText
            ? FakeLinks.Ok
            : new DeliveryResult(DeliveryOutcome.TypeRefused, 415, null);
        bench.Say(1, "a");
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Bodies.Count == 2);

        bench.Fanout.MovePointer(new PointerPosition(FanoutBench.Member(1), new PageRef("d", 1), new PagePoint(1, 1)));
        bench.Time.Advance(TimeSpan.FromSeconds(2)); // Cursors are stored.

        await bench.Links.UntilAsync(() =>
        {
            bench.Links.NoteChange();
            return bench.Fanout.IsSettled;
        });
    }

    [Fact]
    public async Task CursorsOfAClosedConference_AreStoredByTheNextFlush_ThoughTheStoreWasAway()
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(2);
        bench.Say(1, "a");
        await bench.StateAsync(2, "idle");
        await bench.Links.UntilAsync(() => bench.Fanout.Describe().All(d => d.Cursor == 2));
        bench.Store.IsAway = true;
        bench.Fanout.Dispose();
        await bench.Engine.FlushAllAsync();
        Assert.False(bench.Engine.IsSettled);

        bench.Store.IsAway = false;
        await bench.Engine.FlushAllAsync();

        Assert.Equal(2, bench.Store.Cursors[FanoutBench.Member(2)]);
        Assert.True(bench.Engine.IsSettled);
    }

    [Fact]
    public async Task Parked_IsProbedNowAndThen()
    {
        await using var bench = new FanoutBench(new FanoutOptions { ParkedProbe = TimeSpan.FromMinutes(5) });
        await bench.OpenAsync(2);
        bench.Links.Answer = (_, _) => new DeliveryResult(DeliveryOutcome.NoContact, 0, null);
        bench.Say(1, "a");
        await bench.StateAsync(2, "parked");

        bench.Links.Answer = (_, _) => FakeLinks.Ok;
        bench.Time.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));

        await bench.Links.UntilAsync(() => bench.Links.Of(2).Bodies.Count == 2);
    }

    [Fact]
    public async Task Parked_InAConferenceThatIsPutAway_HoldNothingOfIt()
    {
        await using var bench = new FanoutBench(new FanoutOptions { ParkedProbe = TimeSpan.FromMinutes(5) });
        await bench.OpenAsync(2);
        bench.Links.Answer = (_, _) => new DeliveryResult(DeliveryOutcome.NoContact, 0, null);
        bench.Say(1, "a");
        await bench.StateAsync(2, "parked");
        var recipient = ((ConferenceFanout)bench.Fanout).Find(FanoutBench.Member(2))!;
        var entry = recipient.PauseEntry!;
        Assert.Same(recipient, entry.Recipient);

        bench.Fanout.Dispose();

        Assert.Null(entry.Recipient); // The timers keep the entry for five minutes.
        Assert.Null(recipient.PauseEntry);
    }

    [Fact]
    public async Task Refusal_Definite_IsNotTriedAgain()
    {
        await using var bench = new FanoutBench(new FanoutOptions { ParkedProbe = TimeSpan.Zero });
        await bench.OpenAsync(2);
        bench.Links.Answer = (_, _) => new DeliveryResult(DeliveryOutcome.Refused, 603, null);
        bench.Say(1, "a");
        await bench.StateAsync(2, "parked");
        bench.Time.Advance(TimeSpan.FromHours(1));
        await bench.Links.QuietAsync();

        Assert.Single(bench.Links.Of(2).Bodies);
        var description = bench.Fanout.Describe().Single(d => d.Participant == FanoutBench.Member(2));
        Assert.Equal(("parked", 603), (description.State, description.LastStatus));
    }

    [Fact]
    public async Task ForeignClient_ThatRefusesTheType_GetsText()
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(2);
        bench.Links.Answer = (_, body) => body.ContentType.StartsWith("text/plain", StringComparison.Ordinal)
            ? FakeLinks.Ok
            : new DeliveryResult(DeliveryOutcome.TypeRefused, 415, null);

        bench.Say(1, "hello");

        await bench.Links.UntilAsync(() => bench.Links.Of(2).Bodies.Count == 2);
        Assert.Equal(
            "[sip:member1@example] hello",
            System.Text.Encoding.UTF8.GetString(bench.Links.Of(2).Bodies[1].Bytes.Span));
    }

    [Fact]
    public async Task Member_ThatLeaves_IsSentNothingMore()
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(3);

        bench.Publish(FanoutBench.Member(2), new MemberLeft(FanoutBench.Member(2), LeaveReason.Left));
        bench.Say(1, "a");
        await bench.Links.UntilAsync(() => bench.Links.Of(3).Revisions.LastOrDefault() == 3);
        await bench.Links.QuietAsync();

        Assert.Empty(bench.Links.Of(2).Bodies);
        Assert.True(bench.Links.Of(2).IsDisposed);
    }

    [Fact]
    public async Task Cursors_AreStoredInBatches_AndAgainWhenTheStoreWasAway()
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(3);
        bench.Store.IsAway = true;
        bench.Say(1, "a");
        await bench.Links.UntilAsync(() => bench.Fanout.Describe().All(d => d.Cursor == 2));
        await bench.Engine.FlushAllAsync();
        Assert.Empty(bench.Store.Cursors);
        Assert.False(bench.Fanout.IsSettled);

        bench.Store.IsAway = false;
        await bench.Engine.FlushAllAsync();

        Assert.Equal(3, bench.Store.Cursors.Count);
        Assert.All(bench.Store.Cursors.Values, revision => Assert.Equal(2, revision));
        Assert.True(bench.Fanout.IsSettled);
    }

    [Fact]
    public async Task Pointer_ReachesOthersWithoutARevision_TheLastOneCounts()
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(2);
        bench.Links.Answer = (_, _) => null;
        var page = new PageRef("d", 1);
        bench.Fanout.MovePointer(new PointerPosition(FanoutBench.Member(1), page, new PagePoint(1, 1)));
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Bodies.Count == 1);
        bench.Fanout.MovePointer(new PointerPosition(FanoutBench.Member(1), page, new PagePoint(2, 2)));
        bench.Fanout.MovePointer(new PointerPosition(FanoutBench.Member(1), page, new PagePoint(3, 3)));
        await bench.Links.QuietAsync();

        bench.Links.Of(2).Complete(FakeLinks.Ok);
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Bodies.Count == 2);

        var moved = Assert.IsType<PointersMoved>(bench.Links.Of(2).Messages.Last());
        Assert.Equal(new PagePoint(3, 3), Assert.Single(moved.Pointers).Point);
        Assert.Empty(bench.Links.Of(1).Bodies);
    }
}
