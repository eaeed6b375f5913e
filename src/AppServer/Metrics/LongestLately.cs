namespace AppServer.Metrics;

/// <summary>The longest of what was noted within the last one to two periods. Thread-safe.</summary>
/// <remarks>A gauge of the longest since the start would keep what the start itself cost; one of the longest since it
/// was last read would answer two readers differently.</remarks>
internal sealed class LongestLately(TimeSpan period, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private long _number; // Of the period that the newest note was in.
    private TimeSpan _before;
    private TimeSpan _current;

    internal void Note(TimeSpan length)
    {
        lock (_lock)
        {
            Turn();
            if (length > _current) _current = length;
        }
    }

    internal TimeSpan Read()
    {
        lock (_lock)
        {
            Turn();
            return _current > _before ? _current : _before;
        }
    }

    private void Turn()
    {
        var number = time.GetElapsedTime(_start).Ticks / period.Ticks;
        if (number == _number) return;
        _before = number == _number + 1 ? _current : TimeSpan.Zero;
        _current = TimeSpan.Zero;
        _number = number;
    }
}
