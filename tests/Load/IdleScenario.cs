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
        while (await server.MetricAsync("conference_as_focus_actors") > 0) await Task.Delay(500, limit.Token);
        var resident = await SettledAsync(server);
        return new Report(
        [
            ("conferences", options.Conferences, "F0"),
            ("start-up with their provisioning, s", started.TotalSeconds, "F1"),
            ("resident memory without conferences, MiB", EmptyMebibytes, "F0"),
            ("resident memory with them asleep, MiB", resident, "F0"),
            ("KiB per conference", (resident - EmptyMebibytes) * 1024 / options.Conferences, "F2"),
        ]);
    }

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
