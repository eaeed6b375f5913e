namespace AppServer.FrontDoor.Admission;

/// <summary>The shortest of some times of the last ten seconds. Pure: time comes in, the caller locks.</summary>
internal sealed class QuickestLately
{
    private const int Seconds = 10;

    private readonly TimeSpan[] _shortest = new TimeSpan[Seconds]; // By second; the largest value for none.
    private long _second = -1;
    private TimeSpan _value = TimeSpan.MaxValue;

    internal QuickestLately() => Array.Fill(_shortest, TimeSpan.MaxValue);

    /// <summary>Takes a time in.</summary>
    /// <param name="now">Of a clock that never goes back.</param>
    /// <param name="time">It took.</param>
    /// <returns>The shortest, this one included.</returns>
    internal TimeSpan Add(TimeSpan now, TimeSpan time)
    {
        var second = (long)now.TotalSeconds;
        if (second > _second) Begin(second);
        ref var shortest = ref _shortest[second % Seconds];
        if (time < shortest) shortest = time;
        if (time < _value) _value = time;
        return _value;
    }

    private void Begin(long second)
    {
        for (var gone = Math.Min(Seconds, second - _second); gone > 0; gone--)
            _shortest[(second - gone + 1) % Seconds] = TimeSpan.MaxValue;
        _second = second;
        _value = _shortest.Min();
    }
}
