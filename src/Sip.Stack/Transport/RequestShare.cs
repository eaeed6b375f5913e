namespace Sip.Stack.Transport;

/// <summary>Which share of the requests that arrive is let into a receive queue, so that about so many a second are
/// read. Pure: time comes in.</summary>
/// <remarks>It is below 1 only once the queue has been nearly full: a burst that the queue holds is nobody's fault.
/// From what was read with the present share follows how many arrive, and from that the next share. It does not grow
/// while the queue is nearly full: little is read then because the reader is busy, not because little arrives.
/// </remarks>
internal sealed class RequestShare(int perSecondMax)
{
    /// <summary>How often it changes: 1,000 requests of the default limit.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    // Below it, hardly a resend of a request would ever be read.
    private const double ValueMin = 1.0 / 256;

    // When few were read chance has a large part in it.
    private const double GrowthMax = 2;

    private long _read;
    private TimeSpan _began;

    /// <summary>1 for all.</summary>
    internal double Value { get; private set; } = 1;

    /// <summary>Takes in what was read since the last call.</summary>
    /// <param name="requests">Requests that were taken from the queue, whatever became of them.</param>
    /// <param name="isNearlyFull">Whether the queue is.</param>
    /// <param name="now">Time.</param>
    /// <returns>Whether <see cref="Value"/> has changed.</returns>
    internal bool Note(int requests, bool isNearlyFull, TimeSpan now)
    {
        _read += requests;
        var elapsed = now - _began;
        if (elapsed < Interval) return false;
        var before = Value;
        if (Value < 1 || isNearlyFull)
        {
            var allowed = perSecondMax * elapsed.TotalSeconds;
            var growthMax = isNearlyFull ? 1 : GrowthMax;
            Value = Math.Clamp(Value * Math.Min(growthMax, allowed / Math.Max(1, _read)), ValueMin, 1);
        }

        (_read, _began) = (0, now);
        return Value != before;
    }
}
