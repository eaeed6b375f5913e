using System.Diagnostics;

namespace Load;

/// <summary>Many participants of many conferences, all awake on one node: how long it takes to have them, what each
/// costs, and how long the collector stops everything while they are delivered to.</summary>
/// <remarks>
/// In order: a server without conferences is measured; one starts on a store that a node left
/// (<see cref="MillionStore"/>) and wakes all of it; an event to each conference, as fast as it goes; a steady load of
/// events to conferences at random; at last an event to each conference that nobody answers.
/// </remarks>
internal static class MillionScenario
{
    private const int InFlight = 64;
    private const double Bytes = 1 << 20;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(3);

    internal static async Task<Report> RunAsync(LoadOptions options)
    {
        using var limit = new CancellationTokenSource(options.MaxTime);
        var folder = Directory.CreateTempSubdirectory("conference-load-store-").FullName;
        try
        {
            await MillionStore.BuildAsync(options, options.StoreFolder ?? folder, limit.Token);
            if (options.StoreFolder is { } kept) MillionStore.Copy(kept, folder);
            return await RunAsync(options, folder, limit.Token);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<Report> RunAsync(LoadOptions options, string folder, CancellationToken cancel)
    {
        var steady = (int)(options.Rate * (options.Steady + MillionLoad.Settle).TotalSeconds);
        var deliveries = new Deliveries((2 * options.Conferences) + steady, options.Members - 1);
        using var sink = new Sink(options, deliveries);
        var awake = Awake(options);
        var empty = await MeasureEmptyAsync(awake, sink, cancel);
        var watch = Stopwatch.StartNew();
        await using var server = await ServerUnderLoad.StartAsync(awake, sink.Address, [], cancel, folder);
        var ready = watch.Elapsed;
        var people = (double)options.Conferences * options.Members;
        while (await server.MetricAsync("conference_as_fanout_participants") < people) await Task.Delay(200, cancel);
        var all = watch.Elapsed;
        var wakeCpu = server.CpuSeconds();
        await Task.Delay(Rest, cancel);
        var untouched = await ServerMemory.MeasureAsync(server, cancel);
        await HoldAsync("untouched");

        using var driver = new Driver(sink, server.Sip, options.IsTcp);
        var load = new MillionLoad(options, server, driver, deliveries);
        var once = await load.EachOnceAsync(0, InFlight, cancel);
        await Task.Delay(Rest, cancel);
        var idle = await ServerMemory.MeasureAsync(server, cancel);
        var run = await load.SteadyAsync(options.Conferences, steady, cancel);
        await Task.Delay(Rest, cancel);
        sink.IsMute = true;
        await load.EachOnceAsync(options.Conferences + steady, InFlight, cancel);
        var outstanding = await ServerMemory.MeasureAsync(server, cancel);
        await HoldAsync("outstanding");
        server.Kill();
        return new Report(
        [
            ("conferences awake", options.Conferences, "F0"),
            ("participants", people, "F0"),
            ("ready to serve after, s", ready.TotalSeconds, "F1"),
            ("all awake after, s", all.TotalSeconds, "F1"),
            ("server CPU until then, s", wakeCpu.User + wakeCpu.System, "F1"),
            ("heap of an empty server, MiB", empty.Live, "F1"),
            ("resident memory of an empty server, MiB", empty.Resident, "F0"),
            .. Sizes("never sent anything", untouched),
            .. Sizes("idle", idle),
            .. Sizes("a MESSAGE out to each", outstanding),
            ("an event to each conference: deliveries/s", once.PerSecond, "F0"),
            ("the same, server CPU, us per delivery", once.CpuMicroseconds, "F2"),
            .. run,
        ]);

        Task HoldAsync(string when)
        {
            if (options.Hold > TimeSpan.Zero) Console.Error.WriteLine($"hold {when}: process {server.ProcessId}");
            return Task.Delay(options.Hold, cancel);
        }

        double Each(double mebibytes) => mebibytes * Bytes / people;

        IEnumerable<(string Name, double Value, string Format)> Sizes(string when, ServerMemory memory) =>
        [
            ($"**{when}: heap per participant, bytes**", Each(memory.Live - empty.Live), "F0"),
            ($"{when}: resident memory per participant, bytes", Each(memory.Resident - empty.Resident), "F0"),
            ($"{when}: resident memory, MiB", memory.Resident, "F0"),
        ];
    }

    private static LoadOptions Awake(LoadOptions options) => options with
    {
        ServerOptions =
        [
            "--Focus:PassivateAfter=1.00:00:00",
            // A window of a fixed size: it is to be full of MESSAGEs that nobody answers.
            "--Links:CoreOutstandingMin=2000000", "--Links:CoreOutstandingMax=2000000",
            $"--Sip:DeliveriesInFlightMax={Math.Max(262_144, 2 * options.Conferences * options.Members)}",
            $"--Provisioning:WakeUpMax={options.Conferences}", "--Provisioning:WakeUpPerSecond=1000000",
            .. options.ServerOptions,
        ],
    };

    private static async Task<ServerMemory> MeasureEmptyAsync(LoadOptions options, Sink sink, CancellationToken cancel)
    {
        await using var server = await ServerUnderLoad.StartAsync(options, sink.Address, [], cancel);
        await Task.Delay(Rest, cancel);
        return await ServerMemory.MeasureAsync(server, cancel);
    }
}
