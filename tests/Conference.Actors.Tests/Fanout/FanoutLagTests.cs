using Conference.Actors.Fanout;
using Conference.Protocol.Notifications;
using Xunit;

namespace Conference.Actors.Tests.Fanout;

/// <summary>Conferences that produce more than can be delivered.</summary>
public sealed class FanoutLagTests
{
    private const int Members = 20;

    private static readonly IEnumerable<int> Others = Enumerable.Range(2, Members - 1);

    [Fact]
    public async Task Conference_WhoseEventsFillTheMessagesOfMost_IsBehind_UntilTheyHaveThem()
    {
        await using var bench = new FanoutBench(new FanoutOptions { HistoryEventsMax = 100 });
        bench.Links.BodyBytesMax = 1_000; // two or three of them
        await bench.OpenAsync(Members);
        bench.Links.Answer = (_, _) => null;
        bench.Say(1, "first");
        await AllHaveAsync(bench, 1);
        for (var i = 0; i < 40; i++) bench.Say(1, $"more {i}");
        Assert.False(bench.Engine.IsAnyBehind);

        bench.Time.Advance(TimeSpan.FromMilliseconds(400));
        AnswerAll(bench);
        AnswerAll(bench); // the author takes none of its own
        await bench.Links.UntilAsync(() => bench.Engine.IsAnyBehind);

        var lag = bench.Engine.LagOf(FanoutBench.Uri)!.Value;
        Assert.Equal(TimeSpan.FromMilliseconds(400), lag.Age);
        Assert.InRange(lag.HistoryShare, 0.3, 0.4);

        bench.Links.Answer = (_, _) => FakeLinks.Ok;
        AnswerAll(bench);
        await bench.Links.UntilAsync(() => Others.All(i => bench.Links.Of(i).Revisions.Last() == 42));
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(bench.Engine.LagOf(FanoutBench.Uri));
        await bench.Links.UntilAsync(() => !bench.Engine.IsAnyBehind); // The next flush looks.
    }

    [Fact]
    public async Task Conference_WhoseMembersAreSentSnapshotsWhileItGoesOn_IsBehind()
    {
        await using var bench = new FanoutBench(new FanoutOptions { HistoryEventsMax = 10 });
        bench.Links.BodyBytesMax = 1_000; // A snapshot has several parts.
        await bench.OpenAsync(Members);
        bench.Links.Answer = (_, _) => null;
        bench.Say(1, "first");
        await AllHaveAsync(bench, 1);
        for (var i = 0; i < 40; i++) bench.Say(1, $"more {i}"); // More than is kept.
        AnswerAll(bench);
        AnswerAll(bench);
        await AllHaveAsync(bench, 3);
        Assert.All(Others, i => Assert.IsType<Snapshot>(bench.Links.Of(i).Messages.Last()));
        Assert.InRange(bench.Engine.LagOf(FanoutBench.Uri)!.Value.HistoryShare, 0, 0.1);

        for (var i = 0; i < 8; i++) bench.Say(1, $"meanwhile {i}");

        Assert.InRange(bench.Engine.LagOf(FanoutBench.Uri)!.Value.HistoryShare, 0.75, 0.95);
    }

    [Fact]
    public async Task Conference_WhoseMembersAnswerLateButTakeAll_IsNotBehind()
    {
        await using var bench = new FanoutBench();
        await bench.OpenAsync(Members);
        bench.Links.Answer = (_, _) => null;
        bench.Say(1, "first");
        await AllHaveAsync(bench, 1);
        for (var i = 0; i < 40; i++) bench.Say(1, $"more {i}");
        bench.Time.Advance(TimeSpan.FromSeconds(5));

        AnswerAll(bench);
        await AllHaveAsync(bench, 2);

        Assert.False(bench.Engine.IsAnyBehind);
    }

    [Fact]
    public async Task Conference_ThatWasBehind_IsForgottenWhenItIsPutAway()
    {
        await using var bench = new FanoutBench();
        bench.Links.BodyBytesMax = 1_000;
        await bench.OpenAsync(Members);
        bench.Links.Answer = (_, _) => null;
        bench.Say(1, "first");
        await AllHaveAsync(bench, 1);
        for (var i = 0; i < 40; i++) bench.Say(1, $"more {i}");
        AnswerAll(bench);
        AnswerAll(bench); // the author takes none of its own
        await bench.Links.UntilAsync(() => bench.Engine.IsAnyBehind);

        bench.Fanout.Dispose();

        Assert.False(bench.Engine.IsAnyBehind);
    }

    [Fact]
    public async Task Turn_OfAConference_IsToldWithItsWait()
    {
        await using var bench = new FanoutBench();
        var waits = new List<TimeSpan>();
        bench.Engine.TurnWaited += wait =>
        {
            lock (waits) waits.Add(wait);
            bench.Links.NoteChange();
        };
        await bench.OpenAsync(2);

        bench.Say(1, "hello");

        await bench.Links.UntilAsync(() =>
        {
            lock (waits) return waits.Count >= 2; // when it was opened, and now
        });
        Assert.All(waits, wait => Assert.Equal(TimeSpan.Zero, wait)); // no time goes by here
    }

    private static Task AllHaveAsync(FanoutBench bench, int bodies) =>
        bench.Links.UntilAsync(() => Others.All(i => bench.Links.Of(i).Bodies.Count == bodies));

    private static void AnswerAll(FanoutBench bench)
    {
        foreach (var i in Others) bench.Links.Of(i).Complete(FakeLinks.Ok);
    }
}
