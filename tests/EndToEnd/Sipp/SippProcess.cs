using System.Diagnostics;
using System.Globalization;
using System.Net;
using Tests.Shared;
using Xunit;

namespace EndToEnd.Sipp;

/// <summary>What one run of SIPp is asked for.</summary>
/// <param name="Scenario">A file of the folder scenarios, without its ending.</param>
/// <param name="IsTcp">One stream for all calls, else UDP from one socket.</param>
/// <param name="Port">The local port.</param>
internal sealed record SippPlan(string Scenario, bool IsTcp, int Port)
{
    /// <summary>Where calls go to; null to wait for calls.</summary>
    internal IPEndPoint? Server { get; init; }

    /// <summary>One call for each line (fields separated by semicolons).</summary>
    internal IReadOnlyList<string> Calls { get; init; } = [];

    internal int CallsPerSecond { get; init; } = 50;

    /// <summary>Values of keywords such as [domain].</summary>
    internal IReadOnlyDictionary<string, string> Keys { get; init; } = new Dictionary<string, string>();

    /// <summary>The digest uri, without its scheme.</summary>
    internal string? AuthenticationUri { get; init; }

    /// <summary>How Call-IDs are made: %u is the number of the call, %p of the process.</summary>
    internal string CallId { get; init; } = "%u-%p@%s";

    /// <summary>The field that SIPp turns into an Authorization header.</summary>
    internal static string Authentication(string user) =>
        $"[authentication username={user} password={ServerUnderTest.Password}]";

    /// <summary>CSeq of the first request of each call.</summary>
    internal int FirstCSeq { get; init; } = 1;
}

/// <summary>SIPp as a child process on loopback. It drops 1 % of what it sends and of what it receives.</summary>
internal sealed class SippProcess : IAsyncDisposable
{
    /// <summary>For streams: nothing is sent again there, and what SIPp drops is found missing after 64 x T1 only.
    /// </summary>
    internal const string ShortT1 = "--Sip:T1=00:00:00.0500000";

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sipp-");
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    private SippProcess(SippPlan plan)
    {
        var start = new ProcessStartInfo("sipp", Arguments(plan))
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>What the scenario logged so far.</summary>
    internal byte[] Log => File.Exists(LogFile) ? File.ReadAllBytes(LogFile) : [];

    private string LogFile => Path.Combine(_folder.FullName, "log");

    /// <summary>Starts it; who waits for calls may still be opening its socket.</summary>
    internal static SippProcess Start(SippPlan plan) => new(plan);

    /// <summary>Runs all calls to their end, which has to be a good one for each.</summary>
    /// <returns>What the scenario logged, and how many messages were dropped.</returns>
    internal static async Task<(byte[] Log, int Lost)> RunAsync(SippPlan plan)
    {
        await using var sipp = Start(plan);
        await sipp._process.WaitForExitAsync().WaitAsync(Deadline);
        Assert.True(sipp._process.ExitCode == 0,
            $"sipp {plan.Scenario} ended with {sipp._process.ExitCode}\n{await sipp._output}\n{await sipp._errors}");
        return (sipp.Log, sipp.CountLost());
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        await Task.WhenAll(_output, _errors);
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    // The last line of the counts: semicolons, names in the first line.
    private int CountLost()
    {
        var lines = File.ReadAllLines(Assert.Single(_folder.GetFiles("*_counts.csv")).FullName);
        var values = lines[^1].Split(';');
        return lines[0].Split(';').Select((name, at) => (name, at))
            .Where(column => column.name.EndsWith("_Lost", StringComparison.Ordinal))
            .Sum(column => int.Parse(values[column.at], CultureInfo.InvariantCulture));
    }

    private List<string> Arguments(SippPlan plan)
    {
        var scenario = Path.Combine(RepositoryRoot.Path, "tests/EndToEnd/Sipp/scenarios", plan.Scenario + ".xml");
        File.Copy(scenario, Path.Combine(_folder.FullName, plan.Scenario + ".xml")); // It writes beside the scenario.
        List<string> arguments =
        [
            "-sf", plan.Scenario + ".xml", "-i", "127.0.0.1", "-p", Text(plan.Port), "-t", plan.IsTcp ? "t1" : "u1",
            "-lost", "1", "-nostdin", "-buff_size", "1048576", "-trace_logs", "-log_file", "log", "-cid_str",
            plan.CallId, "-base_cseq", Text(plan.FirstCSeq),

            // An answer that comes late, to what was begun anew meanwhile, ends no call; nor does a machine that gives
            // SIPp no processor for half a second, 120 times.
            "-default_behaviors", "all,-abortunexp", "-watchdog_interval", "0",
        ];
        foreach (var (name, value) in plan.Keys) arguments.AddRange(["-key", name, value]);
        if (plan.AuthenticationUri is { } uri) arguments.AddRange(["-auth_uri", uri]);
        if (plan.Server is not { } server) return arguments;

        File.WriteAllLines(Path.Combine(_folder.FullName, "calls.csv"), ["SEQUENTIAL", .. plan.Calls]);
        var count = Text(plan.Calls.Count);
        arguments.AddRange(
        [
            server.ToString(), "-inf", "calls.csv", "-m", count, "-l", count, "-r", Text(plan.CallsPerSecond),
            "-timeout", "150s", "-timeout_error", "-trace_counts",
        ]);
        return arguments;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
