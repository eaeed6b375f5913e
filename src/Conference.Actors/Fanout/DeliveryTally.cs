using System.Numerics;
using Conference.Actors.Ports;

namespace Conference.Actors.Fanout;

/// <summary>What every delivery counts, in a stripe per processor, added to the instruments when they are read.
/// </summary>
/// <remarks>An instrument that two threads count on costs each of them a cache line from the other one, four times per
/// delivery; a stripe stays where it is. Deliveries are binned by powers of two of a millisecond, as the histogram is,
/// and their time is kept in sum: the histogram's sum is exact.</remarks>
internal sealed class DeliveryTally
{
    /// <summary>Bounds of the histogram: 1 ms, 2 ms ... 33 s; one more bin for what took longer.</summary>
    internal const int Bounds = 16;

    private const int Outcomes = 8; // A power of two that holds all of DeliveryOutcome.
    private const int EventsAt = Outcomes;
    private const int CountsAt = 16;
    private const int TimesAt = CountsAt + Bounds + 1;
    private const int StripeLength = 64; // 512 bytes: no two stripes share a cache line, nor its neighbour.

    private readonly long[][] _stripes =
        [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new long[StripeLength])];

    private long[] Stripe => _stripes[Thread.GetCurrentProcessorId() % _stripes.Length];

    /// <summary>A MESSAGE ended.</summary>
    internal void Ended(DeliveryOutcome outcome) => Interlocked.Increment(ref Stripe[(int)outcome]);

    /// <summary>A participant confirmed events.</summary>
    /// <param name="events">How many.</param>
    /// <param name="elapsed">Since the newest of them was durable.</param>
    internal void Confirmed(long events, TimeSpan elapsed)
    {
        var stripe = Stripe;
        var bin = BinOf(elapsed);
        Interlocked.Add(ref stripe[EventsAt], events);
        Interlocked.Increment(ref stripe[CountsAt + bin]);
        Interlocked.Add(ref stripe[TimesAt + bin], Math.Max(0, elapsed.Ticks));
    }

    /// <summary>Takes what was counted since the last call.</summary>
    internal Counts Take()
    {
        var sum = new long[StripeLength];
        foreach (var stripe in _stripes)
        {
            for (var i = 0; i < StripeLength; i++) sum[i] += Interlocked.Exchange(ref stripe[i], 0);
        }

        return new Counts(sum);
    }

    /// <summary>The bin of a time: the first bound that is not below it.</summary>
    internal static int BinOf(TimeSpan elapsed)
    {
        var milliseconds = (ulong)Math.Max(0, (elapsed.Ticks - 1) / TimeSpan.TicksPerMillisecond);
        return Math.Min(Bounds, 64 - BitOperations.LeadingZeroCount(milliseconds));
    }

    /// <summary>Sums over all stripes.</summary>
    internal readonly struct Counts(long[] sum)
    {
        internal long Events => sum[EventsAt];

        internal long Of(DeliveryOutcome outcome) => sum[(int)outcome];

        /// <summary>How many took a time of one bin, and their mean in seconds; the mean is in the bin.</summary>
        internal (long Count, double MeanSeconds) Bin(int bin)
        {
            var count = sum[CountsAt + bin];
            return (count, count == 0 ? 0 : sum[TimesAt + bin] / (double)count / TimeSpan.TicksPerSecond);
        }
    }
}
