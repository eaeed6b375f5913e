using System.Diagnostics;

namespace Load;

/// <summary>One conference, one chair who draws, N participants who are sent it.</summary>
internal static class FanoutScenario
{
    private const string Allocated = "conference_as_gc_allocated_bytes_total";

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    internal static async Task<Report> RunAsync(LoadOptions options)
    {
        using var limit = new CancellationTokenSource(options.MaxTime);
        var settled = options.Warmup + (int)(options.Rate * options.Settle.TotalSeconds);
        var total = settled + options.Events;
        var deliveries = new Deliveries(total, options.Members);
        using var sink = new Sink(options, deliveries);
        await using var server = await ServerUnderLoad.StartAsync(
            options, sink.Address, [Participants.Conference(options.Members)], limit.Token);
        Participants.Connect(options, sink, server.Sip);
        using var driver = new Driver(sink, server.Sip, options.IsTcp, options.HasStreamEach);
        await ExpectAsync(driver.SendAsync(Bodies.Document()), "document");
        await ExpectAsync(driver.SendAsync(Bodies.SharePage(1_000)), "page");
        await WaitQuietAsync(deliveries, limit.Token);
        // As fast as it goes, then a rest, which the just-in-time compiler waits for with what it still has to do, then
        // as it is measured: what is seen is a server that has run for a while.
        await SendAsync(options with { Rate = 0 }, driver, deliveries, 0, options.Warmup, limit.Token);
        for (var i = 0; i < 5; i++) await server.MetricAsync(Allocated); // A scrape is compiled code by then, too.
        await Task.Delay(Rest, limit.Token);
        if (options.Rate > 0) await SendAsync(options, driver, deliveries, options.Warmup, settled, limit.Token);

        deliveries.Begin();
        driver.Begin();
        var allocated = await server.MetricAsync(Allocated);
        var cpu = server.CpuSeconds();
        var watch = Stopwatch.StartNew();
        await SendAsync(options, driver, deliveries, settled, total, limit.Token);
        var elapsed = watch.Elapsed;
        var after = server.CpuSeconds();
        var messages = deliveries.Messages;
        var perThousand = 1_000.0 / messages;
        var (each50, each99, last50, last99) = deliveries.Latency();
        var (answer50, answer99) = driver.AnswerMilliseconds();
        foreach (var (status, count) in driver.Refused) Console.Error.WriteLine($"{count} requests got {status}");
        allocated = await server.MetricAsync(Allocated) - allocated;
        return new Report(
        [
            ("server CPU, us per delivery", (after.User + after.System - cpu.User - cpu.System) * 1e6 / messages, "F2"),
            ("of it user", (after.User - cpu.User) * 1e6 / messages, "F2"),
            ("of it system", (after.System - cpu.System) * 1e6 / messages, "F2"),
            ("deliveries/s (MESSAGEs answered)", messages / elapsed.TotalSeconds, "F0"),
            ("events per MESSAGE", (double)deliveries.EventsDelivered / messages, "F2"),
            ("sender's 202 p50, ms", answer50, "F2"),
            ("sender's 202 p99, ms", answer99, "F2"),
            ("each participant p50, ms", each50, "F2"),
            ("each participant p99, ms", each99, "F2"),
            ("last participant p50, ms", last50, "F2"),
            ("last participant p99, ms", last99, "F2"),
            ("events missing", deliveries.Missing(settled), "F0"),
            ("events twice", deliveries.Surplus(settled), "F0"),
            ("allocated by the server, bytes per delivery",
                allocated * perThousand / 1_000, "F0"),
            ("resident memory, MiB", server.ResidentMebibytes(), "F0"),
        ]);
    }

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

    private static async Task SendAsync(
        LoadOptions options, Driver driver, Deliveries deliveries, int from, int to, CancellationToken cancel)
    {
        using var places = new SemaphoreSlim(options.Rate > 0 ? int.MaxValue : options.InFlight);
        using var done = new CountdownEvent(Math.Max(1, to - from));
        var isOver = false; // Under the lock of done: an event that comes twice may come after the end.
        void OnDone(int number)
        {
            lock (done)
            {
                if (isOver || number < from || number >= to) return;
                if (!done.IsSet) done.Signal();
                if (options.Rate <= 0) places.Release();
            }
        }

        async Task SendOneAsync(int number, byte[] body)
        {
            if (await driver.SendAsync(body) >= 300) OnDone(number); // Refused: nobody will be sent it.
        }

        deliveries.EventDone += OnDone;
        var watch = Stopwatch.StartNew();
        for (var number = from; number < to; number++)
        {
            if (options.Rate > 0)
            {
                var due = TimeSpan.FromSeconds((number - from) / options.Rate) - watch.Elapsed;
                if (due > TimeSpan.Zero) await Task.Delay(due, cancel);
            }
            else
            {
                await places.WaitAsync(cancel);
            }

            var body = Bodies.Operation(number, options.BodyBytes);
            deliveries.NoteSent(number);
            _ = SendOneAsync(number, body);
        }

        while (!done.IsSet && !cancel.IsCancellationRequested) await Task.Delay(5, CancellationToken.None);
        deliveries.EventDone -= OnDone;
        lock (done) isOver = true;
    }
}
