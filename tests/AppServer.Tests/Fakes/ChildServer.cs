using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace AppServer.Tests.Fakes;

/// <summary>The built server as a process of its own, on free ports.</summary>
internal sealed class ChildServer : IDisposable
{
    internal const string Password = "only-for-tests";
    internal const string SigInt = "-INT";
    internal const string SigTerm = "-TERM";

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    private ChildServer(string folder, string[] arguments)
    {
        ReadyFile = Path.Combine(folder, "ready.json");
        var config = Directory.CreateDirectory(Path.Combine(folder, "config")).FullName;
        File.WriteAllText(
            Path.Combine(config, "users.json"),
            $$"""{ "users": [ { "name": "alice", "password": "{{Password}}" } ] }""");
        var server = Path.Combine(AppContext.BaseDirectory, "AppServer.dll");

        // A shell has its background jobs pass over SIGINT, their children inherit that, and .NET respects it.
        _process = Process.Start(new ProcessStartInfo("env", ["--default-signal=INT", "dotnet", server, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _errors = _process.StandardError.ReadToEndAsync();
    }

    internal string ReadyFile { get; }

    internal JsonElement Report { get; private set; }

    internal IPEndPoint Sip => new(IPAddress.Loopback, Report.GetProperty("sip")[0].GetProperty("port").GetInt32());

    internal Uri Admin => new(Report.GetProperty("admin").GetString()!);

    /// <summary>Starts a server that is expected to become ready.</summary>
    internal static async Task<ChildServer> StartAsync(string folder, params string[] arguments)
    {
        var server = new ChildServer(folder,
            ["--sip-port=0", "--http-port=0", "--admin-port=0", "--ready-file=ready.json", .. arguments]);
        var since = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!File.Exists(server.ReadyFile))
        {
            if (server._process.HasExited || Stopwatch.GetElapsedTime(since) > Deadline)
                throw new InvalidOperationException((await server.EndAsync()).ToString());
            await timer.WaitForNextTickAsync();
        }

        server.Report = JsonDocument.Parse(await File.ReadAllBytesAsync(server.ReadyFile)).RootElement.Clone();
        return server;
    }

    /// <summary>Runs a server that is expected to end by itself.</summary>
    internal static async Task<ChildEnd> RunAsync(string folder, params string[] arguments)
    {
        using var server = new ChildServer(folder, arguments);
        return await server.EndAsync();
    }

    /// <summary>Sends a signal.</summary>
    internal void Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, $"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Waits for the end.</summary>
    internal async Task<ChildEnd> EndAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        return new ChildEnd(_process.ExitCode, await _output, await _errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}

/// <summary>How a server ended.</summary>
internal sealed record ChildEnd(int ExitCode, string Output, string Errors);
