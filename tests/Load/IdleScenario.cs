using System.Diagnostics;

namespace Load;

/// <summary>Many conferences that sleep: what they cost, and how fast one wakes up.</summary>
/// <remarks>Beside a server without conferences, measured in the same way: resident memory as the server leaves it, the
/// managed heap after a full collection.</remarks>
internal static class IdleScenario
{
    private const int Woken = 500;

    internal static async Task<Report> RunAsync(LoadOptions options)
    {
        using var limit = new CancellationTokenSource(options.MaxTime);
        var deliveries = new Deliveries(1, 1);
        using var sink = new Sink(options, deliveries);
        var passivate = options with
        {
            ServerOptions =
            [
                "--Focus:PassivateAfter=00:00:02", "--Lifetime:TrimInterval=00:00:02",
                $"--Provisioning:ConferencesMax={options.Conferences + 1}",
                .. options.ServerOptions,
            ],
        };
        ServerMemory empty;
        await using (var server = await ServerUnderLoad.StartAsync(passivate, sink.Address, [], limit.Token))
        {
            await Task.Delay(TimeSpan.FromSeconds(5), limit.Token);
            empty = await ServerMemory.MeasureAsync(server, limit.Token);
        }

        var watch = Stopwatch.StartNew();
        await using var full = await ServerUnderLoad.StartAsync(
            passivate, sink.Address, [.. Enumerable.Range(1, options.Conferences).Select(Conference)], limit.Token);
        var ready = watch.Elapsed;
        while (await full.MetricAsync("conference_as_focus_events_total") < options.Conferences
            || await full.MetricAsync("conference_as_focus_conferences_active") > 0)
        {
            await Task.Delay(500, limit.Token);
        }

        var asleep = watch.Elapsed;
        await Task.Delay(TimeSpan.FromSeconds(8), limit.Token); // The server gives memory back in its own time.
        var trims = await full.MetricAsync("conference_as_memory_trims_total");
        var sleeping = await ServerMemory.MeasureAsync(full, limit.Token);
        var (wake50, wake99) = await WakeAsync(full, sink, options.Conferences);
        return new Report(
        [
            ("conferences of 10", options.Conferences, "F0"),
            ("ready to serve after, s", ready.TotalSeconds, "F1"),
            ("all made and asleep after, s", asleep.TotalSeconds, "F0"),
            ("memory given back, times", trims, "F0"),
            ("resident memory of an empty server, MiB", empty.Resident, "F1"),
            ("resident memory with them asleep, MiB", sleeping.Resident, "F1"),
            ("**resident memory per conference, KiB**", PerConference(empty.Resident, sleeping.Resident), "F2"),
            ("heap of an empty server, MiB", empty.Heap, "F1"),
            ("heap with them asleep, MiB", sleeping.Heap, "F1"),
            ("heap after a full collection, empty server, MiB", empty.Live, "F1"),
            ("heap after a full collection, asleep, MiB", sleeping.Live, "F1"),
            ("heap after a full collection per conference, KiB", PerConference(empty.Live, sleeping.Live), "F2"),
            ("held by the collector, empty server, MiB", empty.Committed, "F1"),
            ("held by the collector, asleep, MiB", sleeping.Committed, "F1"),
            ("first message to a sleeping one until its 202, p50, ms", wake50, "F2"),
            ("the same, p99, ms", wake99, "F2"),
        ]);

        double PerConference(double without, double with) => (with - without) * 1024 / options.Conferences;
    }

    private static async Task<(double P50, double P99)> WakeAsync(ServerUnderLoad server, Sink sink, int conferences)
    {
        using var driver = new Driver(sink, server.Sip, isTcp: false);
        driver.Begin();
        var numbers = Enumerable.Range(1, conferences).ToArray();
        Random.Shared.Shuffle(numbers);
        foreach (var number in numbers.Take(Woken))
        {
            // A conference sleeps until its first message: the answer's time is the time to restore it.
            var (conference, chair) = ($"sip:conf-idle-{number}@conf.example", $"sip:chair{number}@conf.example");
            await driver.SendAsync(Bodies.Chat(number), conference, chair);
        }

        if (!driver.Refused.IsEmpty) throw new InvalidOperationException("A sleeping conference refused a message.");
        return driver.AnswerMilliseconds();
    }

    private static object Conference(int number) => new
    {
        name = $"idle-{number}",
        chair = $"sip:chair{number}@conf.example",
        members = Enumerable.Range(1, 9)
            .Select(i => new { uri = $"sip:m{number}-{i}@conf.example", role = "participant" }).ToArray(),
    };
}
