using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Diagnostics.NETCore.Client;

namespace Load;

/// <summary>The server in its own process, with what the operating system says about it.</summary>
internal sealed class ServerUnderLoad : IServerUnderLoad
{
    private const string Allocated = "conference_as_gc_allocated_bytes_total";
    private const string Token = "load-load-load-load";

    private readonly Process _process;
    private readonly string _folder;
    private int _hasEnded;

    private ServerUnderLoad(Process process, string folder)
    {
        _process = process;
        _folder = folder;
        // A run that is ended from outside, or by a fault of its own, leaves no server behind.
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        AppDomain.CurrentDomain.UnhandledException += OnProcessExit;
    }

    /// <inheritdoc/>
    public IPEndPoint Sip { get; private set; } = new(IPAddress.None, 0);

    /// <inheritdoc/>
    public string ContentType => Driver.ConferenceXml;

    /// <summary>Base URL of the admin listener.</summary>
    internal string Admin { get; private set; } = "";

    internal int ProcessId => _process.Id;

    internal static async Task<ServerUnderLoad> StartAsync(
        LoadOptions options, IPEndPoint nextHop, object[] conferences, CancellationToken cancel,
        string? dataFolder = null)
    {
        var folder = Directory.CreateTempSubdirectory("conference-load-").FullName;
        ServerUnderLoad? server = null;
        try
        {
            var conferencesFile = Path.Combine(folder, "conferences.json");
            await File.WriteAllTextAsync(
                conferencesFile, JsonSerializer.Serialize(new { conferences }, JsonSerializerOptions.Web), cancel);
            var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
            foreach (var argument in await ArgumentsAsync(options, nextHop, folder, dataFolder, cancel))
                start.ArgumentList.Add(argument);
            foreach (var (name, value) in options.ServerEnvironment) start.Environment[name] = value;
            server = new ServerUnderLoad(Process.Start(start)!, folder);
            await server.AwaitReadyAsync(cancel);
            return server;
        }
        catch
        {
            if (server is not null) server.End();
            else Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    private static async Task<string[]> ArgumentsAsync(
        LoadOptions options, IPEndPoint nextHop, string folder, string? dataFolder, CancellationToken cancel)
    {
        var transport = options.IsTcp ? "tcp" : "udp";
        string[] mode = ["--Server:Mode=Ims", "--Ims:TrustedPeers:0=127.0.0.0/8",
            $"--Ims:ScscfRoute=sip:{nextHop};transport={transport};lr", "--Links:CoreOutstandingMax=2000",
            "--Links:StreamBodyBytesMax=1048576"];
        if (options.HasStreamEach) mode = ["--Server:Mode=Standalone", await WriteUsersAsync(options, folder, cancel)];
        return
        [
            options.Server,
            "--Server:Domain=conf.example",
            $"--Server:DataDirectory={dataFolder ?? Path.Combine(folder, "data")}",
            "--Sip:Port=0", "--Http:Port=0", "--Admin:Port=0", $"--Admin:Token={Token}",
            $"--Provisioning:ConferencesFile={Path.Combine(folder, "conferences.json")}",
            $"--Store:Kind={options.Store}",
            "--Focus:MembersMax=100000",
            "--Focus:SenderRequestsPerSecond=1000000",
            "--Focus:SenderBurst=1000000",
            "--Log:Level=Warning",
            $"--ready-file={ReadyFile(folder)}",
            .. mode,
            .. options.ServerOptions,
        ];
    }

    private static string ReadyFile(string folder) => Path.Combine(folder, "ready.json");

    private async Task AwaitReadyAsync(CancellationToken cancel)
    {
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { Length: > 0 } text && text.Contains("\"LogLevel\"", StringComparison.Ordinal))
                Console.Error.WriteLine(text);
        };
        _process.BeginOutputReadLine();
        var ready = ReadyFile(_folder);
        while (!File.Exists(ready))
        {
            if (_process.HasExited) throw new InvalidOperationException($"The server ended with {_process.ExitCode}.");
            await Task.Delay(20, cancel);
        }

        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(ready, cancel));
        Sip = ReadSip(document.RootElement);
        Admin = document.RootElement.GetProperty("admin").GetString()!;
    }

    private static async Task<string> WriteUsersAsync(LoadOptions options, string folder, CancellationToken cancel)
    {
        var users = Participants.Names(options.Members).Append(Participants.Chair)
            .Select(name => new { name, password = Participants.Password });
        var file = Path.Combine(folder, "users.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new { users }, JsonSerializerOptions.Web), cancel);
        return $"--Standalone:UsersFile={file}";
    }

    /// <inheritdoc/>
    public byte[] EventBody(int number, int bytes) => Bodies.Operation(number, bytes);

    /// <inheritdoc/>
    public async Task PrepareAsync(Driver driver, Deliveries deliveries, CancellationToken cancel)
    {
        await FanoutScenario.ExpectAsync(driver.SendAsync(Bodies.Document()), "document");
        await FanoutScenario.ExpectAsync(driver.SendAsync(Bodies.SharePage(1_000)), "page");
        await FanoutScenario.WaitQuietAsync(deliveries, cancel);
    }

    /// <inheritdoc/>
    public (double User, double System) CpuSeconds() => ProcessTree.CpuSeconds(_process.Id);

    /// <inheritdoc/>
    public double MemoryMebibytes() => ResidentMebibytes();

    /// <inheritdoc/>
    public Task<double> AllocatedBytesAsync() => MetricAsync(Allocated);

    /// <summary>Resident memory in MiB. It is one process, so that nothing counts twice.</summary>
    internal double ResidentMebibytes() => ProcessTree.ResidentMebibytes(_process.Id);

    /// <summary>CPU so far of the threads whose name begins so.</summary>
    internal (double User, double System) CpuSecondsOf(string threads) =>
        ProcessTree.CpuSecondsOfThreads(_process.Id, threads);

    /// <summary>One value from the server's metrics; 0 when it is not there.</summary>
    internal async Task<double> MetricAsync(string name)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        var text = await http.GetStringAsync(new Uri($"{Admin}/metrics"));
        return text.Split('\n')
            .Where(l => l.StartsWith(name, StringComparison.Ordinal) && l.Length > name.Length
                && (name.EndsWith('}') || l[name.Length] is ' ' or '{'))
            .Sum(l => double.Parse(l[(l.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    /// <summary>All of the server's metrics, by name with labels.</summary>
    internal async Task<Dictionary<string, double>> MetricsAsync()
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        var text = await http.GetStringAsync(new Uri($"{Admin}/metrics"));
        return text.Split('\n').Where(line => line.Length > 0 && line[0] != '#').ToDictionary(
            line => line[..line.LastIndexOf(' ')],
            line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    /// <summary>Has the server collect all garbage, the way heap dumps are begun: what is left is in use. Costs it some
    /// MiB of native memory, so resident memory is read before.</summary>
    internal async Task CollectAsync(CancellationToken cancel)
    {
        const long CollectHeap = 0x800000; // GCHeapCollectKeyword
        const string Full = "conference_as_gc_collections_total{generation=\"2\"}";
        var before = await MetricAsync(Full);
        var collect = new EventPipeProvider(
            "Microsoft-Windows-DotNETRuntime", EventLevel.Informational, CollectHeap);
        var client = new DiagnosticsClient(ProcessId);
        using var session = await client.StartEventPipeSessionAsync([collect], requestRundown: false, token: cancel);
        while (await MetricAsync(Full) == before) await Task.Delay(100, cancel);
        var rest = session.EventStream.CopyToAsync(Stream.Null, cancel);
        await session.StopAsync(cancel);
        await rest;
    }

    /// <summary>Ends it at once: a server with a million MESSAGEs out would wait for their answers.</summary>
    internal void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            using var wait = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            try
            {
                await _process.WaitForExitAsync(wait.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
            }
        }

        End();
    }

    private void OnProcessExit(object? sender, EventArgs end) => End();

    /// <summary>Kills it if it still runs, and removes its folder.</summary>
    private void End()
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) != 0) return;
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        AppDomain.CurrentDomain.UnhandledException -= OnProcessExit;
        _process.Kill(); // Does nothing to one that has ended.
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static IPEndPoint ReadSip(JsonElement ready)
    {
        var first = ready.GetProperty("sip")[0];
        return new IPEndPoint(
            IPAddress.Parse(first.GetProperty("address").GetString()!), first.GetProperty("port").GetInt32());
    }
}
