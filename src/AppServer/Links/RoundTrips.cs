namespace AppServer.Links;

/// <summary>How long answers of a next hop take. Pure; milliseconds.</summary>
internal sealed class RoundTrips
{
    /// <summary>Samples from which one look at the delay is made: one of eight terminals at least is not being paged.
    /// </summary>
    internal const int SamplesPerLook = 8;

    /// <summary>How long the fastest answer is remembered, to twice as long: routes change.</summary>
    internal const int FastestKept = 30_000;

    private double _mean;
    private double _deviation;
    private int _count; // Since the last look.
    private int _fastestNow = int.MaxValue; // Since the last look.
    private int _fastest = int.MaxValue; // Of this period,
    private int _fastestBefore = int.MaxValue; // and of the one before.
    private long _periodEnd = long.MinValue;

    /// <summary>After what time an answer is missed (RFC 6298 2); null before the first sample. Twice the mean at
    /// least: where all answers take the same time, a small change is no loss.</summary>
    internal double? TimeOut { get; private set; }

    /// <summary>Takes a sample.</summary>
    /// <returns>At every eighth one, by how much the fastest of them is slower than the fastest known.</returns>
    internal int? Add(int sample, long now)
    {
        // RFC 6298 2.2 and 2.3.
        if (TimeOut is null)
        {
            (_mean, _deviation) = (sample, sample / 2.0);
        }
        else
        {
            _deviation += (Math.Abs(_mean - sample) - _deviation) / 4;
            _mean += (sample - _mean) / 8;
        }

        TimeOut = _mean + Math.Max(_mean, 4 * _deviation);
        if (now >= _periodEnd)
        {
            (_fastestBefore, _fastest) = (_fastest, int.MaxValue);
            _periodEnd = now + FastestKept;
        }

        _fastest = Math.Min(_fastest, sample);
        _fastestNow = Math.Min(_fastestNow, sample);
        if (++_count < SamplesPerLook) return null;
        var delay = _fastestNow - Math.Min(_fastest, _fastestBefore);
        (_count, _fastestNow) = (0, int.MaxValue);
        return delay;
    }
}
