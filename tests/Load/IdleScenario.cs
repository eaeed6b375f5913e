using System.Diagnostics;

namespace Load;

/// <summary>Many conferences that sleep: what they cost, and how fast one wakes up.</summary>
internal static class IdleScenario
{
    internal static async Task<Report> RunAsync(LoadOptions options)
    {
        using var limit = new CancellationTokenSource(options.MaxTime);
        var deliveries = new Deliveries(1, 1);
        using var sink = new Sink(options, deliveries);
        var passivate = options with
        {
            ServerOptions =
            [
                "--Focus:PassivateAfter=00:00:02", $"--Provisioning:ConferencesMax={options.Conferences + 1}",
                .. options.ServerOptions,
            ],
        };
        await using (var empty = await ServerUnderLoad.StartAsync(passivate, sink.Address, [], limit.Token))
        {
            await Task.Delay(TimeSpan.FromSeconds(3), limit.Token);
            EmptyMebibytes = await SettledAsync(empty);
        }

        var watch = Stopwatch.StartNew();
        await using var server = await ServerUnderLoad.StartAsync(
            passivate, sink.Address, [.. Enumerable.Range(1, options.Conferences).Select(Conference)], limit.Token);
        var started = watch.Elapsed;
        while (await server.MetricAsync("conference_as_focus_events_total") < options.Conferences
            || await server.MetricAsync("conference_as_focus_conferences_active") > 0)
        {
            await Task.Delay(500, limit.Token);
        }

        var resident = await SettledAsync(server);
        var (heap, large) = (
            await server.MetricAsync("conference_as_gc_heap_bytes"),
            await server.MetricAsync("conference_as_gc_large_object_heap_bytes"));
        using var driver = new Driver(sink, server.Sip, isTcp: false);
        driver.Begin();
        for (var i = 1; i <= Woken; i++)
        {
            // A conference sleeps until its first message: the answer's time is the time to restore it.
            var number = Random.Shared.Next(1, options.Conferences + 1);
            var (conference, chair) = ($"sip:conf-idle-{number}@conf.example", $"sip:chair{number}@conf.example");
            await driver.SendAsync(Bodies.Chat(i), conference, chair);
        }

        var (wake50, wake99) = driver.AnswerMilliseconds();
        return new Report(
        [
            ("conferences", options.Conferences, "F0"),
            ("start-up with their provisioning, s", started.TotalSeconds, "F1"),
            ("resident memory without conferences, MiB", EmptyMebibytes, "F0"),
            ("resident memory with them asleep, MiB", resident, "F0"),
            ("managed heap with them asleep, MiB", heap / 1048576, "F0"),
            ("of it large objects, MiB", large / 1048576, "F0"),
            ("first message to a sleeping one until its 202, p50, ms", wake50, "F2"),
            ("the same, p99, ms", wake99, "F2"),
            ("KiB per conference", (resident - EmptyMebibytes) * 1024 / options.Conferences, "F2"),
        ]);
    }

    private const int Woken = 200;

    private static double EmptyMebibytes { get; set; }

    private static object Conference(int number) => new
    {
        name = $"idle-{number}",
        chair = $"sip:chair{number}@conf.example",
        members = Enumerable.Range(1, 9)
            .Select(i => new { uri = $"sip:m{number}-{i}@conf.example", role = "participant" }).ToArray(),
    };

    // The collector gives memory back in its own time.
    private static async Task<double> SettledAsync(ServerUnderLoad server)
    {
        var smallest = double.MaxValue;
        for (var i = 0; i < 10; i++)
        {
            smallest = Math.Min(smallest, server.ResidentMebibytes());
            await Task.Delay(500);
        }

        return smallest;
    }
}
