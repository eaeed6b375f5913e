namespace Load;

/// <summary>How long a turn or a join takes to everybody while marks of many conferences fill the window of the next
/// hop.</summary>
/// <remarks>The window has so few places, and the answers take so long, that less leaves than is drawn: everybody waits
/// for a place all the time, and what comes meanwhile leaves in one batch.</remarks>
internal static class PriorityScenario
{
    private const int Members = 20;
    private const int Window = 50;

    // Of each kind in a second. A conference has its next turn long after everybody has seen the last: a turn that is
    // overtaken by the next need not be shown.
    private const double TurnsPerSecond = 2;
    private const double JoinsPerSecond = 2;

    private static readonly TimeSpan Full = TimeSpan.FromSeconds(3); // By then the window is full.

    internal static async Task<Report> RunAsync(LoadOptions options)
    {
        var perConference = options.Events / options.Conferences;
        var marks = options.Warmup..(options.Warmup + perConference);
        var seconds = (options.Events / options.Rate) - Full.TotalSeconds;
        var (turns, joins) = ((int)(seconds * TurnsPerSecond), (int)(seconds * JoinsPerSecond));
        Audience[] audiences =
        [
            .. Enumerable.Range(0, options.Conferences).Select(i => new Audience(
                $"busy-{i}", 1 + (i * Members), Members,
                marks.End.Value + Count(turns, options.Conferences) + Count(joins, options.Conferences))),
        ];
        // From the beginning: a hop that became 50 ms slower during the run would be one that cannot follow.
        var hop = new Hop(audiences, options.Seed) { RoundTrip = options.RoundTrip };
        await using var stage = await Stage.StartAsync(options, hop, $"--Links:CoreOutstandingMax={Window}");
        await Task.WhenAll(audiences.Select(one => stage.WarmUpAsync(one, ..options.Warmup, options.BodyBytes)));
        foreach (var one in audiences) await ShowAllPagesAsync(stage, one);
        await stage.WaitQuietAsync();
        var apart = TimeSpan.FromSeconds(1 / options.Rate);
        var drawn = audiences.SelectMany((one, i) => Stage.Marks(
            one, marks, options.Rate / options.Conferences, options.BodyBytes, i * apart));
        var (turned, joined) = (Turns(audiences, turns, marks), Joins(audiences, joins, turns, marks));
        var before = stage.Measure();
        await stage.PlayAsync([.. drawn, .. turned, .. joined]);
        var cost = stage.Measure().From(before);
        foreach (var one in audiences) await stage.CatchUpAsync(one, marks);
        foreach (var cue in turned.Concat(joined)) await stage.CatchUpAsync(cue.To, cue.Number..(cue.Number + 1));
        var measured = (options.Warmup + (int)(Full.TotalSeconds * options.Rate / options.Conferences))..marks.End;
        var (markEach, markLast) = (
            audiences.SelectMany(one => one.Each(measured)).ToList(),
            audiences.SelectMany(one => one.Last(measured)).ToList());
        var (turnLast, joinLast) = (Last(turned), Last(joined));
        return new Report(
        [
            ("conferences of 20", options.Conferences, "F0"),
            ("round-trip time, ms", options.RoundTrip.TotalMilliseconds, "F0"),
            ("places in the window", Window, "F0"),
            ("marks/s drawn, all conferences", options.Rate, "F0"),
            ("MESSAGEs/s", cost.Messages / cost.Seconds, "F0"),
            .. Rows("mark", markEach, markLast),
            .. Rows("turn", Each(turned), turnLast),
            .. Rows("join", Each(joined), joinLast),
            ("**turn / mark, last member p50**", Deliveries.At(turnLast, 0.5) / Deliveries.At(markLast, 0.5), "F2"),
            ("**join / mark, last member p50**", Deliveries.At(joinLast, 0.5) / Deliveries.At(markLast, 0.5), "F2"),
            ("marks missing", audiences.Sum(one => one.Missing(marks)), "F0"),
            ("turns and joins missing",
                turned.Concat(joined).Sum(cue => cue.To.Missing(cue.Number..(cue.Number + 1))), "F0"),
            ("events twice", audiences.Sum(one => one.Twice(options.Warmup..)), "F0"),
        ]);
    }

    // Who had its snapshot after a page was shared is sent the page with the first turn to it: one MESSAGE more.
    private static async Task ShowAllPagesAsync(Stage stage, Audience audience)
    {
        const int Unfollowed = 1_000_000;
        for (var page = 2; page >= 1; page--)
            await FanoutScenario.ExpectAsync(stage.SendAsync(audience, Bodies.Turn(Unfollowed + page, page)), "turn");
    }

    private static int Count(int events, int conferences) => (events + conferences - 1) / conferences;

    // A turn or join has a number beyond those of the marks of its conference: turns first, then joins.
    private static List<Cue> Turns(Audience[] audiences, int count, Range marks) =>
    [
        .. Enumerable.Range(0, count).Select(i =>
        {
            var round = i / audiences.Length;
            var number = marks.End.Value + round;
            return new Cue(
                Full + TimeSpan.FromSeconds(i / TurnsPerSecond), audiences[i % audiences.Length], number,
                Bodies.Turn(number, 2 - (round % 2)));
        }),
    ];

    // Half a round away from the turns, in other conferences.
    private static List<Cue> Joins(Audience[] audiences, int count, int turns, Range marks) =>
    [
        .. Enumerable.Range(0, count).Select(i =>
        {
            var number = marks.End.Value + Count(turns, audiences.Length) + (i / audiences.Length);
            var name = Participants.Names((audiences.Length * Members) + 1 + i, 1).Single();
            return new Cue(
                Full + TimeSpan.FromSeconds((i + 0.5) / JoinsPerSecond),
                audiences[(i + (audiences.Length / 2)) % audiences.Length], number, Bodies.Invite(number, name));
        }),
    ];

    private static List<float> Each(List<Cue> cues) =>
        [.. cues.SelectMany(cue => cue.To.Each(cue.Number..(cue.Number + 1)))];

    private static List<float> Last(List<Cue> cues) =>
        [.. cues.SelectMany(cue => cue.To.Last(cue.Number..(cue.Number + 1)))];

    private static IEnumerable<(string, double, string)> Rows(string what, List<float> each, List<float> last) =>
    [
        ($"{what}: each member p50, ms", Deliveries.At(each, 0.5), "F0"),
        ($"{what}: each member p99, ms", Deliveries.At(each, 0.99), "F0"),
        ($"{what}: last member p50, ms", Deliveries.At(last, 0.5), "F0"),
        ($"{what}: last member p99, ms", Deliveries.At(last, 0.99), "F0"),
    ];
}
