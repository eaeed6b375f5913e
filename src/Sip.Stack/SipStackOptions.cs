using Sip.Stack.Messages;
using Sip.Stack.Transactions;
using Sip.Stack.Transport;

namespace Sip.Stack;

/// <summary>Everything the stack is told at start.</summary>
public sealed record SipStackOptions
{
    /// <summary>Listeners, sockets, streams.</summary>
    public SipTransportOptions Transport { get; init; } = new();

    /// <summary>T1, T2, T4.</summary>
    public SipTimes Times { get; init; } = SipTimes.Default;

    /// <summary>What the parser accepts.</summary>
    public SipParseLimits ParseLimits { get; init; } = SipParseLimits.Default;

    /// <summary>
    /// Server transactions alive; beyond, the oldest that refused its request or answered OPTIONS makes room, and when
    /// there is none a new request gets a stateless 503. One holds about 1.1 KB for 32 s over UDP, so this is some
    /// 8,000 requests a second: more than are decided, since those that are not have none.
    /// </summary>
    public int ServerTransactionsMax { get; init; } = 262_144;

    /// <summary>Client transactions alive; beyond, sending says Refused.</summary>
    public int ClientTransactionsMax { get; init; } = 65_536;

    /// <summary>
    /// Malformed messages over UDP that are logged, and answered if they can be, in a second; more are only counted.
    /// 100: a client under development is told at once what is wrong, and an answer costs some 10 us.
    /// </summary>
    public int UdpMalformedPerSecondMax { get; init; } = 100;

    /// <summary>
    /// An INVITE that its user leaves unanswered this long gets 500: longer than anybody rings (timer C of a proxy is
    /// 3 minutes), and yet not for ever.
    /// </summary>
    public TimeSpan InviteAnswerTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Retry-After of the stack's own 503s: drain, and too many transactions.</summary>
    public RetryAfterRange RetryAfter { get; init; } = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));

    /// <summary>How names are looked up.</summary>
    public SipResolverOptions Resolver { get; init; } = new();

    /// <summary>Seen before the parser; see <see cref="IResponseInterceptor"/>.</summary>
    public IResponseInterceptor? ResponseInterceptor { get; init; }
}
