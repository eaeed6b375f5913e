using System.Diagnostics;

namespace Load;

/// <summary>Counts deliveries and measures when each event reached its first and its last participant.</summary>
internal class Deliveries(int events, int recipients)
{
    private readonly long[] _sentAt = new long[events];
    private readonly int[] _counts = new int[events];
    private readonly long[] _lastAt = new long[events];
    private readonly List<float>[] _latencies = [[], []];
    private readonly Arrivals _arrivals = new(events, recipients);
    private readonly int[] _twice = new int[events];
    private readonly int[] _retransmitted = new int[events];
    private long _lastArrival;
    private long _messages;
    private long _repeated;
    private long _bytes;

    internal int Recipients => recipients;

    internal long Messages => Interlocked.Read(ref _messages);

    /// <summary>Timestamp of the last message; 0 before the first one.</summary>
    internal long LastArrival => Volatile.Read(ref _lastArrival);

    /// <summary>Messages that brought nothing that was not there.</summary>
    internal long Repeated => Interlocked.Read(ref _repeated);

    internal long Bytes => Interlocked.Read(ref _bytes);

    internal long EventsDelivered { get; private set; }

    internal event Action<int>? EventDone;

    internal virtual void NoteSent(int number) => _sentAt[number] = Stopwatch.GetTimestamp();

    /// <summary>A final or provisional answer came to a request with this number.</summary>
    internal virtual void NoteAnswer(int number, int status, ReadOnlySpan<byte> response)
    {
    }

    internal virtual void Note(ReadOnlySpan<byte> message, long now)
    {
        CountMessage(message.Length);
        Volatile.Write(ref _lastArrival, now);
        var participant = Participants.NumberOf(message);
        var branch = Answer.Branch(message);
        var (hasEvents, isNew) = (false, false);
        while (Answer.TryNextMark(ref message, out var number))
        {
            hasEvents = true;
            if ((uint)number >= (uint)events) continue;
            lock (_latencies)
            {
                if (!IsFirst(number, participant, branch)) continue;
                isNew = true;
                EventsDelivered++;
                _latencies[0].Add((float)Stopwatch.GetElapsedTime(_sentAt[number], now).TotalMilliseconds);
                _lastAt[number] = now;
                if (++_counts[number] < recipients) continue;
                _latencies[1].Add((float)Stopwatch.GetElapsedTime(_sentAt[number], now).TotalMilliseconds);
            }

            EventDone?.Invoke(number);
        }

        if (hasEvents && !isNew) Interlocked.Increment(ref _repeated);
    }

    protected void CountMessage(int bytes)
    {
        Interlocked.Increment(ref _messages);
        Interlocked.Add(ref _bytes, bytes);
    }

    // Without a number there is no telling: each counts.
    private bool IsFirst(int number, int participant, int branch)
    {
        if (participant < 1 || participant > recipients) return true;
        switch (_arrivals.Note(number, participant, branch))
        {
            case Arrival.First:
                return true;
            case Arrival.Retransmitted:
                _retransmitted[number]++;
                return false;
            case Arrival.Twice:
                _twice[number]++;
                return false;
            default:
                throw new UnreachableException();
        }
    }

    internal int Missing(int from, int count = int.MaxValue)
    {
        lock (_latencies) return _counts.Skip(from).Take(count).Sum(c => Math.Max(0, recipients - c));
    }

    internal int Surplus(int from)
    {
        lock (_latencies) return _counts.Skip(from).Sum(c => Math.Max(0, c - recipients)) + _twice.Skip(from).Sum();
    }

    /// <summary>Arrivals of a request that had arrived before.</summary>
    internal int Retransmitted(int from)
    {
        lock (_latencies) return _retransmitted.Skip(from).Sum();
    }

    /// <summary>Forgets what was measured so far: the warm-up.</summary>
    internal void Begin()
    {
        lock (_latencies)
        {
            _latencies[0].Clear();
            _latencies[1].Clear();
            EventsDelivered = 0;
        }

        Interlocked.Exchange(ref _messages, 0);
        Interlocked.Exchange(ref _repeated, 0);
        Interlocked.Exchange(ref _bytes, 0);
    }

    /// <summary>Milliseconds from the sender's send: of each delivery, and of the last one of each event.</summary>
    internal (double Each50, double Each99, double Last50, double Last99) Latency()
    {
        lock (_latencies)
        {
            return (At(_latencies[0], 0.5), At(_latencies[0], 0.99), At(_latencies[1], 0.5), At(_latencies[1], 0.99));
        }
    }

    internal static double At(List<float> values, double fraction)
    {
        if (values.Count == 0) return double.NaN;
        var sorted = values.Order().ToArray();
        return sorted[Math.Min(sorted.Length - 1, (int)(fraction * sorted.Length))];
    }
}
