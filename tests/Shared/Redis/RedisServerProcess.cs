using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Tests.Shared.Redis;

/// <summary>A redis-server of the test's own: on a free port of this machine, with a temporary data folder, ended and
/// removed with the test. Keeps its data over <see cref="Kill"/> and <see cref="StartAsync"/>.</summary>
public sealed partial class RedisServerProcess : IAsyncDisposable
{
    private const int SignalKill = 9;
    private const int SignalContinue = 18;
    private const int SignalStop = 19;
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ReplyDeadline = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("redis-test-").FullName;
    private readonly string[] _settings;
    private string? _configuration; // of a Sentinel, which keeps its state in that file
    private Process? _process;

    private RedisServerProcess(string[] settings)
    {
        _settings = settings;
        Port = FreePort.Take();
    }

    /// <summary>Why these tests cannot run here; null when they can.</summary>
    public static string? MissingReason { get; } = Find() is null ? "redis-server is not installed" : null;

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>For the options of the store.</summary>
    public string Endpoint => $"127.0.0.1:{Port}";

    /// <summary>Starts a server.</summary>
    /// <param name="settings">More command line settings, such as <c>--appendfsync always</c>, each word apart.</param>
    public static async Task<RedisServerProcess> CreateAsync(params string[] settings)
    {
        var server = new RedisServerProcess(settings);
        await server.StartOrCleanUpAsync();
        return server;
    }

    /// <summary>Starts a Sentinel that watches a master. When that has died, <c>SENTINEL FAILOVER</c> promotes its
    /// replica; not the Sentinel by itself, to which a master on a busy machine may seem dead.</summary>
    public static async Task<RedisServerProcess> CreateSentinelAsync(
        string service, RedisServerProcess master, int quorum)
    {
        var server = new RedisServerProcess([]);
        server._configuration = Path.Combine(server._folder, "sentinel.conf");
        await File.WriteAllTextAsync(server._configuration,
            $"""
            port {server.Port}
            bind 127.0.0.1
            dir {server._folder}
            sentinel monitor {service} 127.0.0.1 {master.Port} {quorum}
            sentinel down-after-milliseconds {service} 600000
            sentinel failover-timeout {service} 20000

            """);
        await server.StartOrCleanUpAsync();
        return server;
    }

    /// <summary>Whether it takes writes now. One that becomes the master closes its clients' connections.</summary>
    public async Task<bool> IsMasterAsync()
    {
        try
        {
            return await CommandAsync("SET", "is-master", "1") == "+OK";
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Starts it (again), with the data it had, and waits until it answers.</summary>
    public async Task StartAsync()
    {
        var start = new ProcessStartInfo(Find()!)
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] words = _configuration is not null ? [_configuration, "--sentinel"] :
        [
            "--port", $"{Port}", "--bind", "127.0.0.1", "--dir", _folder, "--save", "", "--appendonly", "yes",
            "--appendfsync", "everysec", .. _settings,
        ];
        foreach (var word in words) start.ArgumentList.Add(word);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var since = Stopwatch.StartNew();
        while (!await AnswersAsync())
        {
            if (_process.HasExited || since.Elapsed > StartDeadline)
                throw new InvalidOperationException($"redis-server on port {Port} did not start.");
            await Task.Delay(20);
        }
    }

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        Signal(SignalKill);
        _process!.WaitForExit();
    }

    /// <summary>Stops it in its tracks, connections stay open.</summary>
    public void Freeze() => Signal(SignalStop);

    /// <summary>Lets it go on after <see cref="Freeze"/>.</summary>
    public void Thaw() => Signal(SignalContinue);

    /// <summary>Sends one command and gives the first line of the reply, such as <c>+OK</c>.</summary>
    public async Task<string> CommandAsync(params string[] words)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port);
        await using var stream = client.GetStream();
        var text = new StringBuilder($"*{words.Length}\r\n");
        foreach (var word in words) text.Append($"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n");
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()));
        using var reader = new StreamReader(stream);
        return await reader.ReadLineAsync().WaitAsync(ReplyDeadline) ?? string.Empty;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) Kill();
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task StartOrCleanUpAsync()
    {
        try
        {
            await StartAsync();
        }
        catch (Exception)
        {
            await DisposeAsync(); // the caller never gets it: nobody else would end the process
            throw;
        }
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            var reply = await CommandAsync("PING");
            return reply == "+PONG" || reply.StartsWith("-NOAUTH", StringComparison.Ordinal); // up, and wants a login
        }
        catch (Exception e) when (e is SocketException or IOException or TimeoutException)
        {
            return false;
        }
    }

    private void Signal(int signal)
    {
        if (SendSignal(_process!.Id, signal) != 0)
            throw new InvalidOperationException("redis-server cannot be signalled.");
    }

    private static string? Find() =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':')
            .Select(folder => Path.Combine(folder, "redis-server")).FirstOrDefault(File.Exists);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
