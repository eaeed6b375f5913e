namespace Sip.Stack.Messages;

/// <summary>How much of a message is read before it is refused. Every limit ends in a named outcome.</summary>
public sealed record SipParseLimits
{
    /// <summary>The limits that hold when nothing else is configured.</summary>
    public static SipParseLimits Default { get; } = new();

    /// <summary>
    /// Start line in bytes; beyond: <see cref="SipParseOutcome.StartLineTooLong"/> (414). Twice what nginx takes for
    /// a request line by default would be 16 KiB; a SIP URI with embedded headers stays far below 8 KiB.
    /// </summary>
    public int StartLineBytesMax { get; init; } = 8 * 1024;

    /// <summary>
    /// Start line and header fields in bytes; beyond: <see cref="SipParseOutcome.HeadTooLarge"/> (513). Kestrel's
    /// default for header fields is 32 KiB; IMS heads seen here have 2 KiB.
    /// </summary>
    public int HeadBytesMax { get; init; } = 32 * 1024;

    /// <summary>
    /// Header fields, one per line; beyond: <see cref="SipParseOutcome.TooManyHeaders"/> (513). Kestrel takes 100,
    /// but each hop in IMS adds Via and Record-Route lines.
    /// </summary>
    public int HeaderCountMax { get; init; } = 256;

    /// <summary>
    /// Values of one routing header (Via, Route, Record-Route, Contact), over all its lines; beyond:
    /// <see cref="SipParseOutcome.TooManyValues"/> (400). Max-Forwards starts at 70, so a longer Via list is a loop.
    /// </summary>
    public int ValuesPerHeaderMax { get; init; } = 100;

    /// <summary>
    /// A whole message in bytes over a stream; beyond: <see cref="SipParseOutcome.MessageTooLarge"/> (513). The
    /// largest that a tuned Kamailio sends is 1 MiB. A datagram is at most 65,535 bytes anyway.
    /// </summary>
    public int MessageBytesMax { get; init; } = 1024 * 1024;
}
