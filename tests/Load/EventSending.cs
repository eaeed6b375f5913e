namespace Load;

/// <summary>What became of a run of events.</summary>
/// <param name="Elapsed">Until all had all of them; where some are missing, until the last message came.</param>
/// <param name="Sent">How many were sent: fewer than were meant when those on their way got stuck.</param>
internal readonly record struct EventsSent(TimeSpan Elapsed, int Sent);

/// <summary>Sends the chair's events at a rate, or as fast as they are taken, and waits until all have all of them.
/// </summary>
internal sealed class EventSending(IServerUnderLoad server, Driver driver, Deliveries deliveries, TimeProvider time)
{
    /// <summary>After so long without a message nothing comes any more: a server that has no answer gives up after
    /// timer F, 32 s (RFC 3261 17.1.2.2), and has sent again every 4 s until then.</summary>
    internal static readonly TimeSpan QuietMax = TimeSpan.FromSeconds(33);

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>Sends events; those that never come to somebody are missing in the account, and end nothing.</summary>
    /// <param name="options">The rate; 0 for as many at a time as they say.</param>
    /// <param name="from">The first one's number.</param>
    /// <param name="to">Behind the last one's.</param>
    /// <param name="cancel">The end of the whole run: throws.</param>
    internal async Task<EventsSent> SendAsync(LoadOptions options, int from, int to, CancellationToken cancel)
    {
        if (to <= from) return default;
        using var run = new Run(options, from, to);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var startedAt = time.GetTimestamp();
        deliveries.EventDone += run.OnDone;
        var watching = EndWhenQuietAsync(run, end);
        try
        {
            for (; run.Next < to; run.Next++)
            {
                if (options.Rate <= 0) await run.Places.WaitAsync(end.Token);
                else await WaitUntilAsync((run.Next - from) / options.Rate, startedAt, end.Token);
                var body = server.EventBody(run.Next, options.BodyBytes);
                deliveries.NoteSent(run.Next);
                run.SentAt = time.GetTimestamp();
                _ = SendOneAsync(run, run.Next, body);
            }

            while (!run.IsDone) await Task.Delay(TimeSpan.FromMilliseconds(5), time, end.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            Console.Error.WriteLine(
                $"Nothing came for {QuietMax.TotalSeconds:F0} s; sent {run.Next - from} of {to - from} events.");
        }
        finally
        {
            deliveries.EventDone -= run.OnDone;
            run.End();
            await end.CancelAsync();
            await watching;
        }

        var until = run.IsDone ? time.GetTimestamp() : Math.Max(startedAt, deliveries.LastArrival);
        return new EventsSent(time.GetElapsedTime(startedAt, until), run.Next - from);
    }

    private async Task WaitUntilAsync(double seconds, long startedAt, CancellationToken cancel)
    {
        var due = TimeSpan.FromSeconds(seconds) - time.GetElapsedTime(startedAt);
        if (due > TimeSpan.Zero) await Task.Delay(due, time, cancel);
    }

    private async Task SendOneAsync(Run run, int number, byte[] body)
    {
        // Refused: nobody will be sent it.
        if (await driver.SendAsync(body, contentType: server.ContentType) >= 300) run.OnDone(number);
    }

    private async Task EndWhenQuietAsync(Run run, CancellationTokenSource end)
    {
        while (!end.IsCancellationRequested)
        {
            var last = Math.Max(run.SentAt, deliveries.LastArrival);
            if (run.SentAt != 0 && time.GetElapsedTime(last) > QuietMax) await end.CancelAsync();
            await Task.Delay(LookEvery, time, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Which events are on their way.</summary>
    private sealed class Run(LoadOptions options, int from, int to) : IDisposable
    {
        private readonly int _from = from;
        private readonly int _to = to;
        private readonly Lock _lock = new();
        private int _open = to - from; // Under the lock, as the next one.
        private bool _isOver; // An event that comes twice may come after the end.
        private long _sentAt;

        internal SemaphoreSlim Places { get; } = new(options.Rate > 0 ? int.MaxValue : options.InFlight);

        /// <summary>The event that is sent next. Of the sender alone.</summary>
        internal int Next { get; set; } = from;

        /// <summary>Timestamp of the last one sent; 0 before the first.</summary>
        internal long SentAt
        {
            get => Volatile.Read(ref _sentAt);
            set => Volatile.Write(ref _sentAt, value);
        }

        internal bool IsDone
        {
            get
            {
                lock (_lock) return _open == 0;
            }
        }

        public void Dispose() => Places.Dispose();

        internal void OnDone(int number)
        {
            lock (_lock)
            {
                if (_isOver || number < _from || number >= _to) return;
                if (_open > 0) _open--;
                if (options.Rate <= 0) Places.Release();
            }
        }

        internal void End()
        {
            lock (_lock) _isOver = true;
        }
    }
}
