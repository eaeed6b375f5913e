namespace Conference.Actors.Focus;

/// <summary>How many commands of this node's conferences wait for the store, and for nothing else.</summary>
public sealed class StoreQueue
{
    private int _count;

    /// <summary>Commands whose append is under way, or that are in the one after it. Any thread.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>There are more of them, or fewer. Any thread.</summary>
    internal void Add(int more) => Interlocked.Add(ref _count, more);
}
