using System.Diagnostics;
using System.Globalization;

namespace Load;

/// <summary>What one node can take, then a multiple of it: many senders, real retransmissions, one table.</summary>
/// <remarks>First the peak of a closed loop, then steps of an open loop at multiples of it, then half of it.</remarks>
internal sealed class OverloadScenario
{
    private const int Capacity = 4_000_000;
    private const double Calm = 0.5;

    private static readonly int[] InFlight = [32, 128, 512];
    private static readonly TimeSpan PeakTime = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan CalmTime = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan RecoveryTime = TimeSpan.FromSeconds(10);

    private readonly LoadOptions _options;
    private readonly ServerUnderLoad _server;
    private readonly OverloadLedger _ledger;
    private readonly OverloadRequests _requests;
    private readonly OverloadSender _sender;
    private readonly CancellationToken _cancel;
    private readonly List<OverloadStep> _steps = [];

    private OverloadScenario(
        LoadOptions options, ServerUnderLoad server, OverloadLedger ledger, OverloadRequests requests,
        OverloadSender sender, CancellationToken cancel) =>
        (_options, _server, _ledger, _requests, _sender, _cancel) =
            (options, server, ledger, requests, sender, cancel);

    internal static async Task<Report> RunAsync(LoadOptions options)
    {
        using var limit = new CancellationTokenSource(options.MaxTime);
        var people = new OverloadPeople(options.Conferences, options.Members);
        var ledger = new OverloadLedger(people, Capacity);
        using var sink = new Sink(options, ledger);
        await using var server = await ServerUnderLoad.StartAsync(
            options, sink.Address, people.ToProvision(), limit.Token);
        while (await server.MetricAsync("conference_as_focus_events_total") < people.Conferences)
            await Task.Delay(200, limit.Token);
        await PrepareAsync(people, sink, server, ledger, limit.Token);
        var requests = new OverloadRequests(people, sink.Address, options.IsTcp ? "TCP" : "UDP", options.BodyBytes);
        var sender = new OverloadSender(requests, ledger, sink, server.Sip, options.IsTcp);
        var scenario = new OverloadScenario(options, server, ledger, requests, sender, limit.Token);
        return Report.Of(await scenario.MeasureAsync());
    }

    /// <summary>A document, its page, and a mark of each sender in each conference.</summary>
    private static async Task PrepareAsync(
        OverloadPeople people, Sink sink, ServerUnderLoad server, Deliveries deliveries, CancellationToken cancel)
    {
        using var driver = new Driver(sink, server.Sip, isTcp: false);
        var page = Bodies.SharePage(1_000);
        await Parallel.ForAsync(0, people.Conferences, new ParallelOptions
        {
            MaxDegreeOfParallelism = 32, CancellationToken = cancel,
        }, async (conference, _) =>
        {
            var (uri, chair) = (OverloadPeople.Conference(conference), people.Chair(conference));
            await SendAsync(Bodies.Document(), uri, chair, "document");
            await SendAsync(page, uri, chair, "page");
            for (var member = 0; member < people.Senders; member++)
            {
                var mark = OverloadRequests.FirstMark(member);
                var sender = OverloadPeople.Member(conference, member);
                await SendAsync(mark, uri, sender, "mark");
            }
        });
        await FanoutScenario.WaitQuietAsync(deliveries, cancel);

        // A server that has just begun may take long for its first requests, and refuse some.
        async Task SendAsync(byte[] body, string uri, string sender, string what)
        {
            var status = 0;
            for (var i = 0; i < 100 && status is 0 or 480 or 503; i++)
            {
                if (status != 0) await Task.Delay(200, cancel);
                status = await driver.SendAsync(body, uri, sender);
            }

            if (status >= 300) throw new InvalidOperationException($"The {what} was refused with {status}.");
        }
    }

    private async Task<string> MeasureAsync()
    {
        Send(() => _sender.SendClosed(InFlight[0], PeakTime, _cancel)); // The just-in-time compiler's part.
        var peak = 0.0;
        foreach (var inFlight in InFlight)
        {
            var step = await StepAsync($"closed loop, {inFlight} at a time", 0, () =>
                _sender.SendClosed(inFlight, PeakTime, _cancel));
            peak = Math.Max(peak, step.Read(_ledger).Good);
        }

        await Task.Delay(TimeSpan.FromSeconds(2), _cancel);
        var normal = await OpenAsync("before", Calm * peak, CalmTime);
        foreach (var factor in _options.Factors)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{factor}x");
            await OpenAsync(name, factor * peak, _options.StepTime);
        }

        var after = await OpenAsync("after", Calm * peak, RecoveryTime);
        Send(() => _sender.Finish(TimeSpan.FromSeconds(36), _cancel));
        await FanoutScenario.WaitQuietAsync(_ledger, _cancel);
        return new OverloadTable(_ledger, _steps, peak, normal, after).Write(
            _ledger.Judge(0, _ledger.Sent, _requests), _sender.GivenUp);
    }

    private Task<OverloadStep> OpenAsync(string name, double perSecond, TimeSpan duration) =>
        StepAsync(name, perSecond, () => _sender.SendOpen(perSecond, duration, _cancel));

    private async Task<OverloadStep> StepAsync(string name, double perSecond, Action send)
    {
        const string Drops = "conference_as_sip_udp_receive_drops_total";
        const string Unread = "conference_as_sip_messages_dropped_total{reason=\"receive_queue\"}";
        var (drops, unread) = (await _server.MetricAsync(Drops), await _server.MetricAsync(Unread));
        var (from, resends, messages, cpu) = (_ledger.Sent, _sender.Resends, _ledger.Messages, _server.CpuSeconds());
        var startedAt = Stopwatch.GetTimestamp();
        Send(send);
        var endedAt = Stopwatch.GetTimestamp();
        var after = _server.CpuSeconds();
        var step = new OverloadStep(
            name, perSecond, Stopwatch.GetElapsedTime(startedAt, endedAt).TotalSeconds, from, _ledger.Sent, startedAt,
            endedAt, after.User + after.System - cpu.User - cpu.System, _ledger.Messages - messages,
            _sender.Resends - resends, await _server.MetricAsync(Unread) - unread,
            await _server.MetricAsync(Drops) - drops);
        _steps.Add(step);
        return step;
    }

    // A thread of its own: it blocks.
    private static void Send(Action send)
    {
        var thread = new Thread(() => send()) { IsBackground = true, Name = "sender" };
        thread.Start();
        thread.Join();
    }
}
