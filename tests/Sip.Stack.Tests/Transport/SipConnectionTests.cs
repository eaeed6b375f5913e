using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sip.Stack.Transport;

namespace Sip.Stack.Tests.Transport;

/// <summary>A stream whose peer takes what the test says, when the test says so.</summary>
public sealed class SipConnectionTests
{
    private static readonly IPEndPoint Local = new(IPAddress.Loopback, 5060);
    private static readonly IPEndPoint Remote = new(IPAddress.Parse("192.0.2.1"), 5060);

    private readonly FakeTimeProvider _time = new();
    private readonly HeldSink _sink = new();

    [Fact]
    public async Task SlowPeer_ThatTakes64KiBInTheSendTimeout_GetsAPageOf1MiB()
    {
        var (table, stream) = Open(new SipTransportOptions { SendTimeout = TimeSpan.FromSeconds(10) });
        stream.Write("head"u8, new byte[1024 * 1024]);
        stream.Flush();

        while (stream.QueuedBytes > 0)
        {
            Assert.InRange(_sink.BytesInWrite, 1, 64 * 1024);
            for (var i = 0; i < 9; i++)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                table.Sweep();
            }

            Assert.Null(stream.EndReason);
            await _sink.FinishAsync(stream);
        }

        stream.Write("head"u8, default);
        stream.Flush();
        _time.Advance(TimeSpan.FromSeconds(11));
        table.Sweep();
        Assert.Equal(LinkReason.SendTimeout, stream.EndReason);
    }

    [Fact]
    public async Task WhoWaitsForRoom_IsToldThatTheStreamEnds_NotWhenTheRestHasLeft()
    {
        var (_, stream) = Open(new SipTransportOptions { WriteQueueBytesMax = 100_000 });
        Assert.Equal(SipSendOutcome.Sent, stream.Write("head"u8, new byte[90_000], waitsItsTurn: true));
        stream.Flush();
        Assert.Equal(SipSendOutcome.QueueFull, stream.Write("head"u8, new byte[50_000], waitsItsTurn: true));
        var told = new TaskCompletionSource();
        stream.WhenRoom(told.SetResult);

        stream.EndAfterWrites(LinkReason.PeerClosed); // The write under way does not end.

        await told.Task.WaitAsync(TestStack.Patience);
        Assert.Equal(SipSendOutcome.Closed, stream.Write("head"u8, default, waitsItsTurn: true));
        stream.Close(LinkReason.PeerClosed);
    }

    [Fact]
    public async Task Waiters_OfASharedStream_AreNotCalledMuchMoreOftenThanOnceEach()
    {
        const int waiters = 200;
        var (_, stream) = Open(new SipTransportOptions { WriteQueueBytesMax = 100_000 });
        var (calls, left) = (0, waiters);
        var sent = new TaskCompletionSource();
        for (var i = 0; i < waiters; i++) Send();

        while (!sent.Task.IsCompleted) await _sink.FinishAsync(stream);

        Assert.InRange(calls, waiters, 6 * waiters);
        stream.Close(LinkReason.ClosedByOwner);

        void Send()
        {
            Interlocked.Increment(ref calls);
            if (stream.Write("head"u8, new byte[20_000], waitsItsTurn: true) != SipSendOutcome.Sent)
            {
                stream.WhenRoom(Send);
                return;
            }

            stream.Flush();
            if (Interlocked.Decrement(ref left) == 0) sent.SetResult();
        }
    }

    [Fact]
    public async Task Waiter_WhoseMessageIsLargerThanHalfOfTheQueue_IsNotCalledBeforeItFits()
    {
        var (_, stream) = Open(new SipTransportOptions { WriteQueueBytesMax = 100_000 });
        Assert.Equal(SipSendOutcome.Sent, stream.Write("head"u8, new byte[30_000], waitsItsTurn: true));
        stream.Flush();
        Assert.Equal(SipSendOutcome.QueueFull, stream.Write("head"u8, new byte[90_000], waitsItsTurn: true));
        var (room, isFree) = (new TaskCompletionSource<bool>(), false);
        stream.WhenRoom(() => room.SetResult(Volatile.Read(ref isFree)));

        Volatile.Write(ref isFree, true);
        await _sink.FinishAsync(stream);

        Assert.True(await room.Task.WaitAsync(TestStack.Patience));
        Assert.Equal(SipSendOutcome.Sent, stream.Write("head"u8, new byte[90_000], waitsItsTurn: true));
    }

    [Fact]
    public async Task Waiters_BehindThoseWhoHaveNothingToSendAnyMore_AreCalled()
    {
        var (_, stream) = Open(new SipTransportOptions { WriteQueueBytesMax = 100_000 });
        Assert.Equal(SipSendOutcome.Sent, stream.Write("head"u8, new byte[90_000], waitsItsTurn: true));
        stream.Flush();
        var last = new TaskCompletionSource();
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(SipSendOutcome.QueueFull, stream.Write("head"u8, new byte[50_000], waitsItsTurn: true));
            if (i < 19) stream.WhenRoom(() => { });
            else stream.WhenRoom(last.SetResult);
        }

        while (stream.QueuedBytes > 0) await _sink.FinishAsync(stream);

        await last.Task.WaitAsync(TestStack.Patience);
    }

    [Fact]
    public async Task Queues_ThatHoldMoreThanAllMay_TheFullestStreamIsClosed()
    {
        var ended = new TaskCompletionSource<(SipConnection, LinkReason)>();
        var table = new ConnectionTable(
            new SipTransportOptions { QueuedBytesMax = 1_900_000 }, _time, NullLogger.Instance,
            (stream, reason) => ended.TrySetResult((stream, reason)));
        var streams = Enumerable.Range(0, 3)
            .Select(i => table.TryAdd(SipTransportKind.Tcp, new IPEndPoint(Remote.Address, i + 1), Local)!).ToArray();

        Fill(streams[0], 600);
        Fill(streams[1], 1_100);
        streams[2].Write("head"u8, new byte[7_000_000]); // Shared with others: no memory of its own.
        Assert.False(ended.Task.IsCompleted);
        Fill(streams[2], 600);

        Assert.Equal((streams[1], LinkReason.QueueLimit), await ended.Task.WaitAsync(TestStack.Patience));
        Assert.True(streams[0].IsUsable && streams[2].IsUsable);
        Assert.Equal(0, streams[1].AccountedBytes);

        static void Fill(SipConnection stream, int kibibytes)
        {
            for (var i = 0; i < kibibytes; i++) stream.Write(new byte[1024], default);
        }
    }

    private (ConnectionTable Table, SipConnection Stream) Open(SipTransportOptions options)
    {
        var table = new ConnectionTable(options, _time, NullLogger.Instance, (_, _) => { });
        var stream = table.TryAdd(SipTransportKind.Tcp, Remote, Local)!;
        Assert.True(stream.Open(_sink, Local));
        return (table, stream);
    }

    /// <summary>Each write lasts until the test ends it.</summary>
    private sealed class HeldSink : IByteSink
    {
        private TaskCompletionSource _write = new();

        internal int BytesInWrite { get; private set; }

        public ValueTask WriteAsync(List<WriteQueue.Segment> segments)
        {
            _write = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            BytesInWrite = segments.Sum(s => s.Bytes.Count);
            return new ValueTask(_write.Task);
        }

        public void EndWrites()
        {
        }

        public void Abort() => _write.TrySetException(new IOException());

        /// <summary>Ends the write under way, and waits until the next one is, or all has left.</summary>
        internal async Task FinishAsync(SipConnection stream)
        {
            var ended = _write;
            ended.TrySetResult();
            await TestStack.UntilAsync(() => _write != ended || stream.QueuedBytes == 0);
        }
    }
}
