namespace Sip.Stack.Registration;

/// <summary>Says which keys may have run out, without a timer for each. Not thread-safe: the owner's lock guards it.</summary>
/// <remarks>
/// A refresh costs nothing here: the key stays queued for its old time, and is queued again when that time finds it
/// still alive. So there is at most one entry per key, and one more for each time its expiry was brought forward.
/// </remarks>
internal sealed class ExpiryQueue<TKey>
    where TKey : notnull
{
    private readonly PriorityQueue<TKey, long> _due = new();
    private readonly Dictionary<TKey, long> _queuedFor = [];

    /// <summary>Sees to it that the key comes up at this time or before.</summary>
    public void Watch(TKey key, DateTimeOffset dueAt)
    {
        var due = dueAt.UtcTicks;
        if (_queuedFor.TryGetValue(key, out var queuedFor) && queuedFor <= due) return;
        _queuedFor[key] = due;
        _due.Enqueue(key, due);
    }

    /// <summary>Takes the next key whose time has come. The owner looks whether it really ran out, or watches it anew.</summary>
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
}
