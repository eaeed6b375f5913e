using AppServer.Configuration;
using AppServer.FrontDoor.Admission;

namespace AppServer.Tests.FrontDoor.Admission;

/// <summary>A server that decides so many requests a second, one after the other, in virtual time: what a window does
/// to the waits in front of it. Behind it, on request, conferences that wait for a store.</summary>
internal sealed class SimulatedServer(AdmissionOptions options)
{
    internal const int RequestsMax = 4096;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly Random _chance = new(1);
    private readonly Queue<TimeSpan> _queue = new();
    private readonly List<TimeSpan> _waits = [];
    private SimulatedConference[] _conferences = [];
    private TimeSpan _now;
    private double _arrivals;
    private double _work;

    internal AdmissionWindow Window { get; } = new(options, RequestsMax);

    internal bool IsReduced => Window.IsReduced(_now);

    /// <summary>Requests per second that it decides.</summary>
    internal double Capacity { get; set; } = 4_000;

    /// <summary>What an append takes, however many requests are in it; each of 50 conferences has one at a time.
    /// </summary>
    internal TimeSpan AppendTime
    {
        init => _conferences = [.. Enumerable.Range(0, 50).Select(_ => new SimulatedConference(value))];
    }

    private int UnderWay => _queue.Count + _conferences.Sum(conference => conference.UnderWay);

    /// <summary>Offers requests for so long. What comes in one millisecond comes together.</summary>
    internal Result Run(double perSecond, TimeSpan duration)
    {
        _waits.Clear();
        var (offered, sizes) = (0, new List<int>());
        var refused = new int[2];
        for (var end = _now + duration; _now < end; _now += Tick)
        {
            _arrivals += perSecond * Tick.TotalSeconds;
            var together = (int)_arrivals;
            _arrivals -= together;
            offered += together;
            for (var i = 0; i < together; i++)
            {
                if (TryEnter()) continue;
                refused[i < together / 2 ? 0 : 1]++;
                Window.NoteRefused();
            }

            _work = Math.Min(_work + (Capacity * Tick.TotalSeconds), 1 + (Capacity * Tick.TotalSeconds));
            for (; _work >= 1 && _queue.Count > 0; _work--) Decide();
            foreach (var conference in _conferences)
                foreach (var (arrivedAt, storeTime) in conference.Advance(_now)) Note(arrivedAt, storeTime);
            sizes.Add(Window.Size);
        }

        _waits.Sort();
        return new Result(
            offered, refused[0], refused[1], _waits.Count / duration.TotalSeconds, At(0.99), sizes.Min(), sizes.Max());
    }

    private bool TryEnter()
    {
        if (IsReduced && _chance.NextDouble() >= AdmissionWindow.Chance((double)UnderWay / Window.Size)) return false;
        _queue.Enqueue(_now);
        return true;
    }

    private void Decide()
    {
        var arrivedAt = _queue.Dequeue();
        if (_conferences.Length == 0) Note(arrivedAt, TimeSpan.Zero);
        else _conferences[_chance.Next(_conferences.Length)].Take(arrivedAt, _now);
    }

    private void Note(TimeSpan arrivedAt, TimeSpan storeTime)
    {
        var wait = _now - arrivedAt;
        _waits.Add(wait - storeTime);
        Window.NoteDecided(
            _now, wait, TimeSpan.Zero, storeTime, UnderWay + 1, _conferences.Sum(conference => conference.WithStore));
    }

    private TimeSpan At(double fraction) =>
        _waits.Count == 0 ? TimeSpan.Zero : _waits[(int)(fraction * (_waits.Count - 1))];

    /// <param name="Offered">Requests.</param>
    /// <param name="RefusedFirst">Of those that came first in their millisecond.</param>
    /// <param name="RefusedLast">Of those that came last.</param>
    /// <param name="DecidedPerSecond">Of any time.</param>
    /// <param name="Wait99">Of those decided, without the time of the store.</param>
    /// <param name="SizeMin">Of the window.</param>
    /// <param name="SizeMax">Of the window.</param>
    internal sealed record Result(
        int Offered, int RefusedFirst, int RefusedLast, double DecidedPerSecond, TimeSpan Wait99, int SizeMin,
        int SizeMax)
    {
        internal int Refused => RefusedFirst + RefusedLast;
    }
}
