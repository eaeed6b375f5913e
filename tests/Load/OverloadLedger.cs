using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics;

namespace Load;

/// <summary>What became of each request: its answer, and whether its event reached everybody.</summary>
/// <remarks>The sending thread calls <see cref="NoteSent"/>, the sink's threads the rest. Numbers count from 0.
/// </remarks>
internal sealed class OverloadLedger(OverloadPeople people, int capacity) : Deliveries(0, people.Members)
{
    private readonly long[] _sentAt = new long[capacity];
    private readonly long[] _answeredAt = new long[capacity];
    private readonly long[] _doneAt = new long[capacity];
    private readonly short[] _status = new short[capacity];
    private readonly int[] _reached = new int[capacity];
    private readonly int[] _revision = new int[capacity];
    private readonly int[][] _lastSeen = // Under its lock: revision that each member has, by conference.
        [.. Enumerable.Range(0, people.Conferences).Select(_ => new int[people.Members + 1])];

    private readonly ConcurrentQueue<long> _refusedAt = new();
    private int _sent;
    private int _finished;

    internal int Capacity => capacity;

    /// <summary>Requests sent so far.</summary>
    internal int Sent => Volatile.Read(ref _sent);

    /// <summary>Requests that were given 202 and are known to everybody.</summary>
    internal int Finished => Volatile.Read(ref _finished);

    /// <summary>Takes note of requests that were refused before a time, each once.</summary>
    internal int TakeRefused(long before)
    {
        var taken = 0;
        while (_refusedAt.TryPeek(out var at) && at < before && _refusedAt.TryDequeue(out _)) taken++;
        return taken;
    }

    /// <summary>Set whenever a request is finished or refused.</summary>
    internal AutoResetEvent Progress { get; } = new(false);

    internal long SentAt(int index) => _sentAt[index];

    internal long AnsweredAt(int index) => Volatile.Read(ref _answeredAt[index]);

    internal long DoneAt(int index) => Volatile.Read(ref _doneAt[index]);

    internal int Status(int index) => _status[index];

    internal bool IsAnswered(int index) => AnsweredAt(index) != 0;

    internal override void NoteSent(int index)
    {
        _sentAt[index] = Stopwatch.GetTimestamp();
        Volatile.Write(ref _sent, index + 1);
    }

    /// <summary>A final answer came; the revision of a 202 is kept to look for its event at the end.</summary>
    internal override void NoteAnswer(int number, int status, ReadOnlySpan<byte> response)
    {
        var index = number - OverloadRequests.FirstNumber;
        if (status < 200 || (uint)index >= (uint)capacity || IsAnswered(index)) return;
        _status[index] = (short)status;
        if (status == 202) _revision[index] = Revision(response);
        Volatile.Write(ref _answeredAt[index], Stopwatch.GetTimestamp());
        if (status == 202) return;
        _refusedAt.Enqueue(AnsweredAt(index));
        Progress.Set();
    }

    /// <summary>A MESSAGE came to a member; a repetition of one that it had is not counted.</summary>
    internal override void Note(ReadOnlySpan<byte> message, long now)
    {
        CountMessage(message.Length);
        if (!OverloadPeople.TryRead(message, out var conference, out var member)) return;
        var to = AttributeOf(message, " to=\""u8) is > 0 and var last ? last : AttributeOf(message, " revision=\""u8);
        var seen = _lastSeen[conference];
        lock (seen)
        {
            if (to <= seen[member]) return;
            seen[member] = to;
        }

        // A snapshot has marks, too: none of them is delivered by it.
        if (message.IndexOf("<notification"u8) < 0) return;
        while (Answer.TryNextMark(ref message, out var number))
        {
            var index = number - OverloadRequests.FirstNumber;
            if ((uint)index >= (uint)capacity) continue;
            if (Interlocked.Increment(ref _reached[index]) != people.Members) continue;
            Volatile.Write(ref _doneAt[index], now);
            Interlocked.Increment(ref _finished);
            Progress.Set();
        }
    }

    /// <summary>Among the requests with a 202: events that somebody does not have, and events that reached somebody as
    /// part of a snapshot only.</summary>
    internal (int Missing, int BySnapshot) Judge(int from, int to, OverloadRequests requests)
    {
        var (missing, bySnapshot) = (0, 0);
        var least = _lastSeen.Select(Least).ToArray();
        for (var index = from; index < to; index++)
        {
            if (_status[index] != 202 || DoneAt(index) != 0) continue;
            var (conference, author) = requests.Author(index);
            // The author has its own event by its 202, which no MESSAGE may repeat.
            var (first, who, second) = least[conference];
            if ((who == author ? second : first) >= _revision[index]) bySnapshot++;
            else missing++;
        }

        return (missing, bySnapshot);
    }

    private static (int First, int Who, int Second) Least(int[] seen)
    {
        lock (seen)
        {
            var first = seen.Min();
            var who = Array.IndexOf(seen, first);
            return (first, who, seen.Where((_, member) => member != who).Min());
        }
    }

    private static int Revision(ReadOnlySpan<byte> response) =>
        response.IndexOf("Conference-Revision: "u8) is >= 0 and var at
        && Utf8Parser.TryParse(response[(at + 21)..], out int revision, out _) ? revision : 0;

    private static int AttributeOf(ReadOnlySpan<byte> message, ReadOnlySpan<byte> name) =>
        message.IndexOf(name) is >= 0 and var at
        && Utf8Parser.TryParse(message[(at + name.Length)..], out int value, out _) ? value : 0;
}
