namespace Load;

/// <summary>What members who fail do to those who do not: a fifth dead, a twentieth slow, and a network that loses.
/// </summary>
/// <remarks>Run A has none of it, then only the loss; run B begins healthy and fails all at once. Both measure the same
/// members. With one retry instead of five the dead ones are parked after 65 s, not after 215.</remarks>
internal static class FailingScenario
{
    private const double Dead = 0.20;
    private const double Slow = 0.05;

    // Less than what is measured: the oldest events leave while it runs, and the window takes no more memory.
    private static readonly string[] ServerOptions =
        ["--Fanout:RetriesMax=1", "--Fanout:HistoryEventsMax=512"];

    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(10);

    internal static async Task<Report> RunAsync(LoadOptions options)
    {
        var behaviours = Draw(options);
        var healthy = await RunHealthyAsync(options, member => behaviours[member] == Behaviour.Healthy);
        var failing = await RunFailingAsync(options, behaviours);
        return new Report(
        [
            ("A, nobody fails: healthy members p50, ms", healthy.Plain.P50, "F2"),
            ("A: p99, ms", healthy.Plain.P99, "F2"),
            ("A with loss, what was not lost: p50, ms", healthy.NotLost.P50, "F2"),
            ("A with loss, what was not lost: p99, ms", healthy.NotLost.P99, "F2"),
            ("A with loss, all: p99, ms", healthy.All.P99, "F2"),
            ("B, what was not lost: healthy members p50, ms", failing.NotLost.P50, "F2"),
            ("B, what was not lost: p99, ms", failing.NotLost.P99, "F2"),
            ("B, all: p50, ms", failing.All.P50, "F2"),
            ("B, all: p99, ms", failing.All.P99, "F2"),
            ("**B / A, p99 of what was not lost**", failing.NotLost.P99 / healthy.Plain.P99, "F2"),
            ("B / A, p50 of what was not lost", failing.NotLost.P50 / healthy.Plain.P50, "F2"),
            ("B / A, p99 of all", failing.All.P99 / healthy.Plain.P99, "F2"),
            ("B / A with loss, p99 of what was not lost", failing.NotLost.P99 / healthy.NotLost.P99, "F2"),
            ("B / A with loss, p99 of all", failing.All.P99 / healthy.All.P99, "F2"),
            ("A: 99 % of an event's deliveries, median, ms", healthy.Plain.Typical99, "F2"),
            ("A with loss: the same of what was not lost", healthy.NotLost.Typical99, "F2"),
            ("B: the same of what was not lost", failing.NotLost.Typical99, "F2"),
            ("**B / A, the same**", failing.NotLost.Typical99 / healthy.Plain.Typical99, "F2"),
            .. failing.Rows,
        ]);
    }

    /// <param name="P50">Of all deliveries.</param>
    /// <param name="P99">Of all deliveries.</param>
    /// <param name="Typical99">The median of what 99 % of an event's deliveries took: a machine that has something else
    /// to do for a moment does not show in it.</param>
    private readonly record struct Times(double P50, double P99, double Typical99)
    {
        internal static Times Of(
            Audience audience, Range events, Func<int, bool> isMeant, bool withHeldUp = true)
        {
            var each = audience.Each(events, isMeant, withHeldUp);
            var within = audience.WithinEach(events, 0.99, isMeant, withHeldUp);
            return new(Deliveries.At(each, 0.5), Deliveries.At(each, 0.99), Deliveries.At(within, 0.5));
        }
    }

    private static Behaviour[] Draw(LoadOptions options)
    {
        var numbers = Enumerable.Range(0, options.Members).ToArray();
        new Random(options.Seed).Shuffle(numbers);
        var (dead, slow) = ((int)(Dead * options.Members), (int)(Slow * options.Members));
        var behaviours = new Behaviour[options.Members];
        foreach (var number in numbers[..dead]) behaviours[number] = Behaviour.Dead;
        foreach (var number in numbers[dead..(dead + slow)]) behaviours[number] = Behaviour.Slow;
        return behaviours;
    }

    private static async Task<(Times Plain, Times NotLost, Times All)> RunHealthyAsync(
        LoadOptions options, Func<int, bool> isHealthy)
    {
        var events = (int)(Quick.TotalSeconds * options.Rate);
        var (audience, settled) = Audience(options, 2 * events);
        await using var stage = await StartAsync(options, audience, settled);
        var plain = settled..(settled + events);
        await stage.PlayAsync(Stage.Marks(audience, plain, options.Rate, options.BodyBytes));
        await stage.CatchUpAsync(audience, plain);
        stage.Hop.Loss = options.Loss;
        var lossy = (settled + events)..(settled + (2 * events));
        await stage.PlayAsync(Stage.Marks(audience, lossy, options.Rate, options.BodyBytes));
        await stage.CatchUpAsync(audience, lossy);
        return (Times.Of(audience, plain, isHealthy),
            Times.Of(audience, lossy, isHealthy, withHeldUp: false), Times.Of(audience, lossy, isHealthy));
    }

    private static async Task<(Times NotLost, Times All, List<(string, double, string)> Rows)>
        RunFailingAsync(LoadOptions options, Behaviour[] behaviours)
    {
        bool IsHealthy(int member) => behaviours[member] == Behaviour.Healthy;
        bool IsSlow(int member) => behaviours[member] == Behaviour.Slow;
        var (audience, settled) = Audience(options, options.Events);
        await using var stage = await StartAsync(options, audience, settled);
        var start = await MemoryAsync(stage);
        var members = stage.Hop.Members(audience).ToArray();
        foreach (var member in members) (member.Arrivals, member.Messages) = (0, 0);
        foreach (var member in members) member.Behaviour = behaviours[member.Number];
        stage.Hop.Loss = options.Loss;
        var events = settled..(settled + options.Events);
        var half = settled + (options.Events / 2);
        var before = stage.Measure();
        await stage.PlayAsync(Stage.Marks(audience, settled..half, options.Rate, options.BodyBytes));
        var middle = stage.Server.ResidentMebibytes();
        await stage.PlayAsync(Stage.Marks(audience, half..events.End, options.Rate, options.BodyBytes));
        await stage.CatchUpAsync(audience, events, member => IsHealthy(member) || IsSlow(member));
        var cost = stage.Measure().From(before);
        var dead = await DeadAsync(options, stage, members);
        var end = await MemoryAsync(stage);
        var slow = Times.Of(audience, events, IsSlow);
        return (Times.Of(audience, events, IsHealthy, withHeldUp: false), Times.Of(audience, events, IsHealthy),
            [
                ("B: p99 of what was not lost, from 0 to 4 s, ms", Between(0, 4).P99, "F2"),
                ("B: the same from 31 to 35 s, while the dead are tried again", Between(31, 35).P99, "F2"),
                ("B: slow members p50, ms", slow.P50, "F0"),
                ("B: slow members p99, ms", slow.P99, "F0"),
                ("B: events missing, healthy", audience.Missing(events, IsHealthy), "F0"),
                ("B: events missing, slow", audience.Missing(events, IsSlow), "F0"),
                ("B: events twice, healthy", audience.Twice(events, IsHealthy), "F0"),
                ("B: events twice, slow", audience.Twice(events, IsSlow), "F0"),
                ("B: two MESSAGEs to one member at a time", members.Sum(member => member.Overlaps), "F0"),
                .. dead,
                ("B: server CPU, us per delivery", cost.CpuSeconds * 1e6 / cost.Messages, "F2"),
                ("B: resident memory at the start, MiB", start.Resident, "F0"),
                ("B: in the middle", middle, "F0"),
                ("B: at the end", end.Resident, "F0"),
                ("B: heap after a full collection, start, MiB", start.Heap, "F1"),
                ("B: heap after a full collection, end, MiB", end.Heap, "F1"),
            ]);

        Times Between(int from, int to) => Times.Of(
            audience, Bound(from)..Bound(to), IsHealthy, withHeldUp: false);
        int Bound(int second) => settled + Math.Min(options.Events, (int)(second * options.Rate));
    }

    private static async Task<List<(string, double, string)>> DeadAsync(
        LoadOptions options, Stage stage, HopMember[] members)
    {
        var dead = members.Where(member => member.Behaviour == Behaviour.Dead).ToArray();
        var sent = dead.Average(member => member.Arrivals);
        return
        [
            ("B: dead members", dead.Length, "F0"),
            ("B: events", options.Events, "F0"),
            ("B: MESSAGEs to a dead member, mean", dead.Average(member => member.Messages), "F2"),
            ("B: MESSAGEs to a dead member, most", dead.Max(member => member.Messages), "F0"),
            ("B: of them sent, resends included, mean", sent, "F2"),
            ("B: the same per event", sent / options.Events, "F4"),
            ("B: retries after a pause", await stage.Server.MetricAsync("conference_as_fanout_retries_total"), "F0"),
            ("B: time-outs", await stage.Server.MetricAsync("conference_as_delivery_timeouts_total"), "F0"),
            ("B: parked at the end",
                await stage.Server.MetricAsync("conference_as_fanout_parked_participants"), "F0"),
        ];
    }

    // Resident memory before the collection, which takes some itself.
    private static async Task<(double Resident, double Heap)> MemoryAsync(Stage stage)
    {
        var resident = stage.Server.ResidentMebibytes();
        await stage.Server.CollectAsync(stage.Limit);
        return (resident, await stage.Server.MetricAsync("conference_as_gc_heap_bytes") / (1 << 20));
    }

    private static (Audience Audience, int Settled) Audience(LoadOptions options, int measured)
    {
        var settled = options.Warmup + (int)(options.Rate * options.Settle.TotalSeconds);
        return (new Audience("load", 1, options.Members, settled + measured), settled);
    }

    private static async Task<Stage> StartAsync(LoadOptions options, Audience audience, int settled)
    {
        var stage = await Stage.StartAsync(options, new Hop([audience], options.Seed), ServerOptions);
        await stage.WarmUpAsync(audience, ..options.Warmup, options.BodyBytes);
        await stage.PlayAsync(Stage.Marks(audience, options.Warmup..settled, options.Rate, options.BodyBytes));
        await stage.CatchUpAsync(audience, ..settled);
        return stage;
    }
}
