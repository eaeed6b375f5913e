namespace Sip.Stack.Transactions;

/// <summary>The three times that all timers derive from (RFC 3261 17.1.1.1, table 4).</summary>
/// <param name="T1">Round-trip estimate: first resend after T1, give up after 64*T1.</param>
/// <param name="T2">Longest interval between resends of a non-INVITE request or an INVITE response.</param>
/// <param name="T4">How long a message may stay in the network.</param>
public sealed record SipTimes(TimeSpan T1, TimeSpan T2, TimeSpan T4)
{
    /// <summary>500 ms, 4 s, 5 s: the values of the RFC.</summary>
    public static SipTimes Default { get; } = new(
        TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(5));

    /// <summary>64*T1: timers B, F, H, J, L, M.</summary>
    public TimeSpan GiveUp => T1 * 64;
}
