namespace Conference.Client.Requests;

/// <summary>How a request is repeated. It keeps its id, so that the server counts it once (R3).</summary>
public sealed record RetryOptions
{
    /// <summary>Sends in all, the first included. Eight cover half a minute: a server that restarts is back by then.
    /// </summary>
    public int AttemptsMax { get; init; } = 8;

    /// <summary>The first pause; each further one is twice as long. As SIP's own T1.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest pause; also the longest Retry-After that is waited for.</summary>
    public TimeSpan DelayMax { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Pauses are stretched by up to this share at random, so that clients do not come back all at once.
    /// </summary>
    public double Jitter { get; init; } = 0.25;

    /// <summary>Whether another attempt may end better.</summary>
    /// <param name="status">SIP status; 0 when none came (time-out or transport failure).</param>
    public static bool IsTransient(int status) => status is 0 or 408 or 430 or 480 or 500 or 503 or 504;

    /// <summary>The pause before the next attempt; null when there is none.</summary>
    /// <param name="attempt">How many were made, from 1.</param>
    /// <param name="retryAfter">What the answer asked for; it counts where it is longer (RFC 3261 20.33).</param>
    /// <param name="random">0 up to 1.</param>
    public TimeSpan? DelayAfter(int attempt, TimeSpan? retryAfter, double random)
    {
        if (attempt >= AttemptsMax) return null;
        var delay = FirstDelay * Math.Pow(2, Math.Min(attempt - 1, 30));
        if (retryAfter is { } asked && asked > delay) delay = asked;
        if (delay > DelayMax) delay = DelayMax;
        return delay * (1 + (Jitter * random));
    }
}
