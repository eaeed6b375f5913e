using AppServer.Configuration;

namespace AppServer.FrontDoor.Admission;

/// <summary>How many requests may be under way, so that the typical one does not wait too long. Pure: time comes in,
/// the caller locks.</summary>
/// <remarks>
/// <para>What is under way waits for n / (decided per second) (Little's law). So the number that may be under way is
/// the rate at which requests are decided times the wait that is allowed; to which comes what is with the store, since
/// the store's own time is no queueing, however long it is. Both are measured: nothing is assumed about
/// the machine, the store or what a request costs, and nobody asks how busy the processors are.</para>
/// <para>The store's own time is that of the quickest append lately, <see cref="StoreTimes"/> times: that of the append
/// under way when the request comes, and of its own. What the store takes beyond it, it takes because too much is asked
/// of it, or of the processors, at a time: that is queueing.</para>
/// <para>It is judged once per interval, by the median: a conference that waits alone, or a few quick answers, do not
/// speak for the server. While the server is busy it is also judged by what those that are under way are going to wait,
/// since those that are decided tell of a time before the rush. The interval is longer by the time of the store: what
/// was done shows no sooner, and what is stored together is decided together.</para>
/// <para>Above the allowed wait the window first stops growth (it closes to what is under way, which a pause of the
/// collector has recovered from by the next interval; while nobody is refused that may be far less than it was), then
/// closes in proportion, by half at most per interval, down to the rate times the wait. It opens again, by a tenth,
/// only below three quarters of the allowed wait: in between nothing changes, so it does not swing. When nobody is
/// refused any more it doubles; when nothing was asked for a while it is open.</para>
/// </remarks>
internal sealed class AdmissionWindow
{
    /// <summary>Quickest appends that a request may take at the store while nothing queues up.</summary>
    internal const int StoreTimes = 2;

    // Fewer say nothing about the typical one.
    private const int SamplesMin = 16;
    private const double CalmShare = 0.75;
    private const double CloseShareMin = 0.5;

    // Of the allowed wait, when waiting in the kernel takes more than the rest: closing the window cannot cure that.
    private const double BudgetShareMin = 0.25;

    // With few requests or a slow store an interval lasts longer, up to this.
    private static readonly TimeSpan IntervalMax = TimeSpan.FromSeconds(1);

    // Every request under way has its outcome by then: when there was none, there was nothing to do.
    private static readonly TimeSpan ValidFor = TimeSpan.FromSeconds(5);

    private readonly AdmissionOptions _options;
    private readonly int _requestsMax;
    private readonly WaitHistogram _waits = new();
    private readonly WaitHistogram _waitsBeforeReceipt = new();
    private readonly WaitHistogram _turns = new();
    private readonly QuickestLately _appends = new();
    private long _began; // ticks
    private TimeSpan _storeTime; // the store's own, of all together
    private int _mostUnderWay;
    private int _leastUnderWay = int.MaxValue;
    private int _underWay; // at the last decision,
    private int _withStore; // and of them with the store
    private int _refused;
    private int _size;

    /// <param name="options">Wait, interval, least number.</param>
    /// <param name="requestsMax">Its size while nobody waits too long.</param>
    internal AdmissionWindow(AdmissionOptions options, int requestsMax)
    {
        _options = options;
        _requestsMax = _size = requestsMax;
    }

    /// <summary>Requests that may be under way. Any thread may read it.</summary>
    internal int Size => Volatile.Read(ref _size);

    /// <summary>Whether it is smaller than the limit that always holds: then places are shared out. Any thread may ask.
    /// </summary>
    internal bool IsReduced(TimeSpan now) => Size < _requestsMax && !IsStale(now);

    /// <summary>What the typical request of the last interval waited; the store's own time not counted.</summary>
    internal TimeSpan Wait { get; private set; }

    /// <summary>Its size, and what the typical request waits. After a while in which nothing was decided it is open and
    /// nobody waits.</summary>
    internal (int Size, TimeSpan Wait) Describe(TimeSpan now) =>
        IsStale(now) ? (_requestsMax, TimeSpan.Zero) : (Size, Wait);

    /// <summary>The chance of a request to be admitted, by the share of its places that is taken: certain up to half
    /// of them, none when there is no place. In between it falls, so that who is refused does not depend on who comes
    /// first after a place has become free.</summary>
    internal static double Chance(double taken) => Math.Clamp(2 - (2 * taken), 0, 1);

    /// <summary>A conference has decided a request.</summary>
    /// <param name="now">Of a clock that never goes back.</param>
    /// <param name="wait">From its arrival in this machine to its outcome.</param>
    /// <param name="beforeReceipt">Of it: in the kernel, before the request was read.</param>
    /// <param name="storeTime">Of it: with the store.</param>
    /// <param name="underWay">Requests under way that a conference is to decide.</param>
    /// <param name="withStore">Of them: those that wait for the store and for nothing else.</param>
    internal void NoteDecided(
        TimeSpan now, TimeSpan wait, TimeSpan beforeReceipt, TimeSpan storeTime, int underWay, int withStore)
    {
        var own = OwnTime(now, storeTime);
        _waits.Add(wait - own);
        _waitsBeforeReceipt.Add(beforeReceipt);
        _storeTime += own;
        _mostUnderWay = Math.Max(_mostUnderWay, underWay);
        _leastUnderWay = Math.Min(_leastUnderWay, underWay);
        (_underWay, _withStore) = (underWay, withStore);
        Judge(now);
    }

    /// <summary>A conference had its turn at a worker of the fan-out.</summary>
    /// <param name="now">Of the same clock.</param>
    /// <param name="wait">Since it was scheduled.</param>
    internal void NoteTurn(TimeSpan now, TimeSpan wait)
    {
        _turns.Add(wait);
        Judge(now);
    }

    /// <summary>A request was refused for want of a place. Any thread.</summary>
    internal void NoteRefused() => Interlocked.Increment(ref _refused);

    private void Judge(TimeSpan now)
    {
        var elapsed = Since(now);
        if (elapsed < _options.Interval) return;
        if (elapsed < IntervalMax && (_waits.Count < SamplesMin || elapsed < _options.Interval + StoreTime)) return;
        if (IsStale(now)) Volatile.Write(ref _size, _requestsMax);
        else Resize(elapsed);
        _waits.Clear();
        _waitsBeforeReceipt.Clear();
        _turns.Clear();
        _storeTime = TimeSpan.Zero;
        _mostUnderWay = 0;
        _leastUnderWay = int.MaxValue;
        _refused = 0;
        Volatile.Write(ref _began, now.Ticks);
    }

    private TimeSpan OwnTime(TimeSpan now, TimeSpan storeTime)
    {
        if (storeTime <= TimeSpan.Zero) return TimeSpan.Zero;
        var most = StoreTimes * _appends.Add(now, storeTime);
        return storeTime < most ? storeTime : most;
    }

    // On average.
    private TimeSpan StoreTime => _waits.Count == 0 ? TimeSpan.Zero : _storeTime / _waits.Count;

    private TimeSpan Since(TimeSpan now) => now - new TimeSpan(Volatile.Read(ref _began));

    private bool IsStale(TimeSpan now) => Since(now) > ValidFor;

    private void Resize(TimeSpan elapsed)
    {
        Wait = _waits.Count >= SamplesMin ? TypicalWait(elapsed) : TimeSpan.Zero;
        var turn = _turns.Count >= SamplesMin ? _turns.Median() : TimeSpan.Zero;
        var longest = turn > Wait ? turn : Wait;
        if (longest > _options.WaitMax)
            Volatile.Write(ref _size, Smaller(elapsed, longest, turn));
        else if (longest < CalmShare * _options.WaitMax)
            Volatile.Write(ref _size, Larger());
    }

    private int Larger() => (int)Math.Min(_requestsMax, _refused > 0 ? Size + 1L + (Size / 10) : Size * 2L);

    private TimeSpan TypicalWait(TimeSpan elapsed)
    {
        var wait = _waits.Median();
        // With the store are as many as it decides in its own time (Little's law); more of them queue up for it. That
        // cannot be told when its own time is long: what is decided comes in bunches then.
        var inStore = StoreTime > _options.WaitMax
            ? _withStore
            : Math.Min(_withStore, _waits.Count * (StoreTime / elapsed));
        if (_leastUnderWay - inStore < _options.RequestsMin) return wait;
        // Busy all the time, so what was decided is what can be: the last one to come waits for all before it.
        var ahead = elapsed * ((_underWay - inStore) / _waits.Count);
        return ahead > wait ? ahead : wait;
    }

    private int Smaller(TimeSpan elapsed, TimeSpan wait, TimeSpan turn)
    {
        // Below half of it nobody was refused: it did not hold anything back yet.
        if (_mostUnderWay < Size / 2) return Math.Max(_options.RequestsMin, _mostUnderWay);
        var budget = _options.WaitMax - _waitsBeforeReceipt.Median();
        if (budget < BudgetShareMin * _options.WaitMax) budget = BudgetShareMin * _options.WaitMax;
        var perSecond = _waits.Count / elapsed.TotalSeconds;
        var places = perSecond * budget.TotalSeconds;
        // Deliveries that are late are late by what was admitted before.
        if (turn > _options.WaitMax) places *= _options.WaitMax / turn;
        // Those who are with the store have a place, too.
        places += perSecond * StoreTime.TotalSeconds;
        var inProportion = Size * Math.Max(CloseShareMin, _options.WaitMax / wait);
        return (int)Math.Max(_options.RequestsMin, Math.Max(places, inProportion));
    }
}
