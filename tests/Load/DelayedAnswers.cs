using System.Buffers;
using System.Diagnostics;
using System.Net.Sockets;

namespace Load;

/// <summary>Sends answers when their time has come: one thread and one queue for all of them.</summary>
internal sealed class DelayedAnswers : IDisposable
{
    private const int GatheredBytesMax = 64 * 1024;

    private readonly PriorityQueue<Waiting, long> _queue = new();
    private readonly Thread _thread;
    private bool _isStopping; // Under the lock of _queue.

    internal DelayedAnswers()
    {
        _thread = new Thread(Loop) { IsBackground = true, Name = "delayed answers" };
        _thread.Start();
    }

    private readonly record struct Waiting(byte[] Bytes, int Length, ReplyPath Back, HopMember? Member);

    /// <summary>Takes a copy of an answer.</summary>
    /// <param name="due">Time stamp of <see cref="Stopwatch"/>.</param>
    /// <param name="answer">The whole of it.</param>
    /// <param name="back">Where to.</param>
    /// <param name="member">Whose it is: free for the next MESSAGE from then on.</param>
    internal void Add(long due, ReadOnlySpan<byte> answer, in ReplyPath back, HopMember? member)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(answer.Length);
        answer.CopyTo(bytes);
        lock (_queue)
        {
            var isFirst = !_queue.TryPeek(out _, out var first) || due < first;
            _queue.Enqueue(new Waiting(bytes, answer.Length, back, member), due);
            if (isFirst) Monitor.Pulse(_queue);
        }
    }

    public void Dispose()
    {
        lock (_queue)
        {
            _isStopping = true;
            Monitor.Pulse(_queue);
        }

        _thread.Join();
    }

    private void Loop()
    {
        var due = new List<Waiting>();
        var gathered = new byte[GatheredBytesMax];
        while (TakeDue(due))
        {
            try
            {
                Send(due, gathered);
            }
            catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
            {
                // The socket was closed at the end of the run; the rest of the queue is for nobody.
            }

            foreach (var one in due) ArrayPool<byte>.Shared.Return(one.Bytes);
            due.Clear();
        }
    }

    private bool TakeDue(List<Waiting> due)
    {
        lock (_queue)
        {
            while (!_isStopping)
            {
                var now = Stopwatch.GetTimestamp();
                while (_queue.TryPeek(out var one, out var at) && at <= now)
                {
                    due.Add(one);
                    _queue.Dequeue();
                }

                if (due.Count > 0) return true;
                if (_queue.TryPeek(out _, out var next))
                    Monitor.Wait(_queue, (int)Math.Ceiling(Stopwatch.GetElapsedTime(now, next).TotalMilliseconds));
                else
                    Monitor.Wait(_queue);
            }

            return false;
        }
    }

    // What goes to one stream leaves in one write, as a proxy writes it.
    private static void Send(List<Waiting> due, byte[] gathered)
    {
        ReplyPath stream = default;
        var count = 0;
        foreach (var one in due)
        {
            one.Member?.NoteAnswered();
            var bytes = one.Bytes.AsSpan(0, one.Length);
            if (one.Back.IsDatagram)
            {
                one.Back.Send(bytes);
                continue;
            }

            if (count > 0 && (one.Back != stream || count + one.Length > gathered.Length))
            {
                stream.Send(gathered.AsSpan(0, count));
                count = 0;
            }

            stream = one.Back;
            bytes.CopyTo(gathered.AsSpan(count));
            count += one.Length;
        }

        if (count > 0) stream.Send(gathered.AsSpan(0, count));
    }
}
