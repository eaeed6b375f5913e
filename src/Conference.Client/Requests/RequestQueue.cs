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

    internal RequestQueue(string uri, IRequestCarrier carrier, RetryOptions retry, int lengthMax, TimeProvider time)
    {
        (_uri, _carrier, _retry, _time) = (uri, carrier, retry, time);
        _waiting = Channel.CreateBounded<Pending>(new BoundedChannelOptions(lengthMax) { SingleReader = true });
        _worker = Task.Run(WorkAsync);
    }

    /// <summary>Attempts beyond the first, over all requests.</summary>
    internal long Retries => Interlocked.Read(ref _retries);

    /// <summary>Queues a request and waits for its end. Never throws for an expected outcome.</summary>
    internal Task<RequestResult> SendAsync(string requestId, ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        var pending = new Pending(requestId, body, cancel);
        if (_waiting.Writer.TryWrite(pending)) return pending.Ended.Task;
        var outcome = _closed.IsCancellationRequested ? RequestOutcome.Cancelled : RequestOutcome.QueueFull;
        return Task.FromResult(new RequestResult(outcome, requestId, 0, "not queued"));
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _closed.CancelAsync().ConfigureAwait(false);
        await _worker.ConfigureAwait(false);
        _closed.Dispose();
    }

    private async Task WorkAsync()
    {
        await foreach (var pending in _waiting.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            using var cancel = CancellationTokenSource.CreateLinkedTokenSource(_closed.Token, pending.Cancel);
            try
            {
                pending.Ended.SetResult(await AttemptAsync(pending, cancel.Token).ConfigureAwait(false));
            }
            catch (OperationCanceledException)
            {
                pending.Ended.SetResult(new RequestResult(RequestOutcome.Cancelled, pending.RequestId, 0, "cancelled"));
            }
            catch (Exception fault) // the carrier is broken: this request ends with it, the queue goes on
            {
                pending.Ended.SetException(fault);
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
    }
}
