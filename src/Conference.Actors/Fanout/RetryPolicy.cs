namespace Conference.Actors.Fanout;

/// <summary>Says when a failed delivery is tried again. Pure: chance comes in as an argument.</summary>
internal static class RetryPolicy
{
    /// <summary>The pause before the next try.</summary>
    /// <param name="attempts">Tries that failed in a row, from 1.</param>
    /// <param name="retryAfter">What the answer asked for, null for nothing.</param>
    /// <param name="chance">From 0 to below 1: spreads those that failed together.</param>
    /// <param name="options">First, longest and how many.</param>
    /// <returns>Null when it is enough: the participant is parked.</returns>
    /// <remarks>Doubles from <see cref="FanoutOptions.RetryFirst"/> to <see cref="FanoutOptions.RetryLongest"/>, of
    /// which between half and all is waited. Retry-After (RFC 3261 20.33) is the least that is waited, up to
    /// <see cref="FanoutOptions.RetryAfterMax"/>, with a quarter on top at most, so that all who were told the same do
    /// not come back at the same moment.</remarks>
    internal static TimeSpan? Next(int attempts, TimeSpan? retryAfter, double chance, FanoutOptions options)
    {
        if (attempts > options.RetriesMax) return null;
        var doublings = Math.Min(attempts - 1, 20);
        var full = Math.Min(
            options.RetryFirst.TotalMilliseconds * (1 << doublings), options.RetryLongest.TotalMilliseconds);
        var pause = TimeSpan.FromMilliseconds(full * (0.5 + (0.5 * chance)));
        if (retryAfter is not { } asked) return pause;
        if (asked > options.RetryAfterMax)
        {
            FanoutMetrics.RetryAfterCut.Inc();
            asked = options.RetryAfterMax;
        }

        var spread = asked * (1 + (0.25 * chance));
        return spread > pause ? spread : pause;
    }

    /// <summary>How long a parked participant is left alone.</summary>
    /// <param name="chance">From 0 to below 1.</param>
    /// <param name="options">The longest.</param>
    /// <remarks>Between three quarters and all of <see cref="FanoutOptions.ParkedProbe"/>: a core that was away parks
    /// everybody at the same moment, and is not to be asked for everybody at the same moment.</remarks>
    internal static TimeSpan Probe(double chance, FanoutOptions options) =>
        options.ParkedProbe * (0.75 + (0.25 * chance));
}
