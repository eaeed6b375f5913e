using System.Diagnostics;

namespace Load;

/// <summary>Counts arrivals by the millisecond: shows bursts that an average hides.</summary>
internal sealed class ArrivalLog
{
    private const int MillisecondsMax = 120_000;

    private readonly int[] _counts = new int[MillisecondsMax];
    private long _start = Stopwatch.GetTimestamp();

    /// <summary>Begins anew.</summary>
    internal void Begin()
    {
        Array.Clear(_counts);
        Volatile.Write(ref _start, Stopwatch.GetTimestamp());
    }

    internal void Note(long now)
    {
        var at = (long)Stopwatch.GetElapsedTime(Volatile.Read(ref _start), now).TotalMilliseconds;
        if (at is >= 0 and < MillisecondsMax) Interlocked.Increment(ref _counts[at]);
    }

    /// <summary>The most that came in any span of so many milliseconds.</summary>
    internal int MostWithin(int milliseconds)
    {
        var (sum, most) = (0, 0);
        for (var i = 0; i < _counts.Length; i++)
        {
            sum += _counts[i];
            if (i >= milliseconds) sum -= _counts[i - milliseconds];
            most = Math.Max(most, sum);
        }

        return most;
    }
}
