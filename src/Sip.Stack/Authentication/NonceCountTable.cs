namespace Sip.Stack.Authentication;

/// <summary>What became of one use of a nonce.</summary>
public enum NonceUse
{
    /// <summary>This nonce-count was not seen before.</summary>
    Fresh,

    /// <summary>This nonce-count was used already, or is older than the window.</summary>
    Replayed,

    /// <summary>The nonce is as old as one that had to be forgotten, so its use cannot be judged.</summary>
    Forgotten,
}

/// <summary>Remembers which nonce-counts were used (RFC 7616 3.4, "nc"): a window of 64 per nonce.</summary>
/// <remarks>
/// A window and not a counter, because a client with several requests in flight over UDP is heard out of order. Only
/// answers with the right password enter the table, so a stranger cannot fill it. When it is full, the nonce that
/// came first is forgotten and everything issued no later than it is refused from then on, unless still in the table:
/// forgetting can cost a round trip but never lets a replay through.
/// </remarks>
public sealed class NonceCountTable
{
    private const int WindowBits = 64;

    private readonly int _noncesMax;
    private readonly long _lifetimeMs;
    private readonly Lock _gate = new();

    // Guarded by _gate.
    private readonly Dictionary<NonceStamp, Window> _windows = [];
    private readonly Queue<NonceStamp> _arrivals = new();
    private long _forgottenUpToMs = long.MinValue;

    /// <summary>Makes an empty table with the limit and the lifetime of <paramref name="options"/>.</summary>
    public NonceCountTable(DigestOptions options)
    {
        _noncesMax = options.NoncesMax;
        _lifetimeMs = (long)options.NonceLifetime.TotalMilliseconds;
    }

    /// <summary>How many nonces are remembered.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _windows.Count;
        }
    }

    /// <summary>Notes that a genuine nonce was used with this count.</summary>
    public NonceUse Use(NonceStamp nonce, uint nonceCount, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_windows.TryGetValue(nonce, out var window))
            {
                if (!window.TryMark(nonceCount)) return NonceUse.Replayed;
                _windows[nonce] = window;
                return NonceUse.Fresh;
            }

            if (nonce.IssuedAtMs <= _forgottenUpToMs) return NonceUse.Forgotten;
            DropExpired(now.ToUnixTimeMilliseconds());
            if (_windows.Count == _noncesMax) ForgetFirst();
            _windows.Add(nonce, Window.StartingWith(nonceCount));
            _arrivals.Enqueue(nonce);
            return NonceUse.Fresh;
        }
    }

    private void DropExpired(long nowMs)
    {
        while (_arrivals.TryPeek(out var oldest) && nowMs - oldest.IssuedAtMs > _lifetimeMs)
        {
            _windows.Remove(_arrivals.Dequeue());
        }
    }

    private void ForgetFirst()
    {
        var first = _arrivals.Dequeue();
        _windows.Remove(first);
        _forgottenUpToMs = Math.Max(_forgottenUpToMs, first.IssuedAtMs);
        AuthenticationMetrics.NoncesForgotten.Inc();
    }

    /// <summary>The highest count seen and, as bits, which of the 64 up to it were used.</summary>
    private struct Window
    {
        private uint _highest;
        private ulong _used; // Bit i stands for _highest - i.

        public static Window StartingWith(uint count) => new() { _highest = count, _used = 1 };

        public bool TryMark(uint count)
        {
            if (count > _highest)
            {
                var ahead = count - _highest;
                _used = ahead >= WindowBits ? 1 : (_used << (int)ahead) | 1;
                _highest = count;
                return true;
            }

            var behind = _highest - count;
            if (behind >= WindowBits || (_used & (1UL << (int)behind)) != 0) return false;
            _used |= 1UL << (int)behind;
            return true;
        }
    }
}
