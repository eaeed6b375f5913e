using Conference.Actors.Fanout;
using Conference.Actors.Ports;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Xunit;

namespace Conference.Actors.Tests.Fanout;

public sealed class FanoutCatchUpTests
{
    [Fact]
    public async Task Newcomer_GetsASnapshot_ThenWhatComesAfter()
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(1);
        bench.Say(1, "before");

        bench.Publish(FanoutBench.Member(2), Joined(2));
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Bodies.Count == 1);
        bench.Say(1, "after");
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Bodies.Count == 2);

        var snapshot = Assert.IsType<Snapshot>(bench.Links.Of(2).Messages.First());
        Assert.Equal(3, snapshot.Revision);
        Assert.Equal([4L], bench.Links.Of(2).Revisions);
    }

    [Theory]
    [InlineData(850)] // A datagram of 1,300 bytes without its head.
    [InlineData(230)] // Less than the single values of a snapshot take.
    public async Task Newcomer_OnAPathOfSmallMessages_GetsTheSnapshotInParts(int bytesMax)
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(40);
        bench.Links.BodyBytesMax = bytesMax;

        bench.Publish(FanoutBench.Member(41), Joined(41));
        bench.Say(1, "after");

        await bench.Links.UntilAsync(() => bench.Links.Of(41).Revisions.LastOrDefault() == 3
            || bench.Links.Of(41).Messages.OfType<Snapshot>().Any(s => s.Revision == 3 && s.Part == s.Parts));
        var parts = bench.Links.Of(41).Messages.OfType<Snapshot>().ToList();
        Assert.Equal(41, parts.Sum(part => part.Roster.Length));
        Assert.Equal(Enumerable.Range(1, parts[0].Parts), parts.Select(part => part.Part));
        Assert.All(bench.Links.Of(41).Bodies.Take(bytesMax > 500 ? int.MaxValue : 0),
            body => Assert.InRange(body.Bytes.Length, 1, bytesMax));
    }

    [Fact]
    public async Task Newcomers_InARush_ShareOneSnapshot_AndGetTheRestAsEvents()
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(1);

        for (var i = 2; i <= 30; i++)
        {
            bench.Publish(FanoutBench.Member(i), Joined(i));
            var member = i;
            await bench.Links.UntilAsync(() => bench.Links.Of(member).Bodies.Count >= 1);
        }

        await bench.Links.UntilAsync(() => bench.Links.Of(30).Revisions.LastOrDefault() == 30
            || bench.Links.Of(30).Messages.OfType<Snapshot>().Any(s => s.Revision == 30));
        Assert.Single(Enumerable.Range(2, 29)
            .Select(i => Assert.IsType<Snapshot>(bench.Links.Of(i).Messages.First()).Revision).Distinct());
    }

    [Fact]
    public async Task Reopened_WithCursorsBehind_SendsWhatIsMissing()
    {
        var store = new Store();
        await using var bench = new FanoutBench(store: store);
        await bench.OpenAsync(2);
        for (var i = 0; i < 5; i++) bench.Say(1, $"{i}");
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Revisions.LastOrDefault() == 6);
        bench.Fanout.Dispose();

        using var again = bench.Engine.Open(
            bench.State, 2, [new StoredCursor(FanoutBench.Member(1), 6), new StoredCursor(FanoutBench.Member(2), 3)]);

        await bench.Links.UntilAsync(() => bench.Links.Of(2).Revisions.SequenceEqual([4L, 5L, 6L]));
    }

    [Fact]
    public async Task Reopened_WhileTheStoreIsAway_SendsASnapshotInstead()
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(2);
        for (var i = 0; i < 5; i++) bench.Say(1, $"{i}");
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Revisions.LastOrDefault() == 6);
        bench.Fanout.Dispose();
        bench.Store.IsAway = true;

        using var again = bench.Engine.Open(
            bench.State, 2, [new StoredCursor(FanoutBench.Member(1), 6), new StoredCursor(FanoutBench.Member(2), 3)]);

        await bench.Links.UntilAsync(() => bench.Links.Of(2).Messages.OfType<Snapshot>().Any(s => s.Revision == 6));
    }

    [Fact]
    public async Task BehindTheWindow_GetsASnapshot()
    {
        await using var bench = new FanoutBench(new FanoutOptions { HistoryEventsMax = 8 });
        await bench.OpenAsync(2);
        bench.Links.Answer = (_, _) => null;
        bench.Say(1, "first");
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Bodies.Count == 1);
        for (var i = 0; i < 20; i++) bench.Say(1, $"{i}");
        bench.Links.Answer = (_, _) => FakeLinks.Ok;

        bench.Links.Of(2).Complete(FakeLinks.Ok);

        // Of what revision depends on whether the author fell behind its own events meanwhile: they share one.
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Messages.OfType<Snapshot>().Any(s => s.Revision == 22)
            || bench.Links.Of(2).Revisions.Last() == 22);
        var snapshot = Assert.Single(bench.Links.Of(2).Messages.OfType<Snapshot>());
        Assert.InRange(snapshot.Revision, 22 - 8, 22);
        Assert.Equal(
            [2L, .. Enumerable.Range((int)snapshot.Revision + 1, 22 - (int)snapshot.Revision).Select(r => (long)r)],
            bench.Links.Of(2).Revisions);
    }

    [Fact]
    public async Task Resync_WithinTheWindow_SendsTheEventsAgain()
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(2);
        for (var i = 0; i < 4; i++) bench.Say(1, $"{i}");
        await bench.Links.UntilAsync(() => bench.Links.Of(2).Revisions.LastOrDefault() == 5);
        var before = bench.Links.Of(2).Bodies.Count;

        bench.Fanout.Resync(FanoutBench.Member(2), 3);

        await bench.Links.UntilAsync(() => bench.Links.Of(2).Bodies.Count > before);
        var again = Assert.IsType<Notification>(bench.Links.Of(2).Messages.Last());
        Assert.Equal((4, 5), (again.FromRevision, again.ToRevision));
    }

    [Fact]
    public async Task Resync_FromZero_SendsASnapshot()
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(2);

        bench.Fanout.Resync(FanoutBench.Member(2), 0);

        await bench.Links.UntilAsync(() => bench.Links.Of(2).Messages.OfType<Snapshot>().Any());
    }

    [Fact]
    public async Task Asleep_WithSomethingWaiting_IsWantedWhenTheParticipantIsBack()
    {
        await using var bench = new FanoutBench(new FanoutOptions { ParkedProbe = TimeSpan.Zero });
        var wanted = new List<ConferenceUri>();
        bench.Engine.ConferenceWanted += wanted.Add;
        await bench.OpenAsync(2);
        bench.Links.Answer = (_, _) => new DeliveryResult(DeliveryOutcome.NoContact, 0, null);
        bench.Say(1, "a");
        await bench.StateAsync(2, "parked");
        bench.Fanout.Dispose();

        bench.Engine.Wake(FanoutBench.Member(1));
        Assert.Empty(wanted);
        bench.Engine.Wake(FanoutBench.Member(2));

        Assert.Equal([FanoutBench.Uri], wanted);
    }

    [Fact]
    public async Task Parked_AtTheSameMoment_AreNotTriedAgainAtTheSameMoment()
    {
        var options = new FanoutOptions { ParkedProbe = TimeSpan.FromMinutes(5) };
        await using var bench = new FanoutBench(options);
        await bench.OpenAsync(41);
        bench.Links.Answer = (_, _) => new DeliveryResult(DeliveryOutcome.NoContact, 0, null);
        bench.Say(1, "a");
        for (var member = 2; member <= 41; member++) await bench.StateAsync(member, "parked");

        bench.Links.Answer = (_, _) => FakeLinks.Ok;
        bench.Time.Advance(options.ParkedProbe * 0.875);
        await bench.Links.QuietAsync();
        Assert.InRange(Enumerable.Range(2, 40).Count(m => bench.Links.Of(m).Bodies.Count == 2), 1, 39);

        bench.Time.Advance(options.ParkedProbe * 0.125 + TimeSpan.FromSeconds(1));
        await bench.Links.UntilAsync(() => Enumerable.Range(2, 40).All(m => bench.Links.Of(m).Bodies.Count == 2));
    }

    private static MembersJoined Joined(int number) =>
        new([new RosterEntry(FanoutBench.Member(number), null, Role.Participant, Rights.Draw)]);
}
