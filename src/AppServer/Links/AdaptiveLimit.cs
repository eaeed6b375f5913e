namespace AppServer.Links;

/// <summary>How the use of a place in a window ended.</summary>
internal enum PlaceEnd : byte
{
    /// <summary>Nothing was sent, or the stream that it was sent over has ended: says nothing about the hop.</summary>
    Unused,

    /// <summary>There was an answer, whatever it says about the participant.</summary>
    Answered,

    /// <summary>500 or 503: somebody on the way has too much to do, maybe the hop.</summary>
    Busy,

    /// <summary>T1 has passed without an answer.</summary>
    Late,
}

/// <summary>Between what an <see cref="AdaptiveLimit"/> moves.</summary>
/// <param name="Min">It begins here.</param>
/// <param name="Max">Never more.</param>
/// <param name="DelayMax">By how much the fastest answers may be slower than the fastest of the last minute, in
/// milliseconds; 0: not looked at.</param>
internal readonly record struct LimitBounds(int Min, int Max, int DelayMax = 0);

/// <summary>How many requests may be out towards one next hop. Learns from the answers, as congestion control does.
/// </summary>
/// <remarks>
/// Pure: time comes in, in milliseconds. Not thread-safe.
/// <para>It grows while somebody waits for a place and answers come as usual: by one for each answer (doubled in a
/// round trip, RFC 5681 3.1) until it has shrunk once, by a sixteenth of that from then on.</para>
/// <para>It shrinks by what becomes of cohorts: all places taken in one slice of time. Their time to answer is the
/// <see cref="Patience"/>, the time-out of RFC 6298 from samples of one request at a time. Of the share without a good
/// answer half is taken off, as DCTCP does (RFC 8257 3.3), but only when it and its average over cohorts are more
/// than a third: a fifth of dead contacts is an ordinary day, and an S-CSCF that loses requests loses many. What is
/// missed with the smallest window as well is not of our making (half of the terminals are being paged, say): it is
/// learned there as usual, and a third of the rest has to be missed on top.</para>
/// <para>A hop that only gets slower loses an eighth at a time: when the fastest of eight answers is later than the
/// fastest of the last minute by more than the bound, as in LEDBAT (RFC 6817). The fastest, since a terminal that is
/// paged answers after a second behind an idle S-CSCF too; and a difference of times, not a ratio, since five times 1
/// ms is still no reason to send less.</para>
/// <para>Places without an answer in a cohort that is otherwise well are those of dead or slow terminals: they stop to
/// count, so that contacts that are gone do not hold the places of others until T1. When a whole cohort is late the hop
/// is what is late, and every place counts until it is given back.</para>
/// </remarks>
internal sealed class AdaptiveLimit
{
    // Share of a cohort without a good answer above which the hop is not well.
    private const double MissedMax = 1.0 / 3;

    // However little is sent: more than that is no usual day.
    private const double UsualMax = 3.0 / 4;

    // Places that a verdict is made from at least: of 32 with a fifth dead contacts, one in 25 verdicts misses more
    // than a third, and two in a million with the average.
    private const int VerdictPlaces = 32;

    private const double PatienceMin = 30; // Short pauses of our own, such as a collection, are no sign of the hop.
    private const double PatienceMax = 500; // T1: then the place is given back anyway.
    private const int CreditPerPlace = 16;
    private const uint SliceMask = uint.MaxValue >> 1;
    private const int SlicesPerPatience = 4;
    private const int SlicesKept = SlicesPerPatience + 1; // The one that is filled, and those that have time left.

    // Ten minutes at least. Who holds a place for longer has lost it.
    private const uint SlicesHeldMax = 100_000;

    private readonly LimitBounds _bounds;
    private readonly RoundTrips _roundTrips = new();
    private readonly Cohort[] _cohorts = new Cohort[8]; // By the last bits of the slice's number.
    private Cohort _judged; // Cohorts whose time is over and that were too small for a verdict.
    private uint _slice = SlicesKept + 1;
    private uint _released; // Places of this slice and of earlier ones do not count any more.
    private long _sliceEnd;
    private int _older; // Places of cohorts whose time is over that count.
    private double _missed; // Share without a good answer: an average,
    private double _usual; // and what it is when as little as possible is sent.
    private bool _isDelayed;
    private int _probe; // The place whose answer is timed; 0 for none.
    private long _probeAt;
    private bool _wasFull; // Somebody waited since the last look at delays.
    private bool _hasShrunk;
    private int _credit;

    internal AdaptiveLimit(LimitBounds bounds)
    {
        _bounds = bounds with { Min = Math.Min(bounds.Min, bounds.Max) };
        Current = _bounds.Min;
    }

    /// <summary>The limit as it is now.</summary>
    internal int Current { get; private set; }

    /// <summary>Places that count.</summary>
    internal int InUse { get; private set; }

    /// <summary>Places that may be taken.</summary>
    internal int Room => Math.Max(0, Current - InUse);

    /// <summary>Whether it never changes: then time is not looked at.</summary>
    internal bool IsFixed => _bounds.Min == _bounds.Max;

    /// <summary>How long an answer may take before it is missed, in milliseconds.</summary>
    internal double Patience =>
        _roundTrips.TimeOut is { } usual ? Math.Clamp(usual, PatienceMin, PatienceMax) : PatienceMax;

    private long SliceLength => (long)Patience / SlicesPerPatience;

    private bool IsMissing => _missed > MissedAt;

    private double MissedAt => _usual + ((1 - _usual) * MissedMax);

    /// <summary>What happened so far; for metrics.</summary>
    internal LimitChanges Changes { get; private set; }

    /// <summary>Takes places, of which there is room for.</summary>
    /// <param name="count">How many; more than 0.</param>
    /// <param name="now">Time.</param>
    /// <param name="first">Number of the first place: the one whose answer is timed, if any.</param>
    /// <returns>Number of all others.</returns>
    internal int Take(int count, long now, out int first)
    {
        InUse += count;
        first = 0;
        if (IsFixed) return 0;
        Advance(now);
        ref var cohort = ref CohortOf(_slice);
        cohort.Taken += count;
        cohort.Out += count;
        var place = (int)(_slice << 1);
        first = place;
        // One that was not given back at T1 will never be.
        if (_probe != 0 && now - _probeAt < 2 * PatienceMax) return place;
        first |= 1;
        (_probe, _probeAt) = (first, now);
        return place;
    }

    /// <summary>Gives a place back.</summary>
    /// <param name="place">Its number.</param>
    /// <param name="end">What it was used for.</param>
    /// <param name="isFull">Whether somebody waits for one.</param>
    /// <param name="now">Time.</param>
    internal void GiveBack(int place, PlaceEnd end, bool isFull, long now)
    {
        if (IsFixed)
        {
            InUse--;
            return;
        }

        var slice = (uint)place >> 1;
        if (IsAfter(slice, _slice - SlicesKept)) CohortOf(slice).End(end);
        else if (IsAfter(slice, _released)) _older--;
        if (IsAfter(slice, _released)) InUse--;
        _wasFull |= isFull;
        if (place == _probe) EndProbe(end, now);
        if (end == PlaceEnd.Answered && isFull && !IsMissing && !_isDelayed) Grow();
    }

    /// <summary>Looks at the clock: judges what has had its time.</summary>
    internal void Advance(long now)
    {
        if (IsFixed || now < _sliceEnd) return;
        for (var i = 0; i < SlicesKept && now >= _sliceEnd; i++)
        {
            _slice = (_slice + 1) & SliceMask;
            _sliceEnd += SliceLength;
            ref var over = ref CohortOf(_slice - SlicesKept);
            _older += over.Out;
            _judged.Add(over);
            over = default;
        }

        if (now >= _sliceEnd) _sliceEnd = now + SliceLength; // Nobody came by for so long.
        // One verdict for all: when it is we who slept, it counts once.
        var isWell = _judged.Taken >= VerdictPlaces && IsWell();
        if (isWell || ((_slice - _released) & SliceMask) > SlicesHeldMax) Release();
    }

    private ref Cohort CohortOf(uint slice) => ref _cohorts[slice & (uint)(_cohorts.Length - 1)];

    // The verdict over cohorts whose time is over.
    private bool IsWell()
    {
        var share = 1 - ((double)_judged.Good / _judged.Taken);
        var isBusy = _judged.Busy * 2 > _judged.Taken - _judged.Good;
        _judged = default;
        _missed += (share - _missed) / 4;
        if (Current == _bounds.Min) _usual += (_missed - _usual) / 4;
        _usual = Math.Min(_usual, Math.Min(_missed, UsualMax));
        if (share > MissedAt)
        {
            if (IsMissing) Shrink(1 - (Math.Max(share, _missed) / 2), isBusy ? PlaceEnd.Busy : PlaceEnd.Late);
            return false;
        }

        return !IsMissing; // Else it was not well a moment ago.
    }

    private void Release()
    {
        Changes = Changes with { Overdue = Changes.Overdue + _older };
        InUse -= _older;
        _older = 0;
        _released = (_slice - SlicesKept) & SliceMask;
    }

    private void EndProbe(PlaceEnd end, long now)
    {
        _probe = 0;
        if (end is not (PlaceEnd.Answered or PlaceEnd.Busy)) return;
        var delayAtLook = _roundTrips.Add((int)Math.Min(now - _probeAt, int.MaxValue), now);
        _sliceEnd = Math.Min(_sliceEnd, now + SliceLength);
        if (delayAtLook is not { } delay) return;
        _isDelayed = _bounds.DelayMax > 0 && delay > _bounds.DelayMax;
        if (_isDelayed && _wasFull) Shrink(7.0 / 8, null);
        _wasFull = false;
    }

    private void Grow()
    {
        if (Current >= _bounds.Max) return;
        _credit += _hasShrunk ? 1 : CreditPerPlace;
        if (_credit < CreditPerPlace) return;
        _credit -= CreditPerPlace;
        Current++;
        Changes = Changes with { Grown = Changes.Grown + 1 };
    }

    private void Shrink(double factor, PlaceEnd? because)
    {
        _credit = 0;
        if (Current <= _bounds.Min) return;
        _hasShrunk = true;
        Current = Math.Max(_bounds.Min, (int)(Current * factor));
        Changes = because switch
        {
            PlaceEnd.Busy => Changes with { ShrunkBusy = Changes.ShrunkBusy + 1 },
            PlaceEnd.Late => Changes with { ShrunkLate = Changes.ShrunkLate + 1 },
            _ => Changes with { ShrunkDelay = Changes.ShrunkDelay + 1 },
        };
    }

    // Slice numbers wrap around; what is compared is never far apart.
    private static bool IsAfter(uint slice, uint other) => (int)((slice - other) << 1) > 0;

    /// <summary>The places taken in one slice of time.</summary>
    private struct Cohort
    {
        internal int Taken;
        internal int Out;
        internal int Good;
        internal int Busy;

        internal void End(PlaceEnd end)
        {
            Out--;
            if (end == PlaceEnd.Unused) Taken--;
            if (end == PlaceEnd.Answered) Good++;
            if (end == PlaceEnd.Busy) Busy++;
        }

        internal void Add(in Cohort other)
        {
            Taken += other.Taken;
            Good += other.Good;
            Busy += other.Busy;
        }
    }
}

/// <summary>What an <see cref="AdaptiveLimit"/> did so far.</summary>
/// <param name="Grown">By so many places, since answers came as usual.</param>
/// <param name="ShrunkLate">Times, since many answers did not come in time.</param>
/// <param name="ShrunkBusy">Times, since many answers were 500 or 503.</param>
/// <param name="ShrunkDelay">Times, since all answers came slower.</param>
/// <param name="Overdue">Places that stopped to count before their answer came.</param>
internal readonly record struct LimitChanges(
    long Grown, long ShrunkLate, long ShrunkBusy, long ShrunkDelay, long Overdue)
{
    /// <summary>Of two limits together.</summary>
    internal LimitChanges And(in LimitChanges other) => new(
        Grown + other.Grown, ShrunkLate + other.ShrunkLate, ShrunkBusy + other.ShrunkBusy,
        ShrunkDelay + other.ShrunkDelay, Overdue + other.Overdue);
}
