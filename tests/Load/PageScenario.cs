using System.Diagnostics;

namespace Load;

/// <summary>Pages of 200 KB to all participants by inline delivery: memory must not grow with the participants.
/// </summary>
internal static class PageScenario
{
    private const int Pages = 5;

    internal static async Task<Report> RunAsync(LoadOptions options)
    {
        using var limit = new CancellationTokenSource(options.MaxTime);
        var deliveries = new Deliveries(1, options.Members);
        using var sink = new Sink(options, deliveries);
        await using var server = await ServerUnderLoad.StartAsync(
            options, sink.Address, [Participants.Conference(options.Members)], limit.Token);
        Participants.Connect(options, sink, server.Sip);
        using var driver = new Driver(sink, server.Sip, isTcp: true, options.HasStreamEach);
        var bytes = options.BodyBytes < 1_000 ? 200_000 : options.BodyBytes;
        await FanoutScenario.ExpectAsync(driver.SendAsync(Bodies.Document()), "document");
        await FanoutScenario.WaitQuietAsync(deliveries, limit.Token);
        await ShareAsync(driver, deliveries, options, bytes, 1, limit.Token); // Warm-up: the first page pays the JIT.
        var before = server.ResidentMebibytes();
        var allocatedBefore = await server.MetricAsync("conference_as_gc_allocated_bytes_total");
        deliveries.Begin();
        var cpu = server.CpuSeconds();
        var watch = Stopwatch.StartNew();
        for (var page = 2; page <= Pages; page++)
            await ShareAsync(driver, deliveries, options, bytes, page, limit.Token);
        var elapsed = watch.Elapsed;
        var after = server.CpuSeconds();
        var allocated = await server.MetricAsync("conference_as_gc_allocated_bytes_total") - allocatedBefore;
        return new Report(
        [
            ("time until all have a page, ms", elapsed.TotalMilliseconds / (Pages - 1), "F0"),
            ("MB/s", deliveries.Bytes / 1e6 / elapsed.TotalSeconds, "F0"),
            ("server CPU, us per page and participant",
                (after.User + after.System - cpu.User - cpu.System) * 1e6 / options.Members / (Pages - 1), "F0"),
            ("allocated by the server, bytes per page and participant",
                allocated / options.Members / (Pages - 1), "F0"),
            ("resident memory before, MiB", before, "F0"),
            ("resident memory after, MiB", server.ResidentMebibytes(), "F0"),
        ]);
    }

    // One after the other: all have a page before the next one is shared.
    private static async Task ShareAsync(
        Driver driver, Deliveries deliveries, LoadOptions options, int bytes, int page, CancellationToken cancel)
    {
        var target = deliveries.Messages + (2L * options.Members); // A content and an event for each.
        await FanoutScenario.ExpectAsync(driver.SendAsync(Bodies.SharePage(bytes, "load", page)), "page");
        while (deliveries.Messages < target) await Task.Delay(2, cancel);
    }
}
