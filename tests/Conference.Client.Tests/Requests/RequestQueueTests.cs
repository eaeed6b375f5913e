using System.Collections.Concurrent;
using Conference.Client.Requests;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Conference.Client.Tests.Requests;

public sealed class RequestQueueTests
{
    private static readonly RetryOptions NoPause = new() { FirstDelay = TimeSpan.Zero, AttemptsMax = 3 };

    [Theory]
    [InlineData(0)]
    [InlineData(408)]
    [InlineData(480)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Request_WithTransientAnswer_IsRepeatedWithTheSameBody(int status)
    {
        var carrier = new ListCarrier(new CarrierAnswer(status, "later"), new CarrierAnswer(202, "Accepted", null, 7));
        await using var queue = NewQueue(carrier);

        var result = await queue.SendAsync("id-1", new byte[] { 1, 2 }, CancellationToken.None);

        Assert.Equal((RequestOutcome.Accepted, 7L, 2), (result.Outcome, result.Revision, result.Attempts));
        Assert.All(carrier.Sent, body => Assert.Equal([1, 2], body));
        Assert.Equal(1, queue.Retries);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(413)]
    public async Task Request_WithDefiniteNo_IsNotRepeated(int status)
    {
        var carrier = new ListCarrier(new CarrierAnswer(status, "no"));
        await using var queue = NewQueue(carrier);

        var result = await queue.SendAsync("id-1", default, CancellationToken.None);

        Assert.Equal((RequestOutcome.Refused, status, 1), (result.Outcome, result.Status, result.Attempts));
        Assert.Throws<RequestFailedException>(() => result.OrThrow());
    }

    [Fact]
    public async Task Request_WithTransientAnswersOnly_GivesUpAfterTheLimit()
    {
        var carrier = new ListCarrier(new CarrierAnswer(503, "away"));
        await using var queue = NewQueue(carrier);

        var result = await queue.SendAsync("id-1", default, CancellationToken.None);

        Assert.Equal((RequestOutcome.GaveUp, 503, 3), (result.Outcome, result.Status, result.Attempts));
    }

    [Fact]
    public async Task Requests_OfOneQueue_HaveOneOutstandingAndKeepTheirOrder()
    {
        var carrier = new HeldCarrier();
        await using var queue = NewQueue(carrier);
        var first = queue.SendAsync("a", new byte[] { 1 }, CancellationToken.None);
        var second = queue.SendAsync("b", new byte[] { 2 }, CancellationToken.None);

        var held = await carrier.NextAsync();
        Assert.Equal(1, held.Body);
        Assert.False(carrier.HasMore);
        held.Answer.SetResult(new CarrierAnswer(202, "Accepted"));
        await first;
        held = await carrier.NextAsync();
        Assert.Equal(2, held.Body);
        held.Answer.SetResult(new CarrierAnswer(202, "Accepted"));
        await second;
    }

    [Fact]
    public async Task Request_BeyondTheQueueLimit_EndsAtOnce()
    {
        var carrier = new HeldCarrier();
        await using var queue = new RequestQueue("sip:c@x", carrier, NoPause, 1, TimeProvider.System);
        _ = queue.SendAsync("a", new byte[] { 1 }, CancellationToken.None);
        var held = await carrier.NextAsync(); // the first has left the queue
        _ = queue.SendAsync("b", new byte[] { 2 }, CancellationToken.None);

        var third = await queue.SendAsync("c", new byte[] { 3 }, CancellationToken.None);

        Assert.Equal(RequestOutcome.QueueFull, third.Outcome);
        held.Answer.SetResult(new CarrierAnswer(202, "Accepted"));
    }

    [Fact]
    public async Task Queue_Closed_CancelsWhatWaits()
    {
        var carrier = new HeldCarrier();
        var queue = NewQueue(carrier);
        var outstanding = queue.SendAsync("a", new byte[] { 1 }, CancellationToken.None);
        await carrier.NextAsync();
        var waiting = queue.SendAsync("b", new byte[] { 2 }, CancellationToken.None);

        await queue.DisposeAsync();

        Assert.Equal(RequestOutcome.Cancelled, (await outstanding).Outcome);
        Assert.Equal(RequestOutcome.Cancelled, (await waiting).Outcome);
    }

    [Fact]
    public async Task Queue_ClosedTwice_IsClosedOnce()
    {
        var queue = NewQueue(new HeldCarrier());

        await queue.DisposeAsync();
        await queue.DisposeAsync();

        var late = await queue.SendAsync("a", default, CancellationToken.None);
        Assert.Equal(RequestOutcome.Cancelled, late.Outcome);
    }

    [Fact]
    public async Task Request_CancelledBehindAnother_EndsAtOnceAndIsNotSent()
    {
        var carrier = new HeldCarrier();
        await using var queue = NewQueue(carrier);
        using var cancel = new CancellationTokenSource();
        var first = queue.SendAsync("a", new byte[] { 1 }, CancellationToken.None);
        var held = await carrier.NextAsync();
        var second = queue.SendAsync("b", new byte[] { 2 }, cancel.Token);
        var third = queue.SendAsync("c", new byte[] { 3 }, CancellationToken.None);

        await cancel.CancelAsync();

        Assert.Equal(RequestOutcome.Cancelled, (await second.WaitAsync(TimeSpan.FromMinutes(1))).Outcome);
        Assert.False(first.IsCompleted);
        held.Answer.SetResult(new CarrierAnswer(202, "Accepted"));
        held = await carrier.NextAsync();
        Assert.Equal(3, held.Body);
        held.Answer.SetResult(new CarrierAnswer(202, "Accepted"));
        Assert.True((await third).IsAccepted);
    }

    [Fact]
    public void Delay_Doubles_HonoursRetryAfter_AndEnds()
    {
        var retry = new RetryOptions { AttemptsMax = 4, Jitter = 0 };

        Assert.Equal(TimeSpan.FromSeconds(0.5), retry.DelayAfter(1, null, 0));
        Assert.Equal(TimeSpan.FromSeconds(1), retry.DelayAfter(2, null, 0));
        Assert.Equal(TimeSpan.FromSeconds(5), retry.DelayAfter(2, TimeSpan.FromSeconds(5), 0));
        Assert.Equal(TimeSpan.FromSeconds(8), retry.DelayAfter(3, TimeSpan.FromMinutes(5), 0));
        Assert.Null(retry.DelayAfter(4, null, 0));
    }

    [Fact]
    public async Task Request_WithRetryAfter_WaitsThatLong()
    {
        var time = new FakeTimeProvider();
        var carrier = new ListCarrier(
            new CarrierAnswer(480, "slow down", TimeSpan.FromSeconds(3)), new CarrierAnswer(202, "Accepted"));
        var retry = new RetryOptions { Jitter = 0 };
        await using var queue = new RequestQueue("sip:c@x", carrier, retry, 10, time);
        var result = queue.SendAsync("a", default, CancellationToken.None);
        while (queue.Retries == 0) await Task.Yield();

        while (!result.IsCompleted)
        {
            Assert.True(carrier.Sent.Count < 2 || time.GetUtcNow() >= time.Start.AddSeconds(3));
            time.Advance(TimeSpan.FromSeconds(0.5));
            await Task.Yield();
        }

        Assert.True((await result).IsAccepted);
    }

    private static RequestQueue NewQueue(IRequestCarrier carrier) =>
        new("sip:c@x", carrier, NoPause, 10, TimeProvider.System);

    /// <summary>Gives the answers in order; the last one for ever.</summary>
    private sealed class ListCarrier(params CarrierAnswer[] answers) : IRequestCarrier
    {
        internal ConcurrentQueue<byte[]> Sent { get; } = new();

        public Task<CarrierAnswer> SendAsync(string uri, ReadOnlyMemory<byte> body, CancellationToken cancel)
        {
            Sent.Enqueue(body.ToArray());
            return Task.FromResult(answers[Math.Min(Sent.Count, answers.Length) - 1]);
        }
    }

    /// <summary>Holds each request until the test answers it.</summary>
    private sealed class HeldCarrier : IRequestCarrier
    {
        private readonly System.Threading.Channels.Channel<Held> _held =
            System.Threading.Channels.Channel.CreateUnbounded<Held>();

        internal bool HasMore => _held.Reader.TryPeek(out _);

        public Task<CarrierAnswer> SendAsync(string uri, ReadOnlyMemory<byte> body, CancellationToken cancel)
        {
            var held = new Held(body.Span[0], new(TaskCreationOptions.RunContinuationsAsynchronously));
            _held.Writer.TryWrite(held);
            return held.Answer.Task.WaitAsync(cancel);
        }

        internal ValueTask<Held> NextAsync() => _held.Reader.ReadAsync();
    }

    private sealed record Held(byte Body, TaskCompletionSource<CarrierAnswer> Answer);
}
