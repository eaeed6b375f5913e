using System.Diagnostics;
using System.Net;
using Load.Peers;

namespace Load;

/// <summary>One conference, one chair who draws, N participants who are sent it.</summary>
internal static class FanoutScenario
{
    internal static async Task<Report> RunAsync(LoadOptions options)
    {
        using var limit = new CancellationTokenSource(options.MaxTime);
        var settled = options.Warmup + (int)(options.Rate * options.Settle.TotalSeconds);
        var total = settled + options.Events;
        var deliveries = new Deliveries(total, options.Members);
        using var sink = new Sink(options, deliveries);
        await using var server = await StartAsync(options, sink.Address, limit.Token);
        Participants.Connect(options, sink, server.Sip);
        using var driver = new Driver(sink, server.Sip, options.IsTcp, options.HasStreamEach);
        await server.PrepareAsync(driver, deliveries, limit.Token);
        // As fast as it goes, then a rest, which the just-in-time compiler waits for with what it still has to do, then
        // as it is measured: what is seen is a server that has run for a while.
        var events = new EventSending(server, driver, deliveries, TimeProvider.System);
        await events.SendAsync(options with { Rate = 0 }, 0, options.Warmup, limit.Token);
        for (var i = 0; i < 5; i++) await server.AllocatedBytesAsync(); // A scrape is compiled code by then, too.
        await Task.Delay(options.Rest, limit.Token);
        if (options.Rate > 0) await events.SendAsync(options, options.Warmup, settled, limit.Token);
        deliveries.Begin();
        driver.Begin();
        var allocated = await server.AllocatedBytesAsync();
        var cpu = server.CpuSeconds();
        var (elapsed, sent) = await events.SendAsync(options, settled, total, limit.Token);
        var last = server.CpuSeconds();
        await Task.Delay(options.Drain, limit.Token);
        var after = server.CpuSeconds();
        allocated = await server.AllocatedBytesAsync() - allocated;
        foreach (var (status, count) in driver.Refused) Console.Error.WriteLine($"{count} requests got {status}");
        var messages = deliveries.Messages - deliveries.Repeated;
        var used = CpuSince(cpu, after);
        var (each50, each99, last50, last99) = deliveries.Latency();
        var (answer50, answer99) = driver.AnswerMilliseconds();
        return new Report(
        [
            (Figure.Cpu, PerMessage(used) * 1e6, "F2"),
            (Figure.CpuUser, PerMessage(after.User - cpu.User) * 1e6, "F2"),
            (Figure.CpuSystem, PerMessage(after.System - cpu.System) * 1e6, "F2"),
            (Figure.CpuDrain, PerMessage(CpuSince(last, after)) * 1e6, "F2"),
            (Figure.Rate, messages / elapsed.TotalSeconds, "F0"),
            (Figure.EventsPerMessage, PerMessage(deliveries.EventsDelivered), "F2"),
            (Figure.CpuPerEvent, used * 1e6 / deliveries.EventsDelivered, "F2"),
            (Figure.EventRate, deliveries.EventsDelivered / elapsed.TotalSeconds, "F0"),
            (Figure.Answer50, answer50, "F2"),
            (Figure.Answer99, answer99, "F2"),
            ("each participant p50, ms", each50, "F2"),
            ("each participant p99, ms", each99, "F2"),
            (Figure.Last50, last50, "F2"),
            (Figure.Last99, last99, "F2"),
            (Figure.Missing, deliveries.Missing(settled, sent), "F0"),
            (Figure.Twice, deliveries.Surplus(settled), "F0"),
            (Figure.Retransmitted, deliveries.Retransmitted(settled), "F0"),
            (Figure.WireBytes, (double)deliveries.Bytes / deliveries.Messages, "F0"),
            ("allocated by the server, bytes per delivery", PerMessage(allocated), "F0"),
            ("longest pause of the collector within the last minute, ms", await LongestPauseAsync(server), "F1"),
            (Figure.Memory, server.MemoryMebibytes(), "F0"),
        ]);

        double PerMessage(double value) => value / messages;
    }

    private static async Task<double> LongestPauseAsync(IServerUnderLoad server) => server is ServerUnderLoad ours
        ? await ours.MetricAsync("conference_as_gc_longest_pause_seconds") * 1_000
        : 0;

    // The kernel counts in hundredths; a difference of sums of them that is nothing else is none.
    private static double CpuSince((double User, double System) before, (double User, double System) now) =>
        Math.Round(now.User + now.System - before.User - before.System, 2);

    private static async Task<IServerUnderLoad> StartAsync(
        LoadOptions options, IPEndPoint nextHop, CancellationToken cancel) => options.Peer switch
        {
            Peer.None => await ServerUnderLoad.StartAsync(
                options, nextHop, [Participants.Conference(options.Members)], cancel),
            Peer.KamailioTuned or Peer.KamailioPackaged => await KamailioUnderLoad.StartAsync(options, nextHop, cancel),
            _ => throw new UnreachableException(),
        };

    internal static async Task ExpectAsync(Task<int> answer, string what)
    {
        var status = await answer.WaitAsync(TimeSpan.FromSeconds(40));
        if (status >= 300) throw new InvalidOperationException($"The {what} was refused with {status}.");
    }

    /// <summary>Waits until nothing has arrived for half a second.</summary>
    internal static async Task WaitQuietAsync(Deliveries deliveries, CancellationToken cancel)
    {
        long before;
        do
        {
            before = deliveries.Messages;
            await Task.Delay(500, cancel);
        }
        while (deliveries.Messages != before || before == 0);
    }
}
