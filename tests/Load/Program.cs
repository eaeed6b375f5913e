using Load;
using Load.Compare;
using Load.Floor;

LoadOptions? options;
try
{
    options = LoadOptions.Parse(args);
}
catch (FormatException fault)
{
    Console.Error.WriteLine(fault.Message);
    return 2;
}

if (options is null)
{
    Console.WriteLine(LoadOptions.Help);
    return 0;
}

if (options.Summarize is { } measured)
{
    Console.Write(new Summary(Measurement.Read(File.ReadLines(measured))).Render());
    return 0;
}

Func<LoadOptions, Task<Report>>? scenario = options.Scenario switch
{
    "fanout" => FanoutScenario.RunAsync,
    "page" => PageScenario.RunAsync,
    "idle" => IdleScenario.RunAsync,
    "floor" => FloorScenario.RunAsync,
    "failing" => FailingScenario.RunAsync,
    "comeback" => ComebackScenario.RunAsync,
    "fairness" => FairnessScenario.RunAsync,
    "batching" => BatchingScenario.RunAsync,
    "priority" => PriorityScenario.RunAsync,
    "million" => MillionScenario.RunAsync,
    "garbage" => GarbageScenario.RunAsync,
    "receive" => ReceiveScenario.RunAsync,
    "overload" => OverloadScenario.RunAsync,
    _ => null,
};
if (scenario is null || !File.Exists(options.Server))
{
    Console.Error.WriteLine(scenario is null
        ? $"No scenario {options.Scenario}."
        : $"No server at {options.Server}: build it first.");
    return 2;
}

var (reports, status) = (new List<Report>(), 0);
for (var i = 0; i < Math.Max(1, options.Repetitions); i++)
{
    try
    {
        reports.Add(await scenario(options));
    }
    catch (OperationCanceledException)
    {
        Console.Error.WriteLine($"Not done within {options.MaxTime.TotalSeconds:F0} s (--max-time).");
        status = 1;
        break; // What the repetitions before it have measured is still told.
    }

    if (options.Json is { } file) File.AppendAllText(file, Measurement.Of(options, reports[^1]).ToLine());
}

if (reports.Count == 0) return status;
Report.PrintHeader($"Load {string.Join(' ', args)}");
Report.PrintTable(reports);
return status;
