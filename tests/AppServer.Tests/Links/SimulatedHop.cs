using AppServer.Links;

namespace AppServer.Tests.Links;

/// <summary>A next hop in virtual time, to which as much is sent as an <see cref="AdaptiveLimit"/> lets.</summary>
internal sealed class SimulatedHop(LimitBounds bounds, int seed = 17)
{
    private const int T1 = 500;

    private readonly PriorityQueue<(int Place, PlaceEnd End), long> _out = new();
    private readonly Random _random = new(seed);
    private double _busyUntil; // Of the hop's single server.

    internal AdaptiveLimit Limit { get; } = new(bounds);

    internal long Now { get; private set; }

    /// <summary>Requests that were answered in time and well.</summary>
    internal int Answered { get; private set; }

    /// <summary>The smallest limit since the last <see cref="Run"/> began.</summary>
    internal int Smallest { get; private set; }

    /// <summary>Milliseconds that the answer takes without any queue.</summary>
    internal int RoundTrip { get; set; } = 5;

    /// <summary>Requests the hop handles in a millisecond; the rest queues.</summary>
    internal double PerMillisecond { get; set; } = 1_000;

    /// <summary>Share that gets no answer,</summary>
    internal double Silent { get; set; }

    /// <summary>and share that gets a 503.</summary>
    internal double Busy { get; set; }

    /// <summary>So long somebody waits for a place at any time.</summary>
    internal void Run(int milliseconds, bool isSomebodyWaiting = true)
    {
        Smallest = Limit.Current;
        for (var end = Now + milliseconds; Now < end; Now++)
        {
            while (_out.TryPeek(out var request, out var due) && due <= Now)
            {
                _out.Dequeue();
                Limit.GiveBack(request.Place, request.End, isSomebodyWaiting, Now);
                if (request.End == PlaceEnd.Answered) Answered++;
            }

            Limit.Advance(Now);
            Smallest = Math.Min(Smallest, Limit.Current);
            var count = isSomebodyWaiting ? Limit.Room : Math.Min(1, Limit.Room);
            if (count == 0) continue;
            var others = Limit.Take(count, Now, out var first);
            for (var i = 0; i < count; i++) Send(i == 0 ? first : others);
        }
    }

    private void Send(int place)
    {
        var fate = _random.NextDouble();
        if (fate < Silent)
        {
            _out.Enqueue((place, PlaceEnd.Late), Now + T1);
            return;
        }

        _busyUntil = Math.Max(_busyUntil, Now) + (1 / PerMillisecond);
        var answered = (long)_busyUntil + RoundTrip;
        var end = fate < Silent + Busy ? PlaceEnd.Busy : PlaceEnd.Answered;
        if (answered - Now >= T1) (answered, end) = (Now + T1, PlaceEnd.Late);
        _out.Enqueue((place, end), answered);
    }
}
