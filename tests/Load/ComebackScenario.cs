using System.Diagnostics;

namespace Load;

/// <summary>All members of a conference have been away and register again at the same moment, beside a conference that
/// goes on.</summary>
/// <remarks>The S-CSCF answers 480 for those who are away, as for any user without a contact.</remarks>
internal static class ComebackScenario
{
    private const int Beside = 200;

    private static readonly TimeSpan Before = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan After = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CatchUp = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BesideMax = TimeSpan.FromSeconds(40);

    internal static async Task<Report> RunAsync(LoadOptions options)
    {
        var missed = options.Warmup..(options.Warmup + options.Events);
        var away = new Audience("away", 1, options.Members, options.Warmup + options.Events);
        var besideEvents = options.Warmup + (int)((Before + BesideMax).TotalSeconds * options.Rate);
        var beside = new Audience("beside", options.Members + 1, Beside, besideEvents);
        // Two sends to each before it is parked, not six: half a minute less to wait for.
        await using var stage = await Stage.StartAsync(
            options, new Hop([away, beside], options.Seed), "--Fanout:RetriesMax=1");
        await stage.WarmUpAsync(away, ..options.Warmup, options.BodyBytes);
        await stage.WarmUpAsync(beside, ..options.Warmup, options.BodyBytes);

        var members = stage.Hop.Members(away).ToArray();
        await ParkAsync(stage, members, Stage.Marks(away, missed, 50, options.BodyBytes));
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stage.Limit);
        var sent = options.Warmup;
        var playing = PlayBesideAsync();
        await Task.Delay(Before, stage.Limit);
        var from = sent;
        var snapshots = await stage.Server.MetricAsync("conference_as_fanout_snapshots_total");
        stage.Hop.Watched = away;
        stage.Hop.Arrivals.Begin();
        using var reports = new ScscfReports(stage.Server.Sip);
        foreach (var member in members) member.Behaviour = Behaviour.Healthy;
        var watch = Stopwatch.StartNew();
        var reporting = Task.Run(() => reports.Report([.. Participants.Names(away.First, away.Count)]));
        var last = missed.End.Value - 1;
        while (members.Any(member => member.UpTo < last) && watch.Elapsed < CatchUp) await Task.Delay(5, stage.Limit);
        var upToDate = watch.Elapsed;
        await reporting;
        var to = sent;
        await Task.Delay(After, stage.Limit); // What still comes is a storm's tail.
        await over.CancelAsync();
        await playing;
        await stage.CatchUpAsync(beside, options.Warmup..sent);
        var (calm, during) = (beside.Each(options.Warmup..from), beside.Each(from..to));
        return new Report(
        [
            ("members who come back", options.Members, "F0"),
            ("events missed by each", options.Events, "F0"),
            .. OfMessages(members),
            ("snapshots", await stage.Server.MetricAsync("conference_as_fanout_snapshots_total") - snapshots, "F0"),
            ("all are up to date after, ms", upToDate.TotalMilliseconds, "F0"),
            ("most MESSAGEs in any 100 ms", stage.Hop.Arrivals.MostWithin(100), "F0"),
            ("members not up to date", members.Count(member => member.UpTo < last), "F0"),
            ("events missing, members without a snapshot",
                away.Missing(missed, member => members[member].Snapshots == 0), "F0"),
            ("events twice", away.Twice(missed), "F0"),
            ("two MESSAGEs to one member at a time", members.Sum(member => member.Overlaps), "F0"),
            .. OfRegisters(reports, options.Members),
            .. OfBeside(calm, during),
            ("its events while they come back", to - from, "F0"),
            ("its events missing", beside.Missing(options.Warmup..sent), "F0"),
        ]);

        async Task PlayBesideAsync()
        {
            var begin = Stopwatch.StartNew();
            while (!over.IsCancellationRequested && sent < besideEvents)
            {
                var due = TimeSpan.FromSeconds((sent - options.Warmup) / options.Rate) - begin.Elapsed;
                if (due > TimeSpan.FromMilliseconds(1)) await Task.Delay(due, stage.Limit);
                var body = Bodies.Operation(sent, options.BodyBytes);
                beside.NoteSent(sent);
                _ = stage.SendAsync(beside, body);
                sent++;
            }
        }
    }

    /// <summary>The members are away while these are sent, until all are parked.</summary>
    private static async Task ParkAsync(Stage stage, HopMember[] members, IEnumerable<Cue> missed)
    {
        const string Parked = "conference_as_fanout_parked_participants";
        foreach (var member in members) member.Behaviour = Behaviour.Away;
        await stage.PlayAsync(missed);
        while (await stage.Server.MetricAsync(Parked) < members.Length) await Task.Delay(500, stage.Limit);
        foreach (var member in members) (member.Arrivals, member.Messages, member.Snapshots) = (0, 0, 0);
    }

    private static IEnumerable<(string Name, double Value, string Format)> OfMessages(HopMember[] members) =>
    [
        ("MESSAGEs to each until 2 s after, mean", members.Average(member => member.Messages), "F2"),
        ("MESSAGEs to each, most", members.Max(member => member.Messages), "F0"),
        ("of them sent, resends included, mean", members.Average(member => member.Arrivals), "F2"),
    ];

    private static IEnumerable<(string Name, double Value, string Format)> OfRegisters(
        ScscfReports reports, int sent) =>
    [
        ("REGISTER answered, p50, ms", Deliveries.At(reports.AnswerMilliseconds, 0.5), "F1"),
        ("REGISTER answered, p99, ms", Deliveries.At(reports.AnswerMilliseconds, 0.99), "F1"),
        ("REGISTER answered with 503", reports.Unavailable, "F0"),
        ("REGISTER refused or not answered", reports.Refused + sent - reports.AnswerMilliseconds.Count, "F0"),
        ("REGISTER resent", reports.Resends, "F0"),
    ];

    private static IEnumerable<(string Name, double Value, string Format)> OfBeside(
        List<float> calm, List<float> during) =>
    [
        ("conference beside it: p50 before, ms", Deliveries.At(calm, 0.5), "F2"),
        ("p99 before, ms", Deliveries.At(calm, 0.99), "F2"),
        ("p50 while they come back, ms", Deliveries.At(during, 0.5), "F2"),
        ("p99 while they come back, ms", Deliveries.At(during, 0.99), "F2"),
    ];
}
