using System.Diagnostics;
using System.Net;

namespace Load;

/// <summary>What a datagram costs from the socket until it is dropped: answers to deliveries that never were, which the
/// server looks up and has none for. They reach neither its parser nor a transaction.</summary>
internal static class ReceiveScenario
{
    private const string Forged = "conference_as_delivery_responses_dropped_total{reason=\"forged\"}";
    internal const string Batches = "conference_as_sip_udp_receive_batches_total";
    internal const string Drops = "conference_as_sip_udp_receive_drops_total";

    // That of the socket: a server with nothing else to do spends more on its just-in-time compiler than on these.
    private const string Threads = "sip-udp-";

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);

    // The server asks its sockets once a second for what was dropped.
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(1.5);

    internal static async Task<Report> RunAsync(LoadOptions options)
    {
        using var limit = new CancellationTokenSource(options.MaxTime);
        var random = new Random(1);
        var answers = Enumerable.Range(0, 64).Select(_ => GarbageKind.Response(random)).ToList();
        using var sink = new Sink(options, new Deliveries(1, options.Members));
        await using var server = await ServerUnderLoad.StartAsync(options, sink.Address, [], limit.Token);
        await FloodAsync(WarmUp);
        var (forged, batches) = (await server.MetricAsync(Forged), await server.MetricAsync(Batches));
        var (drops, cpu, watch) = (await server.MetricAsync(Drops), server.CpuSecondsOf(Threads), Stopwatch.StartNew());
        var sent = await FloodAsync(options.Time);
        var (elapsed, after) = (watch.Elapsed.TotalSeconds, server.CpuSecondsOf(Threads));
        var received = await server.MetricAsync(Forged) - forged;
        await Task.Delay(Sweep, limit.Token);
        return new Report(
        [
            ("sent/s", sent / elapsed, "F0"),
            ("received/s", received / elapsed, "F0"),
            ("CPU of the receiving thread, us per datagram",
                (after.User + after.System - cpu.User - cpu.System) * 1e6 / received, "F2"),
            ("of it user", (after.User - cpu.User) * 1e6 / received, "F2"),
            ("of it system", (after.System - cpu.System) * 1e6 / received, "F2"),
            ("datagrams taken together", received / (await server.MetricAsync(Batches) - batches), "F1"),
            ("dropped by the kernel/s", (await server.MetricAsync(Drops) - drops) / elapsed, "F0"),
        ]);

        // Metrics are read while nothing is sent: a server that is flooded may take its time to tell them.
        async Task<long> FloodAsync(TimeSpan time)
        {
            await using var flood = await DatagramFlood.StartAsync(
                answers, [IPAddress.Loopback], server.Sip, options.Rate);
            await Task.Delay(time, limit.Token);
            return flood.Sent;
        }
    }
}
