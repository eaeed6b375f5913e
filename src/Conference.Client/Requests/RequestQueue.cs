using System.Threading.Channels;
using Conference.Protocol;

namespace Conference.Client.Requests;

/// <summary>The requests of one client to one URI: in order, one outstanding at a time (RFC 3428 8), repeated with the
/// same id while the answer is transient.</summary>
internal sealed class RequestQueue : IAsyncDisposable
{
    private readonly Channel<Pending> _waiting;
    private readonly string _uri;
    private readonly IRequestCarrier _carrier;
    private readonly RetryOptions _retry;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _closed = new();
    private readonly Task _worker;
    private long _retries;
    private int _isDisposed;

    internal RequestQueue(string uri, IRequestCarrier carrier, RetryOptions retry, int lengthMax, TimeProvider time)
    {
        (_uri, _carrier, _retry, _time) = (uri, carrier, retry, time);
        _waiting = Channel.CreateBounded<Pending>(new BoundedChannelOptions(lengthMax) { SingleReader = true });
        _worker = Task.Run(WorkAsync);
    }

    /// <summary>Attempts beyond the first, over all requests.</summary>
    internal long Retries => Interlocked.Read(ref _retries);

    /// <summary>Queues a request and waits for its end. Never throws for an expected outcome.</summary>
    /// <param name="requestId">For the result.</param>
    /// <param name="body">Sent as it is, each time.</param>
    /// <param name="cancel">Ends the wait at once, also behind other requests; a request that has not left by then is
    /// not sent.</param>
    internal Task<RequestResult> SendAsync(string requestId, ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        var pending = new Pending(requestId, body, cancel);
        if (_waiting.Writer.TryWrite(pending)) return EndOfAsync(pending);
        var outcome = _closed.IsCancellationRequested ? RequestOutcome.Cancelled : RequestOutcome.QueueFull;
        return Task.FromResult(new RequestResult(outcome, requestId, 0, "not queued"));
    }

    /// <summary>Cancels what waits and what is under way. Once; further calls only wait for the end.</summary>
    public async ValueTask DisposeAsync()
    {
        var isFirst = Interlocked.Exchange(ref _isDisposed, 1) == 0;
        if (isFirst)
        {
            await _closed.CancelAsync().ConfigureAwait(false); // first, so that nobody is told that the queue is full
            _waiting.Writer.TryComplete();
        }

        await _worker.ConfigureAwait(false);
        if (isFirst) _closed.Dispose();
    }

    private static async Task<RequestResult> EndOfAsync(Pending pending)
    {
        using var registration = pending.Cancel
            .UnsafeRegister(static (state, _) => ((Pending)state!).SetCancelled(), pending);
        return await pending.Ended.Task.ConfigureAwait(false);
    }

    private async Task WorkAsync()
    {
        await foreach (var pending in _waiting.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            using var cancel = CancellationTokenSource.CreateLinkedTokenSource(_closed.Token, pending.Cancel);
            try
            {
                pending.Ended.TrySetResult(await AttemptAsync(pending, cancel.Token).ConfigureAwait(false));
            }
            catch (OperationCanceledException)
            {
                pending.SetCancelled();
            }
            catch (Exception fault) // the carrier is broken: this request ends with it, the queue goes on
            {
                pending.Ended.TrySetException(fault);
            }
        }
    }

    private async Task<RequestResult> AttemptAsync(Pending pending, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            cancel.ThrowIfCancellationRequested();
            var answer = await _carrier.SendAsync(_uri, pending.Body, cancel).ConfigureAwait(false);
            if (answer.Status is >= 200 and < 300)
            {
                ConferenceUri? created = ConferenceUri.TryParse(answer.ConferenceUri, out var uri) ? uri : null;
                return new RequestResult(RequestOutcome.Accepted, pending.RequestId, answer.Status, answer.Reason,
                    answer.Revision, attempt, created);
            }

            var transient = RetryOptions.IsTransient(answer.Status);
            var delay = transient ? _retry.DelayAfter(attempt, answer.RetryAfter, Random.Shared.NextDouble()) : null;
            if (delay is not { } pause)
            {
                var outcome = transient ? RequestOutcome.GaveUp : RequestOutcome.Refused;
                return new RequestResult(outcome, pending.RequestId, answer.Status, answer.Reason, 0, attempt);
            }

            Interlocked.Increment(ref _retries);
            await Task.Delay(pause, _time, cancel).ConfigureAwait(false);
        }
    }

    private sealed record Pending(string RequestId, ReadOnlyMemory<byte> Body, CancellationToken Cancel)
    {
        internal TaskCompletionSource<RequestResult> Ended { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal void SetCancelled() =>
            Ended.TrySetResult(new RequestResult(RequestOutcome.Cancelled, RequestId, 0, "cancelled"));
    }
}
