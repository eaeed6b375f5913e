using Sip.Stack.Messages;
using Sip.Stack.Transport;

namespace Sip.Stack;

/// <summary>Why a client transaction ended without a final response.</summary>
public enum SipClientFailure : byte
{
    /// <summary>It did not: there is a response.</summary>
    None,

    /// <summary>Timer B or F: treat as 408 (RFC 3261 8.1.3.1).</summary>
    Timeout,

    /// <summary>The request could not be sent, or its stream broke: treat as 503 (RFC 3261 8.1.3.1).</summary>
    Transport,

    /// <summary>The limit on client transactions is reached; nothing was sent.</summary>
    Refused,

    /// <summary>The caller cancelled, or the stack stopped.</summary>
    Cancelled,
}

/// <summary>The end of one client transaction.</summary>
/// <param name="Response">The final response; null on a failure.</param>
/// <param name="Failure">Why there is none.</param>
public sealed record SipClientResult(SipResponse? Response, SipClientFailure Failure)
{
    /// <summary>For a transport failure of a stream: why it ended.</summary>
    public LinkReason? LinkEnd { get; init; }

    /// <summary>The status as the transaction user sees it: 408 for a time-out, 503 for a transport failure.</summary>
    public int StatusCode => Response?.StatusCode ?? (Failure == SipClientFailure.Timeout ? 408 : 503);
}
