using System.Diagnostics;

namespace Load;

/// <summary>One request that is sent at its time.</summary>
/// <param name="At">From the beginning of the play.</param>
/// <param name="To">Its conference; the chair sends it.</param>
/// <param name="Number">Of the event that it leads to.</param>
/// <param name="Body">What is sent.</param>
internal readonly record struct Cue(TimeSpan At, Audience To, int Number, byte[] Body);

/// <summary>A server with conferences, and the hop that all their members are behind.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private static readonly TimeSpan CatchUp = TimeSpan.FromSeconds(20);

    private readonly Sink _sink;
    private readonly Driver _driver;
    private readonly CancellationTokenSource _limit;

    private Stage(Hop hop, Sink sink, ServerUnderLoad server, Driver driver, CancellationTokenSource limit) =>
        (Hop, _sink, Server, _driver, _limit) = (hop, sink, server, driver, limit);

    internal Hop Hop { get; }

    internal ServerUnderLoad Server { get; }

    /// <summary>The end of the run, whatever has happened until then.</summary>
    internal CancellationToken Limit => _limit.Token;

    /// <summary>Starts a server, shares two small pages in each conference, and waits until all is quiet.</summary>
    /// <param name="options">Store, transport and so on.</param>
    /// <param name="hop">The members and how they behave. The stage owns it.</param>
    /// <param name="serverOptions">Of the scenario; those of the command line come after them and win.</param>
    internal static async Task<Stage> StartAsync(LoadOptions options, Hop hop, params string[] serverOptions)
    {
        var limit = new CancellationTokenSource(options.MaxTime);
        var sink = new Sink(options, new Deliveries(1, 1), hop);
        var all = options with { ServerOptions = [.. serverOptions, .. options.ServerOptions] };
        var server = await ServerUnderLoad.StartAsync(
            all, sink.Address, [.. hop.Audiences.Where(one => !one.IsSeeded).Select(one => one.Provisioned())],
            limit.Token);
        Stage? stage = null;
        try
        {
            stage = new Stage(hop, sink, server, new Driver(sink, server.Sip, options.IsTcp), limit);
            foreach (var audience in hop.Audiences) await stage.ShareAsync(audience);
            await stage.WaitQuietAsync();
            return stage;
        }
        catch
        {
            // A server must not outlive the run.
            if (stage is not null) await stage.DisposeAsync();
            else await server.DisposeAsync();
            throw;
        }
    }

    // The first request to a large conference may find it being read from the store: 503, and the same again.
    private async Task ShareAsync(Audience audience)
    {
        byte[][] bodies = [Bodies.Document(), Bodies.SharePage(1_000), Bodies.SharePage(1_000, number: 2)];
        foreach (var body in bodies)
        {
            while (await SendAsync(audience, body) is >= 300 and var status)
            {
                if (status != 503) throw new InvalidOperationException($"A page was refused with {status}.");
                await Task.Delay(500, Limit);
            }
        }
    }

    internal Task<int> SendAsync(Audience audience, byte[] body) =>
        _driver.SendAsync(body, audience.Conference, audience.Chair);

    /// <summary>One event after the other, each when all have the one before: compiles what the server needs.</summary>
    internal async Task WarmUpAsync(Audience audience, Range events, int bodyBytes)
    {
        var (from, count) = events.GetOffsetAndLength(audience.Events);
        var done = new TaskCompletionSource();
        void OnDone(int number) => Volatile.Read(ref done).TrySetResult();
        audience.EventDone += OnDone;
        for (var number = from; number < from + count; number++)
        {
            Volatile.Write(ref done, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            audience.NoteSent(number);
            await FanoutScenario.ExpectAsync(SendAsync(audience, Bodies.Operation(number, bodyBytes)), "mark");
            await done.Task.WaitAsync(Limit);
        }

        audience.EventDone -= OnDone;
    }

    /// <summary>Marks at a steady rate.</summary>
    internal static IEnumerable<Cue> Marks(
        Audience audience, Range events, double rate, int bodyBytes, TimeSpan begin = default)
    {
        var (from, count) = events.GetOffsetAndLength(audience.Events);
        return Enumerable.Range(0, count).Select(i => new Cue(
            begin + TimeSpan.FromSeconds(i / rate), audience, from + i, Bodies.Operation(from + i, bodyBytes)));
    }

    /// <summary>Sends each request at its time, answered or not.</summary>
    internal async Task PlayAsync(IEnumerable<Cue> cues)
    {
        var play = cues.OrderBy(cue => cue.At).ToArray();
        var watch = Stopwatch.StartNew();
        foreach (var cue in play)
        {
            var due = cue.At - watch.Elapsed;
            if (due > TimeSpan.FromMilliseconds(1)) await Task.Delay(due, Limit);
            cue.To.NoteSent(cue.Number);
            _ = SendAsync(cue.To, cue.Body);
        }
    }

    /// <summary>Waits until those who can have got these events, at most <see cref="CatchUp"/>: the rest is missing.
    /// </summary>
    internal async Task CatchUpAsync(Audience audience, Range events, Func<int, bool>? isMeant = null)
    {
        var watch = Stopwatch.StartNew();
        while (audience.Missing(events, isMeant) > 0 && watch.Elapsed < CatchUp) await Task.Delay(100, Limit);
    }

    /// <summary>Waits until nothing has arrived for half a second.</summary>
    internal async Task WaitQuietAsync()
    {
        long before;
        do
        {
            before = Hop.Messages;
            await Task.Delay(500, Limit);
        }
        while (Hop.Messages != before || before == 0);
    }

    internal Cost Measure() =>
        new(Server.CpuSeconds(), Hop.Messages, Hop.Bytes, Hop.OverStreams, Stopwatch.StartNew());

    public async ValueTask DisposeAsync()
    {
        foreach (var (status, count) in _driver.Refused) Console.Error.WriteLine($"{count} requests got {status}");
        _driver.Dispose();
        await Server.DisposeAsync();
        _sink.Dispose();
        Hop.Dispose();
        _limit.Dispose();
    }
}

/// <summary>Where the counters stood at the beginning of a measurement.</summary>
internal readonly record struct Cost(
    (double User, double System) Cpu, long Messages, long Bytes, long OverStreams, Stopwatch Since)
{
    /// <summary>What came since an earlier measurement.</summary>
    internal Spent From(Cost earlier) => new(
        Cpu.User + Cpu.System - earlier.Cpu.User - earlier.Cpu.System, Messages - earlier.Messages,
        Bytes - earlier.Bytes, OverStreams - earlier.OverStreams, earlier.Since.Elapsed.TotalSeconds);
}

/// <summary>What a measurement took.</summary>
/// <param name="CpuSeconds">Of the server.</param>
/// <param name="Messages">MESSAGEs that came to the hop, resends included.</param>
/// <param name="Bytes">Of these and of their answers.</param>
/// <param name="OverStreams">Of the MESSAGEs, those over a stream.</param>
/// <param name="Seconds">How long it was.</param>
internal readonly record struct Spent(
    double CpuSeconds, double Messages, double Bytes, double OverStreams, double Seconds);
