using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Load;

/// <summary>Good traffic alone, then beside garbage from addresses that are not trusted: what the garbage costs, and
/// what the good traffic notices of it.</summary>
internal static class GarbageScenario
{
    private const string Datagrams = "conference_as_sip_udp_datagrams_received_total";
    private const string Resends = "conference_as_delivery_retransmissions_total";

    // What is counted of what arrived and led to nothing, or to a refusal.
    private static readonly string[] Reasons =
    [
        "conference_as_sip_malformed_total{", "conference_as_sip_malformed_unanswered_total",
        "conference_as_sip_messages_dropped_total{", "conference_as_delivery_responses_dropped_total{",
        "conference_as_refusals_total{", "conference_as_sip_requests_refused_total{",
    ];

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    private sealed record Phase(
        double CpuSeconds, double Seconds, double Answer99, double Last99, double Sent, double Received, double Drops,
        double Batches, double Resends, IReadOnlyDictionary<string, double> Refused);

    internal static async Task<Report> RunAsync(LoadOptions options)
    {
        // The generator's address is trusted, those of the garbage are not.
        options = options with { ServerOptions = ["--Ims:TrustedPeers:0=127.0.0.1", .. options.ServerOptions] };
        using var limit = new CancellationTokenSource(options.MaxTime);
        var settled = options.Warmup + (int)(options.Rate * options.Settle.TotalSeconds);
        var warmed = settled + options.Events / 4;
        var deliveries = new Deliveries(warmed + (2 * options.Events), options.Members);
        using var sink = new Sink(options, deliveries);
        await using var server = await ServerUnderLoad.StartAsync(
            options, sink.Address, [Participants.Conference(options.Members)], limit.Token);
        using var driver = new Driver(sink, server.Sip, isTcp: false);
        await server.PrepareAsync(driver, deliveries, limit.Token);
        var events = new EventSending(server, driver, deliveries, TimeProvider.System);
        var run = new Run(options, server, driver, deliveries, events, limit.Token);
        await events.SendAsync(options with { Rate = 0 }, 0, options.Warmup, limit.Token);
        await events.SendAsync(options, options.Warmup, settled, limit.Token);

        // The first garbage of each kind pays the just-in-time compiler.
        await run.BesideGarbageAsync(settled, warmed);
        await Task.Delay(Rest, limit.Token);
        var alone = await run.MeasureAsync(warmed, warmed + options.Events, null);
        var beside = await run.BesideGarbageAsync(warmed + options.Events, warmed + (2 * options.Events));
        PrintReasons(alone, beside);
        return ReportOf(alone, beside, deliveries.Missing(warmed));
    }

    private static Report ReportOf(Phase alone, Phase beside, int missing)
    {
        var garbage = beside.Received - (alone.Received / alone.Seconds * beside.Seconds);
        var extra = (beside.CpuSeconds / beside.Seconds) - (alone.CpuSeconds / alone.Seconds);
        return new Report(
        [
            ("garbage sent/s", beside.Sent / beside.Seconds, "F0"),
            ("garbage read by the server/s", garbage / beside.Seconds, "F0"),
            ("dropped by the kernel/s", beside.Drops / beside.Seconds, "F0"),
            ("datagrams taken together", beside.Received / beside.Batches, "F1"),
            ("server CPU alone, % of a core", alone.CpuSeconds / alone.Seconds * 100, "F1"),
            ("server CPU beside garbage, % of a core", beside.CpuSeconds / beside.Seconds * 100, "F1"),
            ("**garbage, % of a core**", extra * 100, "F1"),
            ("garbage, us each", extra * beside.Seconds * 1e6 / garbage, "F2"),
            ("202 p99 alone, ms", alone.Answer99, "F2"),
            ("202 p99 beside garbage, ms", beside.Answer99, "F2"),
            ("last participant p99 alone, ms", alone.Last99, "F2"),
            ("last participant p99 beside garbage, ms", beside.Last99, "F2"),
            ("deliveries sent again alone/s", alone.Resends / alone.Seconds, "F0"),
            ("deliveries sent again beside garbage/s", beside.Resends / beside.Seconds, "F0"),
            ("events missing", missing, "F0"),
        ]);
    }

    private static void PrintReasons(Phase alone, Phase beside)
    {
        foreach (var (series, count) in beside.Refused.OrderBy(one => one.Key))
        {
            var perSecond = (count / beside.Seconds) - (alone.Refused.GetValueOrDefault(series) / alone.Seconds);
            if (perSecond < 0.5) continue;
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{series}: {perSecond:F0}/s"));
        }
    }

    private sealed class Run(
        LoadOptions options, ServerUnderLoad server, Driver driver, Deliveries deliveries, EventSending events,
        CancellationToken cancel)
    {
        private readonly IReadOnlyList<byte[]> _garbage = GarbageKind.Make(options.Garbage);

        internal async Task<Phase> BesideGarbageAsync(int from, int to)
        {
            var hosts = options.IsGarbageTrusted ? Enumerable.Repeat(1, 8) : Enumerable.Range(2, 8);
            var sources = hosts.Select(host => new IPAddress([127, 0, 0, (byte)host]));
            await using var flood = await DatagramFlood.StartAsync(
                _garbage, sources, server.Sip, options.GarbageRate);
            return await MeasureAsync(from, to, flood);
        }

        internal async Task<Phase> MeasureAsync(int from, int to, DatagramFlood? flood)
        {
            var before = await server.MetricsAsync();
            deliveries.Begin();
            driver.Begin();
            var (sent, cpu) = (flood?.Sent ?? 0, server.CpuSeconds());
            var watch = Stopwatch.StartNew();
            await events.SendAsync(options, from, to, cancel);
            var (elapsed, cpuAfter) = (watch.Elapsed.TotalSeconds, server.CpuSeconds());
            sent = (flood?.Sent ?? 0) - sent;
            var after = await server.MetricsAsync();
            double More(string series) => after.GetValueOrDefault(series) - before.GetValueOrDefault(series);
            return new Phase(
                cpuAfter.User + cpuAfter.System - cpu.User - cpu.System, elapsed, driver.AnswerMilliseconds().P99,
                deliveries.Latency().Last99, sent, More(Datagrams), More(ReceiveScenario.Drops),
                More(ReceiveScenario.Batches), More(Resends),
                after.Keys.Where(key => Reasons.Any(r => key.StartsWith(r, StringComparison.Ordinal)))
                    .ToDictionary(key => key, More));
        }
    }
}
