namespace Sip.Stack.Transport;

/// <summary>Who waits for room in a write queue, in order, and how many have their turn. Not thread-safe;
/// <see cref="SipConnection"/> guards it.</summary>
/// <remarks>Woken are as many as there is room for, by what was refused for each on average: all at once would be
/// refused again but for the first few, every time. What they may queue is promised to them, as others still wait whom
/// nobody may overtake. Some of them send nothing after all, so that an empty queue forgets what was promised.
/// </remarks>
/// <param name="queueBytesMax">Of the write queue.</param>
internal sealed class RoomQueue(int queueBytesMax)
{
    private readonly Queue<Action> _waiting = new();
    private long _refusedBytes; // For those who wait.
    private int _largestBytes; // Of one that was refused, as long as somebody waits.
    private long _promisedBytes;

    internal bool IsEmpty => _waiting.Count == 0;

    /// <summary>A message found no room, and its owner is about to wait.</summary>
    internal void NoteRefused(int bytes)
    {
        _refusedBytes += bytes;
        _largestBytes = Math.Max(_largestBytes, bytes);
    }

    /// <summary>Comes last.</summary>
    internal void Add(Action callback) => _waiting.Enqueue(callback);

    /// <summary>Whether a message may be queued that has to wait its turn. If so, it has had it.</summary>
    internal bool TryEnter(int bytes)
    {
        if (IsEmpty) return true;
        if (_promisedBytes <= 0) return false;
        _promisedBytes -= bytes;
        return true;
    }

    /// <summary>Takes out whose turn it is; null when it is nobody's.</summary>
    /// <param name="usedBytes">Of the write queue. No turns before half of it is free: who waits comes in bunches, and
    /// each bunch fills writes of full size. Nor before the largest message fits, or it would be woken in vain and at
    /// once again.</param>
    internal List<Action>? TakeNext(int usedBytes)
    {
        if (IsEmpty || usedBytes > queueBytesMax / 2 || usedBytes + (long)_largestBytes > queueBytesMax) return null;
        if (usedBytes == 0 || _promisedBytes < 0) _promisedBytes = 0;

        // Not all that were refused wait in the end: no more than the largest, which fits.
        var averageBytes = Math.Clamp(_refusedBytes / _waiting.Count, 1, Math.Max(1, _largestBytes));
        var turns = (queueBytesMax - usedBytes - _promisedBytes) / averageBytes;
        if (turns < 1) return null;
        var next = new List<Action>((int)Math.Min(turns, _waiting.Count));
        while (next.Count < turns && _waiting.TryDequeue(out var callback)) next.Add(callback);
        _promisedBytes += next.Count * averageBytes;
        _refusedBytes = Math.Max(0, _refusedBytes - (next.Count * averageBytes));
        if (IsEmpty) (_refusedBytes, _largestBytes, _promisedBytes) = (0, 0, 0);
        return next;
    }

    /// <summary>Takes out all.</summary>
    internal List<Action>? TakeAll()
    {
        if (IsEmpty) return null;
        List<Action> all = [.. _waiting];
        _waiting.Clear();
        (_refusedBytes, _largestBytes, _promisedBytes) = (0, 0, 0);
        return all;
    }
}
