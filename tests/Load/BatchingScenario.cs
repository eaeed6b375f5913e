namespace Load;

/// <summary>More events than round trips: what comes while a MESSAGE is out leaves together.</summary>
/// <remarks>Three measurements with one server: few events without delay, which shows the size of a MESSAGE with one
/// event; the full rate without delay; the full rate with it.</remarks>
internal static class BatchingScenario
{
    private const double LowRate = 5;
    private const int LowEvents = 40;

    internal static async Task<Report> RunAsync(LoadOptions options)
    {
        var low = options.Warmup..(options.Warmup + LowEvents);
        var near = low.End..(low.End.Value + options.Events);
        var far = near.End..(near.End.Value + options.Events);
        var audience = new Audience("load", 1, options.Members, far.End.Value);
        var hop = new Hop([audience], options.Seed);
        await using var stage = await Stage.StartAsync(options, hop);
        await stage.WarmUpAsync(audience, ..options.Warmup, options.BodyBytes);
        var single = await PlayAsync(low, LowRate);
        var before = await PlayAsync(near, options.Rate);
        hop.RoundTrip = options.RoundTrip;
        var members = hop.Members(audience).ToArray();
        foreach (var member in members) (member.Messages, member.Arrivals, member.Overlaps) = (0, 0, 0);
        var with = await PlayAsync(far, options.Rate);
        var events = (double)options.Events * options.Members;
        var bytesSingle = single.Bytes / (LowEvents * options.Members);
        var perSecond = 1 / (options.Members * with.Seconds);
        var trips = with.Seconds / options.RoundTrip.TotalSeconds;
        var (nearTimes, farTimes) = (audience.Each(near), audience.Each(far));
        return new Report(
        [
            ("members", options.Members, "F0"),
            ("events/s", options.Rate, "F0"),
            ("round-trip time, ms", options.RoundTrip.TotalMilliseconds, "F0"),
            ("MESSAGEs per member and second", with.Messages * perSecond, "F2"),
            ("MESSAGEs per member and round trip, mean", with.Messages / options.Members / trips, "F2"),
            ("MESSAGEs per round trip to the member with most", members.Max(member => member.Messages) / trips, "F2"),
            ("two MESSAGEs to one member at a time", members.Sum(member => member.Overlaps), "F0"),
            ("events per MESSAGE", events / with.Messages, "F2"),
            ("MESSAGEs over a stream, being too large for a datagram, %", with.OverStreams / with.Messages * 100, "F0"),
            ("bytes of a MESSAGE with one event and its answer", bytesSingle, "F0"),
            ("bytes per member and second, one MESSAGE for each event", bytesSingle * options.Rate, "F0"),
            ("bytes per member and second, as sent", with.Bytes * perSecond, "F0"),
            ("**bytes as sent / one MESSAGE for each event**", with.Bytes / events / bytesSingle, "F2"),
            ("each member p50, ms", Deliveries.At(farTimes, 0.5), "F1"),
            ("each member p99, ms", Deliveries.At(farTimes, 0.99), "F1"),
            ("each member p50 without round-trip time, ms", Deliveries.At(nearTimes, 0.5), "F1"),
            ("each member p99 without round-trip time, ms", Deliveries.At(nearTimes, 0.99), "F1"),
            ("events per MESSAGE without round-trip time", events / before.Messages, "F2"),
            ("server CPU, us per event and member", with.CpuSeconds * 1e6 / events, "F2"),
            ("server CPU without round-trip time, us per event and member", before.CpuSeconds * 1e6 / events, "F2"),
            ("server CPU at 5 events/s, us per event and member",
                single.CpuSeconds * 1e6 / (LowEvents * options.Members), "F2"),
            ("events missing", audience.Missing(low.Start..far.End), "F0"),
            ("events twice", audience.Twice(low.Start..far.End), "F0"),
        ]);

        async Task<(double CpuSeconds, double Messages, double Bytes, double OverStreams, double Seconds)> PlayAsync(
            Range range, double rate)
        {
            var start = stage.Measure();
            await stage.PlayAsync(Stage.Marks(audience, range, rate, options.BodyBytes));
            await stage.CatchUpAsync(audience, range);
            return stage.Measure().From(start);
        }
    }
}
