using System.Diagnostics;

namespace Load;

/// <summary>Events to many conferences.</summary>
internal sealed class MillionLoad(
    LoadOptions options, ServerUnderLoad server, Driver driver, Deliveries deliveries)
{
    private const string Collections = "conference_as_gc_collections_total";
    private const string Pauses = "conference_as_gc_pause_duration_seconds";

    /// <summary>Not measured at the beginning of a steady load: the server's longest pause is that of the last half or
    /// whole minute.</summary>
    internal static readonly TimeSpan Settle = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(15);

    /// <summary>One event to each conference, so many requests at a time, until all have been sent it.</summary>
    /// <param name="first">Number of the first event.</param>
    /// <param name="inFlight">Requests without an answer at a time.</param>
    /// <param name="cancel">Ends the wait.</param>
    internal async Task<(double PerSecond, double CpuMicroseconds)> EachOnceAsync(
        int first, int inFlight, CancellationToken cancel)
    {
        var target = deliveries.Messages + ((long)options.Conferences * deliveries.Recipients);
        var before = (Messages: deliveries.Messages, Cpu: server.CpuSeconds());
        var watch = Stopwatch.StartNew();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = inFlight, CancellationToken = cancel };
        await Parallel.ForEachAsync(
            Enumerable.Range(0, options.Conferences), parallel,
            async (number, stop) => await SendUntilTakenAsync(first + number, number, stop));
        while (deliveries.Messages < target) await Task.Delay(20, cancel);
        var (messages, cpu) = (deliveries.Messages - before.Messages, server.CpuSeconds());
        return (messages / watch.Elapsed.TotalSeconds,
            (cpu.User + cpu.System - before.Cpu.User - before.Cpu.System) * 1e6 / messages);
    }

    // So many at once are more than some stores take in the time: who is told 503 comes again.
    private async Task SendUntilTakenAsync(int number, int conference, CancellationToken cancel)
    {
        while (await SendAsync(number, conference) is 480 or 503) await Task.Delay(200, cancel);
    }

    /// <summary>Events to conferences at random, at the rate of the options.</summary>
    /// <param name="first">Number of the first event.</param>
    /// <param name="events">How many, those before it is measured included.</param>
    /// <param name="cancel">Ends the run.</param>
    internal async Task<IReadOnlyList<(string Name, double Value, string Format)>> SteadyAsync(
        int first, int events, CancellationToken cancel)
    {
        var settled = (int)(options.Rate * Settle.TotalSeconds);
        await SendAsync(first, settled, cancel);
        deliveries.Begin();
        driver.Begin();
        var before = await ReadAsync();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var longest = LongestPauseAsync(over.Token);
        await SendAsync(first + settled, events - settled, cancel);
        await over.CancelAsync();
        var after = await ReadAsync();
        var (each50, each99, last50, last99) = deliveries.Latency();
        var (answer50, answer99) = driver.AnswerMilliseconds();
        var messages = after.Messages - before.Messages;
        var seconds = Stopwatch.GetElapsedTime(before.At, after.At).TotalSeconds;
        foreach (var (status, count) in driver.Refused) Console.Error.WriteLine($"{count} requests got {status}");
        return
        [
            ("steady load: minutes", seconds / 60, "F1"),
            ("deliveries/s (MESSAGEs answered)", messages / seconds, "F0"),
            ("server CPU, us per delivery", (after.Cpu - before.Cpu) * 1e6 / messages, "F2"),
            ("sender's 202 p50, ms", answer50, "F2"),
            ("sender's 202 p99, ms", answer99, "F2"),
            ("each participant p50, ms", each50, "F2"),
            ("each participant p99, ms", each99, "F2"),
            ("last participant p50, ms", last50, "F2"),
            ("last participant p99, ms", last99, "F2"),
            ("deliveries missing", deliveries.Missing(first + settled, events - settled), "F0"),
            ("allocated by the server, bytes per delivery", (after.Allocated - before.Allocated) / messages, "F0"),
            ("collections of generation 0, 1 and 2", after.All - before.All, "F0"),
            ("collections of generation 1 and 2", after.Older - before.Older, "F0"),
            ("collections of generation 2", after.Full - before.Full, "F0"),
            ("pauses above 20 ms", after.Long - before.Long, "F0"),
            ("pauses together, ms per s", (after.Paused - before.Paused) * 1_000 / seconds, "F2"),
            ("**longest pause, ms**", await longest, "F1"),
            ("resident memory, MiB", server.ResidentMebibytes(), "F0"),
        ];
    }

    private sealed record Reading(
        long At, double Cpu, long Messages, double Allocated, double All, double Older, double Full, double Long,
        double Paused);

    private async Task<Reading> ReadAsync()
    {
        var allocated = await server.MetricAsync("conference_as_gc_allocated_bytes_total");
        var all = await server.MetricAsync(Collections + "{generation=\"0\"}");
        var older = await server.MetricAsync(Collections + "{generation=\"1\"}");
        var full = await server.MetricAsync(Collections + "{generation=\"2\"}");
        var longer = await server.MetricAsync(Pauses + "_count")
            - await server.MetricAsync(Pauses + "_bucket{le=\"0.02\"}");
        var paused = await server.MetricAsync("conference_as_gc_pause_seconds_total");
        var cpu = server.CpuSeconds();
        return new Reading(
            Stopwatch.GetTimestamp(), cpu.User + cpu.System, deliveries.Messages, allocated, all, older, full, longer,
            paused);
    }

    private async Task<double> LongestPauseAsync(CancellationToken cancel)
    {
        var longest = 0.0;
        while (!cancel.IsCancellationRequested)
        {
            longest = Math.Max(longest, await server.MetricAsync("conference_as_gc_longest_pause_seconds") * 1_000);
            await Task.Delay(Look, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return Math.Max(longest, await server.MetricAsync("conference_as_gc_longest_pause_seconds") * 1_000);
    }

    private async Task SendAsync(int first, int events, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        for (var number = 0; number < events; number++)
        {
            var due = TimeSpan.FromSeconds(number / options.Rate) - watch.Elapsed;
            if (due > TimeSpan.Zero) await Task.Delay(due, cancel);
            _ = SendAsync(first + number, Random.Shared.Next(options.Conferences));
        }

        await Task.Delay(TimeSpan.FromSeconds(1), cancel); // The last ones arrive.
    }

    private Task<int> SendAsync(int number, int conference)
    {
        var body = Bodies.Line(number, options.BodyBytes);
        deliveries.NoteSent(number);
        return driver.SendAsync(body, MillionStore.Conference(conference), MillionStore.Chair(conference));
    }
}
