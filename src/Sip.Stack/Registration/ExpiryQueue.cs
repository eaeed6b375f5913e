namespace Sip.Stack.Registration;

/// <summary>
/// Says which keys may have run out, without a timer for each. Not thread-safe: the owner's lock guards it.
/// </summary>
/// <remarks>
/// A refresh costs nothing here: the key stays queued for its old time, and is queued again when that time finds it
/// still alive. So there is at most one entry per key, and one more for each time its expiry was brought forward.
/// </remarks>
internal sealed class ExpiryQueue<TKey>
    where TKey : notnull
{
    /// <summary>Stale places that are not worth a clearing.</summary>
    private const int SlackMax = 64;

    private readonly PriorityQueue<TKey, long> _due = new();
    private readonly Dictionary<TKey, long> _queuedFor = [];

    /// <summary>Sees to it that the key comes up at this time or before.</summary>
    public void Watch(TKey key, DateTimeOffset dueAt)
    {
        var due = dueAt.UtcTicks;
        if (_queuedFor.TryGetValue(key, out var queuedFor) && queuedFor <= due) return;
        _queuedFor[key] = due;
        _due.Enqueue(key, due);
        if (_due.Count > 2 * _queuedFor.Count + SlackMax) DropStale();
    }

    /// <summary>The key is gone. Its place in the queue is found stale later, or cleared when such places abound.
    /// </summary>
    public void Forget(TKey key) => _queuedFor.Remove(key);

    /// <summary>How many places are taken, stale ones included.</summary>
    public int Count => _due.Count;

    /// <summary>
    /// Takes the next key whose time has come. The owner looks whether it really ran out, or watches it anew.
    /// </summary>
    public bool TryTakeDue(DateTimeOffset now, out TKey key)
    {
        while (_due.TryPeek(out key!, out var due) && due <= now.UtcTicks)
        {
            _due.Dequeue();
            if (!_queuedFor.TryGetValue(key, out var queuedFor) || queuedFor != due) continue; // brought forward since
            _queuedFor.Remove(key);
            return true;
        }

        key = default!;
        return false;
    }

    private void DropStale()
    {
        _due.Clear();
        foreach (var (key, due) in _queuedFor) _due.Enqueue(key, due);
    }
}
