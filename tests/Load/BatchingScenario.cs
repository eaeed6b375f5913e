namespace Load;

/// <summary>More events than round trips: what comes while a MESSAGE is out leaves together.</summary>
/// <remarks>A server whose members answer at once, and one whose members are a round-trip time away. The first also
/// gets few events, which shows the size of a MESSAGE with one event.</remarks>
internal static class BatchingScenario
{
    private const double LowRate = 5;
    private const int LowEvents = 40;

    internal static async Task<Report> RunAsync(LoadOptions options)
    {
        var near = await RunAsync(options, TimeSpan.Zero);
        var far = await RunAsync(options, options.RoundTrip);
        var events = (double)options.Events * options.Members;
        var lowEvents = (double)LowEvents * options.Members;
        var bytesSingle = near.Low.Bytes / lowEvents;
        var perSecond = 1 / (options.Members * far.Full.Seconds);
        var trips = far.Full.Seconds / options.RoundTrip.TotalSeconds;
        return new Report(
        [
            ("members", options.Members, "F0"),
            ("events/s", options.Rate, "F0"),
            ("round-trip time, ms", options.RoundTrip.TotalMilliseconds, "F0"),
            ("MESSAGEs per member and second", far.Full.Messages * perSecond, "F2"),
            ("MESSAGEs per member and round trip, mean", far.Full.Messages / options.Members / trips, "F2"),
            ("MESSAGEs per round trip to the member with most", far.MostMessages / trips, "F2"),
            ("two MESSAGEs to one member at a time", near.Overlaps + far.Overlaps, "F0"),
            ("events per MESSAGE", events / far.Full.Messages, "F2"),
            ("MESSAGEs over a stream, being too large for a datagram, %",
                far.Full.OverStreams / far.Full.Messages * 100, "F0"),
            ("bytes of a MESSAGE with one event and its answer", bytesSingle, "F0"),
            ("bytes per member and second, one MESSAGE for each event", bytesSingle * options.Rate, "F0"),
            ("bytes per member and second, as sent", far.Full.Bytes * perSecond, "F0"),
            ("**bytes as sent / one MESSAGE for each event**", far.Full.Bytes / events / bytesSingle, "F2"),
            ("each member p50, ms", far.P50, "F1"),
            ("each member p99, ms", far.P99, "F1"),
            ("each member p50 without round-trip time, ms", near.P50, "F1"),
            ("each member p99 without round-trip time, ms", near.P99, "F1"),
            ("events per MESSAGE without round-trip time", events / near.Full.Messages, "F2"),
            ("server CPU, us per event and member", far.Full.CpuSeconds * 1e6 / events, "F2"),
            ("server CPU without round-trip time, us per event and member",
                near.Full.CpuSeconds * 1e6 / events, "F2"),
            ("events missing", near.Missing + far.Missing, "F0"),
            ("events twice", near.Twice + far.Twice, "F0"),
        ]);
    }

    /// <param name="Low">Few events.</param>
    /// <param name="Full">All that are asked for.</param>
    /// <param name="P50">Milliseconds to each member.</param>
    /// <param name="P99">The same.</param>
    /// <param name="MostMessages">To one member.</param>
    /// <param name="Overlaps">MESSAGEs that left before the one before was answered.</param>
    /// <param name="Missing">Events times members.</param>
    /// <param name="Twice">The same.</param>
    private sealed record Measured(
        Spent Low, Spent Full, double P50, double P99, int MostMessages, int Overlaps, int Missing, int Twice);

    private static async Task<Measured> RunAsync(LoadOptions options, TimeSpan roundTrip)
    {
        var low = options.Warmup..(options.Warmup + LowEvents);
        var full = low.End..(low.End.Value + options.Events);
        var audience = new Audience("load", 1, options.Members, full.End.Value);
        var hop = new Hop([audience], options.Seed) { RoundTrip = roundTrip };
        await using var stage = await Stage.StartAsync(options, hop);
        await PlayAsync(..options.Warmup, options.Rate);
        var few = await PlayAsync(low, LowRate);
        var members = hop.Members(audience).ToArray();
        foreach (var member in members) member.Messages = 0;
        var all = await PlayAsync(full, options.Rate);
        var times = audience.Each(full);
        return new Measured(
            few, all, Deliveries.At(times, 0.5), Deliveries.At(times, 0.99), members.Max(member => member.Messages),
            members.Sum(member => member.Overlaps), audience.Missing(..), audience.Twice(..));

        async Task<Spent> PlayAsync(Range range, double rate)
        {
            var start = stage.Measure();
            await stage.PlayAsync(Stage.Marks(audience, range, rate, options.BodyBytes));
            await stage.CatchUpAsync(audience, range);
            return stage.Measure().From(start);
        }
    }
}
