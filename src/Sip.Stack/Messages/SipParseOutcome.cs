namespace Sip.Stack.Messages;

/// <summary>
/// What became of an attempt to read a message. Closed: <see cref="SipParseOutcomes.Describe"/> has the status, the
/// reason phrase and the metric label of each. The first fault found is the one reported.
/// </summary>
public enum SipParseOutcome : byte
{
    /// <summary>Well formed.</summary>
    Ok,

    /// <summary>Nothing but line ends: a keep-alive (RFC 5626 3.5.1), to be ignored on UDP.</summary>
    KeepAlive,
    BadStartLine,
    BadStatusLine,
    BadVersion,
    BadRequestUri,
    StartLineTooLong,
    HeadNotTerminated,
    HeadTooLarge,
    TooManyHeaders,
    TooManyValues,

    /// <summary>A line without a colon, or a name that is not a token.</summary>
    BadHeaderLine,

    /// <summary>CR or LF alone.</summary>
    BadLineEnd,

    /// <summary>NUL that is not a quoted pair.</summary>
    BadCharacter,
    MissingVia,
    MissingFrom,
    MissingTo,
    MissingCallId,
    MissingCSeq,

    /// <summary>Only over a stream: without a length there is no next message (RFC 3261 18.3).</summary>
    MissingContentLength,
    RepeatedFrom,
    RepeatedTo,
    RepeatedCallId,
    RepeatedCSeq,
    RepeatedMaxForwards,
    RepeatedContentLength,
    RepeatedContentType,

    /// <summary>Another header field that may stand only once stands twice.</summary>
    RepeatedHeader,
    BadVia,
    BadFrom,
    BadTo,
    BadCallId,
    BadCSeq,
    CSeqMethodMismatch,
    BadMaxForwards,
    BadContentLength,
    BadContact,
    BadRoute,
    BadRecordRoute,

    /// <summary>The datagram ends before Content-Length says so (RFC 3261 18.3).</summary>
    BodyTooShort,
    MessageTooLarge,
}
