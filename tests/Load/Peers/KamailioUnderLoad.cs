using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Load.Peers;

/// <summary>Kamailio with its imc module (Debian package kamailio): one room with all members, each a transaction.
/// </summary>
internal sealed class KamailioUnderLoad : IServerUnderLoad
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(100);
    private const int FaultsKept = 1_000;

    private static readonly TimeSpan SettlesIn = TimeSpan.FromMilliseconds(500);

    private readonly Process _process;
    private readonly string _folder;
    private readonly ConcurrentQueue<string> _faults;

    private KamailioUnderLoad(Process process, KamailioOptions options, ConcurrentQueue<string> faults)
    {
        (_process, _folder, _faults) = (process, options.Folder, faults);
        Sip = new IPEndPoint(IPAddress.Loopback, options.Port);
        // A run that is ended from outside leaves no server behind.
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
    }

    /// <inheritdoc/>
    public IPEndPoint Sip { get; }

    /// <inheritdoc/>
    public string ContentType => "text/plain";

    internal static async Task<KamailioUnderLoad> StartAsync(
        LoadOptions load, IPEndPoint nextHop, CancellationToken cancel)
    {
        var program = Find() ?? throw new FileNotFoundException("kamailio is not installed (Debian package kamailio).");
        var options = new KamailioOptions
        {
            Port = FreePort(),
            Folder = Directory.CreateTempSubdirectory("conference-peer-").FullName,
            NextHop = nextHop,
            IsTcp = load.IsTcp,
            IsTuned = load.Peer == Peer.KamailioTuned,
            Workers = load.PeerWorkers,
        };
        var file = await WriteFilesAsync(options, load.Members, cancel);
        var start = new ProcessStartInfo(program, KamailioConfiguration.Arguments(options, file))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        var faults = new ConcurrentQueue<string>();
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => Note(faults, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var server = new KamailioUnderLoad(process, options, faults);
        try
        {
            await server.AwaitAnswerAsync(cancel);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public byte[] EventBody(int number, int bytes) => Bodies.Text(number, bytes);

    /// <inheritdoc/>
    public Task PrepareAsync(Driver driver, Deliveries deliveries, CancellationToken cancel) => Task.CompletedTask;

    /// <inheritdoc/>
    public (double User, double System) CpuSeconds() => ProcessTree.CpuSeconds(_process.Id);

    /// <inheritdoc/>
    public double MemoryMebibytes() => ProcessTree.ProportionalMebibytes(_process.Id);

    /// <inheritdoc/>
    public Task<double> AllocatedBytesAsync() => Task.FromResult(double.NaN);

    public ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        var faults = _faults.ToArray(); // What its processes say of each other while they are killed is of no interest.
        Stop();
        _process.Dispose();
        if (faults.Length > 0)
            Console.Error.WriteLine($"kamailio logged {faults.Length} errors or more, such as: {faults[0]}");
        return ValueTask.CompletedTask;
    }

    private void OnProcessExit(object? sender, EventArgs end) => Stop();

    // Killed: imc writes its rooms at an orderly end, which nobody needs here, and may crash while it does.
    private void Stop()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task AwaitAnswerAsync(CancellationToken cancel)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var request = Encoding.ASCII.GetBytes(
            $"OPTIONS sip:{Sip} SIP/2.0\r\nVia: SIP/2.0/UDP {socket.LocalEndPoint};branch=z9hG4bKup\r\n"
            + $"Max-Forwards: 70\r\nFrom: <{Driver.Chair}>;tag=up\r\nTo: <sip:{Sip}>\r\nCall-ID: up\r\n"
            + "CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n");
        var answer = new byte[2_048];
        while (true)
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException(
                    $"Kamailio ended with {_process.ExitCode}: {string.Join('\n', _faults)}");
            }

            using var again = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            again.CancelAfter(AskAgainAfter);
            try
            {
                await socket.SendToAsync(request, Sip, cancel);
                await socket.ReceiveFromAsync(answer, Sip, again.Token);
                break;
            }
            catch (Exception early) when (early is SocketException or OperationCanceledException
                && !cancel.IsCancellationRequested)
            {
                // Nobody listens yet.
            }
        }

        await Task.Delay(SettlesIn, cancel); // Its last processes are forked.
    }

    private static async Task<string> WriteFilesAsync(KamailioOptions options, int members, CancellationToken cancel)
    {
        var tables = Directory.CreateDirectory(Path.Combine(options.Folder, "db")).FullName;
        var uris = Participants.Names(members).Select(name => $"sip:{name}@conf.example");
        foreach (var (name, rows) in KamailioConfiguration.Tables(Driver.Conference, Driver.Chair, uris))
            await File.WriteAllTextAsync(Path.Combine(tables, name), rows, cancel);
        var file = Path.Combine(options.Folder, "kamailio.cfg");
        await File.WriteAllTextAsync(file, KamailioConfiguration.Render(options), cancel);
        return file;
    }

    private static void Note(ConcurrentQueue<string> faults, string? line)
    {
        if (line is null || faults.Count >= FaultsKept) return;
        if (line.Contains("ERROR", StringComparison.Ordinal) || line.Contains("CRITICAL", StringComparison.Ordinal)
            || line.Contains("BUG", StringComparison.Ordinal))
        {
            faults.Enqueue(line);
        }
    }

    // Programs for administrators are not in everybody's PATH.
    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Concat(["/usr/sbin", "/usr/local/sbin"])
        .Select(folder => Path.Combine(folder, "kamailio"))
        .FirstOrDefault(File.Exists);

    private static int FreePort()
    {
        var (udp, tcp) = Sink.BindBoth();
        using (udp)
        using (tcp) return ((IPEndPoint)udp.LocalEndPoint!).Port;
    }
}
