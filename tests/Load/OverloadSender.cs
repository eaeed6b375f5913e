using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Load;

/// <summary>Sends requests from one thread, at a rate or so many at a time. Over UDP each is sent again as RFC 3261
/// 17.1.2.2 wants it, over TCP it is not.</summary>
internal sealed class OverloadSender
{
    private const int BurstMax = 64;

    // Who is refused in the closed loop waits: it asks for what the server can take.
    private static readonly long RefusedPause = Stopwatch.Frequency / 5;
    private static readonly long T1 = Stopwatch.Frequency / 2;
    private static readonly long T2 = Stopwatch.Frequency * 4;
    private static readonly long TimerF = Stopwatch.Frequency * 32;

    private readonly OverloadRequests _requests;
    private readonly OverloadLedger _ledger;
    private readonly Sink _sink;
    private readonly IPEndPoint _server;
    private readonly Action<ReadOnlySpan<byte>>? _sendOnStream; // Null over UDP. The sink reads the stream and ends it.

    // By the number of sends so far: what was sent first is due first.
    private readonly Queue<(int Index, long DueAt)>[] _resends =
        [.. Enumerable.Range(0, 12).Select(_ => new Queue<(int, long)>())];

    internal OverloadSender(OverloadRequests requests, OverloadLedger ledger, Sink sink, IPEndPoint server, bool isTcp)
    {
        (_requests, _ledger, _sink, _server) = (requests, ledger, sink, server);
        if (!isTcp) return;
        var stream = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        stream.Connect(server);
        sink.Attach(stream);
        _sendOnStream = message => stream.Send(message);
    }

    /// <summary>Datagrams sent again.</summary>
    internal long Resends { get; private set; }

    /// <summary>Requests that nobody answered within timer F.</summary>
    internal long GivenUp { get; private set; }

    /// <summary>So many unanswered or unknown to somebody at a time, for so long.</summary>
    internal void SendClosed(int inFlight, TimeSpan duration, CancellationToken cancel)
    {
        var end = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        _ledger.TakeRefused(long.MaxValue);
        var openBefore = _ledger.Sent - _ledger.Finished; // By earlier steps.
        var refused = 0;
        for (var now = 0L; now < end && !cancel.IsCancellationRequested; now = Stopwatch.GetTimestamp())
        {
            refused += _ledger.TakeRefused(now - RefusedPause);
            var room = inFlight - (_ledger.Sent - _ledger.Finished - refused - openBefore);
            for (var i = 0; i < Math.Min(room, BurstMax) && HasRoom; i++) SendNext();
            SendAgain();
            if (room <= 0) _ledger.Progress.WaitOne(5);
        }
    }

    /// <summary>At a rate, whatever is answered, for so long.</summary>
    internal void SendOpen(double perSecond, TimeSpan duration, CancellationToken cancel)
    {
        var first = _ledger.Sent;
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < duration && !cancel.IsCancellationRequested)
        {
            var due = (int)(perSecond * watch.Elapsed.TotalSeconds) - (_ledger.Sent - first);
            for (var i = 0; i < Math.Min(due, BurstMax) && HasRoom; i++) SendNext();
            SendAgain();
            if (due <= BurstMax) cancel.WaitHandle.WaitOne(1);
        }
    }

    /// <summary>Only what is due again, until nothing is open or the time is over.</summary>
    internal void Finish(TimeSpan duration, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < duration && !cancel.IsCancellationRequested && _resends.Any(q => q.Count > 0))
        {
            SendAgain();
            cancel.WaitHandle.WaitOne(5);
        }
    }

    private bool HasRoom => _ledger.Sent < _ledger.Capacity;

    private void SendNext()
    {
        var index = _ledger.Sent;
        var message = _requests.Write(index);
        _ledger.NoteSent(index);
        Send(message);
        if (_sendOnStream is null) _resends[0].Enqueue((index, _ledger.SentAt(index) + T1));
    }

    private void SendAgain()
    {
        var now = Stopwatch.GetTimestamp();
        for (var sends = 0; sends < _resends.Length; sends++)
        {
            var queue = _resends[sends];
            while (queue.TryPeek(out var next) && (next.DueAt <= now || _ledger.IsAnswered(next.Index)))
            {
                queue.Dequeue();
                if (_ledger.IsAnswered(next.Index)) continue;
                if (now - _ledger.SentAt(next.Index) >= TimerF)
                {
                    GivenUp++;
                    continue;
                }

                Send(_requests.Write(next.Index));
                Resends++;
                var wait = Math.Min(T2, T1 << (sends + 1));
                _resends[Math.Min(sends + 1, _resends.Length - 1)].Enqueue((next.Index, now + wait));
            }
        }
    }

    private void Send(ReadOnlySpan<byte> message)
    {
        if (_sendOnStream is null) _sink.Send(message, _server);
        else _sendOnStream(message);
    }
}
