namespace Sip.Stack.Transactions;

/// <summary>Answered transactions that are kept only for resends of requests that changed nothing, the first answered
/// first: they make room when there is none. Thread-safe; its lock is a leaf.</summary>
/// <remarks>Such a resend is decided anew, as if the answer had been stateless (RFC 3261 8.2.7), and without them
/// whoever sends 8,000 requests a second that are refused would take all places for 32 s each.</remarks>
internal sealed class SpareTransactions
{
    private readonly Lock _lock = new();
    private readonly Queue<ServerTransaction> _oldestFirst = new();

    /// <summary>How many there are, with some that have ended.</summary>
    internal int Count
    {
        get
        {
            lock (_lock) return _oldestFirst.Count;
        }
    }

    /// <summary>Whether an answer leaves nothing behind that a resend must not do again. A 5xx may: the request may
    /// still be carried out after the time for its answer.</summary>
    internal static bool IsSpareAfter(int status, string method) =>
        status is (>= 300 and < 500) or >= 600 || method == "OPTIONS";

    internal void Add(ServerTransaction transaction)
    {
        lock (_lock) _oldestFirst.Enqueue(transaction);
    }

    /// <summary>Forgets those that have ended by themselves: they do so in order.</summary>
    internal void Trim()
    {
        lock (_lock)
        {
            while (_oldestFirst.TryPeek(out var first) && first.IsEnded) _oldestFirst.Dequeue();
        }
    }

    /// <summary>Ends the oldest.</summary>
    /// <returns>False when there is none.</returns>
    internal bool TryEndOne()
    {
        ServerTransaction? oldest;
        lock (_lock)
        {
            do
            {
                if (!_oldestFirst.TryDequeue(out oldest)) return false;
            }
            while (oldest.IsEnded);
        }

        oldest.MakeRoom();
        SipMetrics.TransactionsEvicted.Inc();
        return true;
    }
}
