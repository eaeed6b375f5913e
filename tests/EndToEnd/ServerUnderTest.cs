using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using Tests.Shared;

namespace EndToEnd;

/// <summary>The real server in a process of its own, from the build output beside the tests: free ports, its own data,
/// users user1 to user20. Can be killed and started again on the same ports with the same data.</summary>
/// <remarks>A store that is slow for a moment, as on a busy machine, is answered with 503 all the same: clients repeat
/// what was answered so.</remarks>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    internal const string Password = "only-for-tests";

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    // As patient as options may be. What is given to StartAsync comes later and counts.
    private static readonly string[] Patient =
    [
        "--Store:Sqlite:CallTimeout=00:00:01.5000000", "--Store:Redis:CallTimeout=00:00:01.5000000",
        "--Focus:AskTimeout=00:00:01.9000000", "--FrontDoor:AnswerTimeout=00:00:02",
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("conference-e2e-");
    private readonly string[] _options;
    private Process? _process;
    private Task _log = Task.CompletedTask;
    private readonly int _sipPort = FreePort.Take();
    private readonly int _httpPort = FreePort.Take();

    private ServerUnderTest(string[] options) => _options = options;

    internal string Domain { get; private set; } = string.Empty;

    internal string FactoryUri { get; private set; } = string.Empty;

    /// <summary>UDP and TCP.</summary>
    internal IPEndPoint Sip { get; private set; } = new(IPAddress.Loopback, 0);

    internal string Http { get; private set; } = string.Empty;

    internal string Admin { get; private set; } = string.Empty;

    internal int ProcessId => _process!.Id;

    internal string LogFile => Path.Combine(_folder.FullName, "server.log");

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="options">More command line, such as <c>--Log:Level=Debug</c>.</param>
    internal static Task<ServerUnderTest> StartAsync(params string[] options) => StartAsync(users: 20, options);

    /// <summary>As the other, with more users.</summary>
    internal static async Task<ServerUnderTest> StartAsync(int users, params string[] options)
    {
        var server = new ServerUnderTest(options);
        var config = server._folder.CreateSubdirectory("config").FullName;
        var file = new
        {
            users = Enumerable.Range(1, users).Select(number => new { name = $"user{number}", password = Password }),
        };
        await File.WriteAllTextAsync(Path.Combine(config, "appserver.json"), "{}");
        await File.WriteAllTextAsync(Path.Combine(config, "users.json"), JsonSerializer.Serialize(file));
        await server.StartProcessAsync();
        return server;
    }

    /// <summary>SIGKILL: nothing can be finished or written any more.</summary>
    internal async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        await _log;
        _process.Dispose();
    }

    /// <summary>Starts it again, as it was.</summary>
    internal Task RestartAsync() => StartProcessAsync();

    /// <summary>SIGTERM; waits for the drain.</summary>
    /// <returns>The exit status.</returns>
    internal async Task<int> StopAsync()
    {
        _ = Signal(_process!.Id, 15);
        await _process.WaitForExitAsync().WaitAsync(Deadline);
        await _log;
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) await KillAsync();
        _process?.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task StartProcessAsync()
    {
        var ready = Path.Combine(_folder.FullName, "ready.json");
        File.Delete(ready);
        var start = new ProcessStartInfo("dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "AppServer.dll"), $"--sip-port={_sipPort}",
            $"--http-port={_httpPort}", "--admin-port=0", $"--data={Path.Combine(_folder.FullName, "data")}",
            $"--ready-file={ready}", "--Provisioning:ConferencesFile=", .. Patient, .. _options,
        ])
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _log = Task.WhenAll(
            CopyAsync(_process.StandardOutput, LogFile), CopyAsync(_process.StandardError, LogFile + ".err"));
        var since = Stopwatch.GetTimestamp();
        while (!File.Exists(ready))
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(since) > Deadline) await FailAsync();
            await Task.Delay(20);
        }

        Take(JsonDocument.Parse(await File.ReadAllBytesAsync(ready)).RootElement);
    }

    private void Take(JsonElement report)
    {
        var udp = report.GetProperty("sip").EnumerateArray()
            .First(address => address.GetProperty("transport").GetString() == "udp");
        Sip = new IPEndPoint(
            IPAddress.Parse(udp.GetProperty("address").GetString()!), udp.GetProperty("port").GetInt32());
        Domain = report.GetProperty("domain").GetString()!;
        FactoryUri = report.GetProperty("factoryUri").GetString()!;
        Http = report.GetProperty("http").GetString()!;
        Admin = report.GetProperty("admin").GetString()!;
    }

    private async Task FailAsync()
    {
        if (!_process!.HasExited) _process.Kill();
        await _log;
        throw new InvalidOperationException(
            $"The server did not start: {await File.ReadAllTextAsync(LogFile)}"
            + await File.ReadAllTextAsync(LogFile + ".err"));
    }

    private static async Task CopyAsync(StreamReader from, string file)
    {
        await using var log = new StreamWriter(file, append: true) { AutoFlush = true };
        while (await from.ReadLineAsync() is { } line) await log.WriteLineAsync(line);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int processId, int signal);
}
