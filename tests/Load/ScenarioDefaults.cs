namespace Load;

/// <summary>What a scenario measures when nothing else is asked for.</summary>
internal static class ScenarioDefaults
{
    internal static LoadOptions For(string[] args)
    {
        var at = Array.IndexOf(args, "--scenario");
        var name = at >= 0 && at + 1 < args.Length ? args[at + 1] : "";
        var options = new LoadOptions();
        return name switch
        {
            // 68 s: a little longer than it takes to park the dead ones.
            "failing" => options with
            {
                Warmup = 600, Settle = TimeSpan.FromSeconds(10), Events = 1_360, Loss = 0.01,
            },
            // Events missed while away: they fit into one MESSAGE.
            "comeback" => options with { Warmup = 300, Events = 100 },
            "fairness" => options with
            {
                Members = 50_000, Conferences = 100, Rate = 1, Warmup = 10, Events = 15,
                MaxTime = TimeSpan.FromSeconds(180),
            },
            "batching" => options with
            {
                Rate = 100, Warmup = 300, Events = 1_500, RoundTrip = TimeSpan.FromMilliseconds(50),
            },
            "priority" => options with
            {
                Conferences = 50, Rate = 100, Warmup = 20, Events = 2_500, RoundTrip = TimeSpan.FromMilliseconds(50),
            },
            // Its steps take 75 s, the last answers up to 36 s more, and many conferences are made before.
            "overload" => options with { MaxTime = TimeSpan.FromSeconds(240) },
            "garbage" => options with { Warmup = 1_000, Settle = TimeSpan.FromSeconds(30) },
            _ => options,
        };
    }
}
