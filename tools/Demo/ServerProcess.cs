using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Demo;

/// <summary>The real server as a child process on free ports, with data and users of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Task _log;

    private ServerProcess(Process process, Task log) => (_process, _log) = (process, log);

    /// <summary>Domain of users and conferences.</summary>
    public required string Domain { get; init; }

    /// <summary>Where conferences are created.</summary>
    public required string FactoryUri { get; init; }

    /// <summary>The SIP address, UDP and TCP.</summary>
    public required IPEndPoint Sip { get; init; }

    /// <summary>Where it serves files, as a URI.</summary>
    public required string Http { get; init; }

    /// <summary>Starts the server and waits until it says that it is ready.</summary>
    /// <param name="server">The built AppServer.dll.</param>
    /// <param name="folder">For configuration, data, log.</param>
    /// <param name="users">Names and passwords.</param>
    /// <param name="cancel">Ends the wait and the server.</param>
    public static async Task<ServerProcess> StartAsync(
        string server, string folder, IReadOnlyDictionary<string, string> users, CancellationToken cancel)
    {
        var config = Directory.CreateDirectory(Path.Combine(folder, "config")).FullName;
        var ready = Path.Combine(folder, "ready.json");
        await File.WriteAllTextAsync(Path.Combine(config, "appserver.json"), "{}\n", cancel);
        await File.WriteAllTextAsync(Path.Combine(config, "users.json"), JsonSerializer.Serialize(
            new { users = users.Select(user => new { name = user.Key, password = user.Value }) }), cancel);
        var start = new ProcessStartInfo("dotnet",
        [
            server, "--sip-port", "0", "--http-port", "0", "--admin-port", "0", "--data",
            Path.Combine(folder, "data"), "--ready-file", ready, "--Provisioning:ConferencesFile=",
            "--Lifetime:DrainDeadline=00:00:03", // one participant is dead: waiting longer for it gains nothing
        ])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        var log = CopyAsync(process, Path.Combine(folder, "server.log"));
        try
        {
            await WaitForFileAsync(ready, process, cancel);
            var report = JsonDocument.Parse(await File.ReadAllBytesAsync(ready, cancel)).RootElement;
            var udp = report.GetProperty("sip").EnumerateArray()
                .First(address => address.GetProperty("transport").GetString() == "udp");
            return new ServerProcess(process, log)
            {
                Domain = report.GetProperty("domain").GetString()!,
                FactoryUri = report.GetProperty("factoryUri").GetString()!,
                Http = report.GetProperty("http").GetString()!,
                Sip = new IPEndPoint(
                    IPAddress.Parse(udp.GetProperty("address").GetString()!), udp.GetProperty("port").GetInt32()),
            };
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            await log;
            process.Dispose();
            throw;
        }
    }

    /// <summary>Tells it to drain and waits for its end.</summary>
    /// <returns>Its exit status.</returns>
    public async Task<int> StopAsync()
    {
        if (!_process.HasExited) _ = Signal(_process.Id, 15); // SIGTERM
        using var deadline = new CancellationTokenSource(StopDeadline);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        await _log;
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await StopAsync();
        _process.Dispose();
    }

    private static async Task WaitForFileAsync(string file, Process process, CancellationToken cancel)
    {
        var since = Stopwatch.GetTimestamp();
        while (!File.Exists(file))
        {
            if (process.HasExited) throw new DemoException($"the server ended with {process.ExitCode}; see server.log");
            if (Stopwatch.GetElapsedTime(since) > StartDeadline) throw new DemoException("the server is not ready");
            await Task.Delay(50, cancel);
        }
    }

    private static async Task CopyAsync(Process process, string file)
    {
        await using var log = File.CreateText(file);
        using var gate = new SemaphoreSlim(1);
        await Task.WhenAll(CopyLinesAsync(process.StandardOutput), CopyLinesAsync(process.StandardError));

        async Task CopyLinesAsync(StreamReader from)
        {
            while (await from.ReadLineAsync() is { } line)
            {
                await gate.WaitAsync();
                await log.WriteLineAsync(line);
                await log.FlushAsync();
                gate.Release();
            }
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int processId, int signal);
}
