namespace Sip.Stack.Transactions;

/// <summary>The timers of RFC 3261 table 4 and RFC 6026, and two of our own. Timer C is a proxy's.</summary>
public enum TransactionTimer : byte
{
    /// <summary>No timer.</summary>
    None,

    /// <summary>INVITE request resend, unreliable transports: T1, doubling.</summary>
    A,

    /// <summary>INVITE client gives up: 64*T1.</summary>
    B,

    /// <summary>INVITE client absorbs response resends: at least 32 s, unreliable transports.</summary>
    D,

    /// <summary>Non-INVITE request resend, unreliable transports: T1, doubling up to T2.</summary>
    E,

    /// <summary>Non-INVITE client gives up: 64*T1.</summary>
    F,

    /// <summary>INVITE response resend, unreliable transports: T1, doubling up to T2.</summary>
    G,

    /// <summary>INVITE server stops waiting for the ACK: 64*T1.</summary>
    H,

    /// <summary>INVITE server absorbs ACK resends: T4, unreliable transports.</summary>
    I,

    /// <summary>Non-INVITE server absorbs request resends: 64*T1, unreliable transports.</summary>
    J,

    /// <summary>Non-INVITE client absorbs response resends: T4, unreliable transports.</summary>
    K,

    /// <summary>INVITE server in Accepted: 64*T1 (RFC 6026 7.1).</summary>
    L,

    /// <summary>INVITE client in Accepted: 64*T1 (RFC 6026 7.2).</summary>
    M,

    /// <summary>When 100 becomes due: 200 ms for INVITE (RFC 3261 17.2.1), later for others (RFC 4320 4.1).</summary>
    Trying,

    /// <summary>Non-INVITE server: the client gave up, so an answer would be late (RFC 4320 4.2).</summary>
    Expiry,
}
