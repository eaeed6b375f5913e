namespace Sip.Stack.Transport;

/// <summary>So many a second, and at most so many at once. Thread-safe.</summary>
internal sealed class RateBudget(int perSecond, TimeProvider time)
{
    private readonly Lock _gate = new();

    // Guarded by _gate.
    private double _left = perSecond;
    private long _at = time.GetTimestamp();

    /// <summary>Takes one; false when there is none left for now.</summary>
    internal bool TryTake()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            _left = Math.Min(perSecond, _left + (perSecond * time.GetElapsedTime(_at, now).TotalSeconds));
            _at = now;
            if (_left < 1) return false;
            _left--;
            return true;
        }
    }
}
