using Sip.Stack;

namespace AppServer.Configuration;

/// <summary>What is asked of a request before a conference sees it.</summary>
public sealed record FrontDoorOptions
{
    /// <summary>Longest wait for a conference before the sender gets 503. An S-CSCF by-passes an application server
    /// that takes 2 s.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromMilliseconds(1800);

    /// <summary>Largest body in bytes; a larger one is refused with 413. One page of 700 KB in Base64 fits.</summary>
    public int BodyBytesMax { get; init; } = 1_000_000;

    /// <summary>Most requests under way; beyond, 503 (overloaded). Each holds at most one message in memory. What is
    /// never refused for a wait (BYE, OPTIONS, the S-CSCF's REGISTER) does not count, and may be twice as many.
    /// </summary>
    public int RequestsMax { get; init; } = 4096;

    /// <summary>Retry-After of a 503: for the server as a whole.</summary>
    public TimeSpan ServerRetryAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Retry-After of a 480: for one sender or one conference.</summary>
    public TimeSpan SenderRetryAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How much longer than these two a Retry-After may be, in per cent, another one for each request. Default
    /// 100: who was refused together does not come back together.</summary>
    [ZeroAllowed]
    public int RetryAfterJitterPercent { get; init; } = 100;

    /// <summary>Retry-After of a status (RFC 3261 20.33): 503 speaks for the whole server (an S-CSCF may stop using
    /// it), 480 for this sender or conference only; null for others.</summary>
    internal RetryAfterRange? RetryAfter(int status) => status switch
    {
        503 => With(ServerRetryAfter),
        480 => With(SenderRetryAfter),
        _ => null,
    };

    private RetryAfterRange With(TimeSpan least) => new(least, least * RetryAfterJitterPercent / 100);
}
