using System.Diagnostics;

namespace Load;

/// <summary>The members of one conference, and what each of them has got of its events.</summary>
/// <remarks>A cell for each event and member: whoever asks takes the rows and members that it wants.</remarks>
internal sealed class Audience
{
    private readonly long[] _sentAt;
    private readonly int[] _reached;
    private readonly float[] _milliseconds;
    private readonly byte[] _times;
    private readonly bool[] _wasHeldUp;

    /// <param name="name">Of the conference.</param>
    /// <param name="first">Number of its first member; numbers are unique in a run.</param>
    /// <param name="count">Members besides the chair.</param>
    /// <param name="events">Events that are followed.</param>
    internal Audience(string name, int first, int count, int events)
    {
        (Name, First, Count, Events) = (name, first, count, events);
        Conference = $"sip:conf-{name}@conf.example";
        Chair = $"sip:chair-{name}@conf.example";
        _sentAt = new long[events];
        _reached = new int[events];
        _milliseconds = new float[events * count];
        _times = new byte[events * count];
        _wasHeldUp = new bool[events * count];
    }

    internal string Name { get; }

    internal string Conference { get; }

    internal string Chair { get; }

    internal int First { get; }

    internal int Count { get; }

    internal int Events { get; }

    /// <summary>An event has reached the last member.</summary>
    internal event Action<int>? EventDone;

    /// <summary>The store has it already: it is not provisioned.</summary>
    internal bool IsSeeded { get; init; }

    /// <summary>As the provisioning file wants it.</summary>
    internal object Provisioned() => new
    {
        name = Name,
        chair = Chair,
        members = Participants.Names(First, Count)
            .Select(name => new { uri = $"sip:{name}@conf.example", role = "participant" }).ToArray(),
    };

    internal void NoteSent(int number) => Volatile.Write(ref _sentAt[number], Stopwatch.GetTimestamp());

    /// <summary>An event came to a member.</summary>
    /// <param name="member">From 0.</param>
    /// <param name="number">Of the event.</param>
    /// <param name="now">When.</param>
    /// <param name="wasLost">The MESSAGE it came in, or the answer to it, was lost at first.</param>
    /// <param name="freeSince">When a lost one before it had come through: what was sent earlier waited for that.
    /// </param>
    internal void Note(int member, int number, long now, bool wasLost, long freeSince)
    {
        if ((uint)number >= (uint)Events) return;
        var cell = (number * Count) + member;
        lock (_reached)
        {
            if (_times[cell] < byte.MaxValue) _times[cell]++;
            if (_times[cell] > 1) return;
            var sentAt = _sentAt[number];
            _milliseconds[cell] = (float)Stopwatch.GetElapsedTime(sentAt, now).TotalMilliseconds;
            _wasHeldUp[cell] = wasLost || sentAt < freeSince;
            if (++_reached[number] < Count) return;
        }

        EventDone?.Invoke(number);
    }

    /// <summary>Milliseconds from the sender's send to each member.</summary>
    /// <param name="events">Which of them.</param>
    /// <param name="isMeant">Whose; null for everybody.</param>
    /// <param name="withHeldUp">Also what waited for a lost MESSAGE or answer.</param>
    internal List<float> Each(Range events, Func<int, bool>? isMeant = null, bool withHeldUp = true)
    {
        var values = new List<float>();
        lock (_reached)
        {
            foreach (var cell in Cells(events, isMeant))
            {
                if (_times[cell] > 0 && (withHeldUp || !_wasHeldUp[cell])) values.Add(_milliseconds[cell]);
            }
        }

        return values;
    }

    /// <summary>A quantile within each event: its median over the events tells members who are late from a machine
    /// that is late now and then.</summary>
    internal List<float> WithinEach(
        Range events, double fraction, Func<int, bool>? isMeant = null, bool withHeldUp = true)
    {
        var (from, count) = events.GetOffsetAndLength(Events);
        return
        [
            .. Enumerable.Range(from, count)
                .Select(number => Each(number..(number + 1), isMeant, withHeldUp))
                .Where(values => values.Count > 0).Select(values => (float)Deliveries.At(values, fraction)),
        ];
    }

    /// <summary>Milliseconds until the last member had it, of each event that all have.</summary>
    internal List<float> Last(Range events)
    {
        var (from, count) = events.GetOffsetAndLength(Events);
        lock (_reached)
        {
            return
            [
                .. Enumerable.Range(from, count).Where(number => _reached[number] == Count)
                    .Select(number => _milliseconds.AsSpan(number * Count, Count).ToArray().Max()),
            ];
        }
    }

    /// <summary>Events times members that they did not come to.</summary>
    internal int Missing(Range events, Func<int, bool>? isMeant = null)
    {
        lock (_reached) return Cells(events, isMeant).Count(cell => _times[cell] == 0);
    }

    /// <summary>Events times members that they came to again.</summary>
    internal int Twice(Range events, Func<int, bool>? isMeant = null)
    {
        lock (_reached) return Cells(events, isMeant).Sum(cell => Math.Max(0, _times[cell] - 1));
    }

    private IEnumerable<int> Cells(Range events, Func<int, bool>? isMeant)
    {
        var (from, count) = events.GetOffsetAndLength(Events);
        for (var member = 0; member < Count; member++)
        {
            if (isMeant is not null && !isMeant(member)) continue;
            for (var number = from; number < from + count; number++) yield return (number * Count) + member;
        }
    }
}
