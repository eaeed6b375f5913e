using System.Numerics;

namespace AppServer.FrontDoor.Admission;

/// <summary>Waits of one interval, in buckets that are 19 % wide, so that a median costs no sorting.</summary>
internal sealed class WaitHistogram
{
    // Four for each doubling of a microsecond, up to 67 s.
    private const int PerOctave = 4;
    private const int Buckets = 26 * PerOctave;

    private readonly int[] _counts = new int[Buckets];

    /// <summary>Waits since <see cref="Clear"/>.</summary>
    internal int Count { get; private set; }

    internal void Add(TimeSpan wait)
    {
        _counts[BucketOf(wait)]++;
        Count++;
    }

    /// <summary>Half of the waits are shorter; zero when there are none.</summary>
    internal TimeSpan Median()
    {
        var left = (Count + 1) / 2;
        if (left == 0) return TimeSpan.Zero;
        var bucket = 0;
        while ((left -= _counts[bucket]) > 0) bucket++;
        return UpperEnd(bucket);
    }

    internal void Clear()
    {
        Array.Clear(_counts);
        Count = 0;
    }

    private static int BucketOf(TimeSpan wait)
    {
        var microseconds = (ulong)Math.Max(1, wait.Ticks / TimeSpan.TicksPerMicrosecond);
        var octave = BitOperations.Log2(microseconds);
        // The two bits behind the leading one: which quarter of the octave.
        var quarter = octave >= 2 ? (int)(microseconds >> (octave - 2)) & 3 : 0;
        return Math.Min(Buckets - 1, (octave * PerOctave) + quarter);
    }

    private static TimeSpan UpperEnd(int bucket)
    {
        var octave = bucket / PerOctave;
        return TimeSpan.FromMicroseconds((1L << octave) * (1 + ((bucket % PerOctave + 1) / (double)PerOctave)));
    }
}
