using Sip.Stack.Transactions;

namespace Sip.Stack;

/// <summary>Retry-After of a refusal: not the same for all, or all come back at once.</summary>
/// <param name="Least">The shortest.</param>
/// <param name="Jitter">So much more at most.</param>
public readonly record struct RetryAfterRange(TimeSpan Least, TimeSpan Jitter)
{
    /// <summary>In whole seconds, at least one (RFC 3261 20.33); the same for every copy of a request.</summary>
    public int SecondsFor(RequestMark mark) =>
        Math.Max(1, Whole(Least) + (int)(mark.Jitter * (Whole(Jitter) + 1)));

    private static int Whole(TimeSpan span) => (int)Math.Ceiling(span.TotalSeconds);
}
