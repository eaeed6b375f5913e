namespace Load;

/// <summary>A hundred small conferences, alone and beside a huge one, all behind one next hop.</summary>
internal static class FairnessScenario
{
    private const int Small = 10;

    internal static async Task<Report> RunAsync(LoadOptions options)
    {
        // Each phase has as many events of each conference as are asked for.
        var (alone, both) = (options.Warmup..(options.Warmup + options.Events),
            (options.Warmup + options.Events)..(options.Warmup + (2 * options.Events)));
        // The huge one is silent in the first phase; each of its marks takes an earlier one away.
        var ofHuge = alone;
        var huge = new Audience("huge", 1, options.Members, ofHuge.End.Value) { IsSeeded = true };
        Audience[] small =
        [
            .. Enumerable.Range(0, options.Conferences).Select(i => new Audience(
                $"small-{i}", options.Members + 1 + (i * Small), Small, both.End.Value)),
        ];
        using var store = await SeededStore.CreateAsync(huge);
        await using var stage = await Stage.StartAsync(
            options, new Hop([huge, .. small], options.Seed), $"--Store:Sqlite:Folder={store.Folder}");
        await stage.WarmUpAsync(huge, ..options.Warmup, options.BodyBytes);
        foreach (var one in small) await stage.WarmUpAsync(one, ..options.Warmup, options.BodyBytes);

        var before = stage.Measure();
        await PlayAsync(alone, withHuge: false);
        var costAlone = stage.Measure().From(before);
        before = stage.Measure();
        await PlayAsync(both, withHuge: true);
        await stage.CatchUpAsync(huge, ofHuge);
        var costBoth = stage.Measure().From(before);
        var (eachAlone, lastAlone) = (Each(alone), Last(alone));
        var (eachBoth, lastBoth) = (Each(both), Last(both));
        var (hugeEach, hugeLast) = (huge.Each(ofHuge), huge.Last(ofHuge));
        return new Report(
        [
            ("members of the huge conference", options.Members, "F0"),
            ("conferences of 10 beside it", options.Conferences, "F0"),
            ("small, alone: each p50, ms", Deliveries.At(eachAlone, 0.5), "F2"),
            ("small, alone: each p99, ms", Deliveries.At(eachAlone, 0.99), "F2"),
            ("small, alone: last of a conference p99, ms", Deliveries.At(lastAlone, 0.99), "F2"),
            ("small, beside the huge one: each p50, ms", Deliveries.At(eachBoth, 0.5), "F2"),
            ("small, beside the huge one: each p99, ms", Deliveries.At(eachBoth, 0.99), "F2"),
            ("small, beside the huge one: last of a conference p99, ms", Deliveries.At(lastBoth, 0.99), "F2"),
            ("**ratio of p50**", Deliveries.At(eachBoth, 0.5) / Deliveries.At(eachAlone, 0.5), "F2"),
            ("**ratio of p99**", Deliveries.At(eachBoth, 0.99) / Deliveries.At(eachAlone, 0.99), "F2"),
            ("huge: each p50, ms", Deliveries.At(hugeEach, 0.5), "F1"),
            ("huge: last member p50, ms", Deliveries.At(hugeLast, 0.5), "F1"),
            ("huge: last member p99, ms", Deliveries.At(hugeLast, 0.99), "F1"),
            ("events missing", small.Sum(one => one.Missing(both)) + huge.Missing(ofHuge), "F0"),
            ("events twice", small.Sum(one => one.Twice(both)) + huge.Twice(ofHuge), "F0"),
            ("server CPU alone, us per delivery", costAlone.CpuSeconds * 1e6 / costAlone.Messages, "F2"),
            ("server CPU with the huge one, us per delivery", costBoth.CpuSeconds * 1e6 / costBoth.Messages, "F2"),
            ("processors that the server used with the huge one", costBoth.CpuSeconds / costBoth.Seconds, "F2"),
            ("resident memory, MiB", stage.Server.ResidentMebibytes(), "F0"),
        ]);

        // The small ones one after the other within the time between two events of one of them.
        async Task PlayAsync(Range events, bool withHuge)
        {
            var apart = TimeSpan.FromSeconds(1 / options.Rate / small.Length);
            var cues = small.SelectMany((one, i) =>
                Stage.Marks(one, events, options.Rate, options.BodyBytes, i * apart));
            if (withHuge) cues = cues.Concat(Stage.Marks(huge, ofHuge, options.Rate, options.BodyBytes, apart / 2));
            await stage.PlayAsync(cues);
            foreach (var one in small) await stage.CatchUpAsync(one, events);
        }

        List<float> Each(Range events) => [.. small.SelectMany(one => one.Each(events))];
        List<float> Last(Range events) => [.. small.SelectMany(one => one.Last(events))];
    }
}
