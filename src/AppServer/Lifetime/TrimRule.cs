namespace AppServer.Lifetime;

/// <summary>When memory is given back: many conferences went to sleep, and no more are going.</summary>
/// <param name="afterConferences">Fewer are not worth a collection.</param>
internal sealed class TrimRule(int afterConferences)
{
    private long _putAwayAtTrim;
    private long _putAwayAtLook;

    /// <summary>Asked now and then; a yes counts as done.</summary>
    /// <param name="putAway">Conferences put away since the start.</param>
    /// <param name="awake">Conferences in memory: a collection walks over them, so as many must have left.</param>
    internal bool IsDue(long putAway, long awake)
    {
        var isOver = putAway == _putAwayAtLook;
        _putAwayAtLook = putAway;
        if (!isOver || putAway - _putAwayAtTrim < Math.Max(afterConferences, awake)) return false;
        _putAwayAtTrim = putAway;
        return true;
    }
}
