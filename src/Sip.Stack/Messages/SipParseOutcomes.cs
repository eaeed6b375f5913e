using System.Diagnostics;

namespace Sip.Stack.Messages;

/// <summary>The one table from <see cref="SipParseOutcome"/> to answer and metric label.</summary>
public static class SipParseOutcomes
{
    /// <summary>
    /// Says how a <em>request</em> with this fault is answered. A malformed response and an ACK are dropped whatever
    /// stands here; only the label counts for them.
    /// </summary>
    public static SipRefusal Describe(SipParseOutcome outcome) => outcome switch
    {
        SipParseOutcome.Ok => new(0, "", "ok"),
        SipParseOutcome.KeepAlive => new(0, "", "keep_alive"),
        SipParseOutcome.BadStartLine => new(400, "Bad Start Line", "bad_start_line"),
        SipParseOutcome.BadStatusLine => new(0, "Bad Status Line", "bad_status_line"),
        SipParseOutcome.BadVersion => new(505, "Version Not Supported", "bad_version"),
        SipParseOutcome.BadRequestUri => new(400, "Bad Request-URI", "bad_request_uri"),
        SipParseOutcome.StartLineTooLong => new(414, "Request-URI Too Long", "start_line_too_long"),
        SipParseOutcome.HeadNotTerminated => new(400, "Header Section Without End", "head_not_terminated"),
        SipParseOutcome.HeadTooLarge => new(513, "Header Section Too Large", "head_too_large"),
        SipParseOutcome.TooManyHeaders => new(513, "Too Many Header Fields", "too_many_headers"),
        SipParseOutcome.TooManyValues => new(400, "Too Many Values in a Header Field", "too_many_values"),
        SipParseOutcome.BadHeaderLine => new(400, "Bad Header Line", "bad_header_line"),
        SipParseOutcome.BadLineEnd => new(400, "CR or LF Alone in a Header Field", "bad_line_end"),
        SipParseOutcome.BadCharacter => new(400, "NUL in a Header Field", "bad_character"),
        SipParseOutcome.MissingVia => new(0, "Missing Via", "missing_via"),
        SipParseOutcome.MissingFrom => new(400, "Missing From", "missing_from"),
        SipParseOutcome.MissingTo => new(400, "Missing To", "missing_to"),
        SipParseOutcome.MissingCallId => new(400, "Missing Call-ID", "missing_call_id"),
        SipParseOutcome.MissingCSeq => new(400, "Missing CSeq", "missing_cseq"),
        SipParseOutcome.MissingContentLength => new(400, "Missing Content-Length", "missing_content_length"),
        _ => DescribeValue(outcome),
    };

    private static SipRefusal DescribeValue(SipParseOutcome outcome) => outcome switch
    {
        SipParseOutcome.RepeatedFrom => new(400, "Repeated From", "repeated_from"),
        SipParseOutcome.RepeatedTo => new(400, "Repeated To", "repeated_to"),
        SipParseOutcome.RepeatedCallId => new(400, "Repeated Call-ID", "repeated_call_id"),
        SipParseOutcome.RepeatedCSeq => new(400, "Repeated CSeq", "repeated_cseq"),
        SipParseOutcome.RepeatedMaxForwards => new(400, "Repeated Max-Forwards", "repeated_max_forwards"),
        SipParseOutcome.RepeatedContentLength => new(400, "Repeated Content-Length", "repeated_content_length"),
        SipParseOutcome.RepeatedContentType => new(400, "Repeated Content-Type", "repeated_content_type"),
        SipParseOutcome.RepeatedHeader => new(400, "Repeated Header Field", "repeated_header"),
        SipParseOutcome.BadVia => new(400, "Bad Via", "bad_via"),
        SipParseOutcome.BadFrom => new(400, "Bad From", "bad_from"),
        SipParseOutcome.BadTo => new(400, "Bad To", "bad_to"),
        SipParseOutcome.BadCallId => new(400, "Bad Call-ID", "bad_call_id"),
        SipParseOutcome.BadCSeq => new(400, "Bad CSeq", "bad_cseq"),
        SipParseOutcome.CSeqMethodMismatch => new(400, "CSeq Names Another Method", "cseq_method_mismatch"),
        SipParseOutcome.BadMaxForwards => new(400, "Bad Max-Forwards", "bad_max_forwards"),
        SipParseOutcome.BadContentLength => new(400, "Bad Content-Length", "bad_content_length"),
        SipParseOutcome.BadContact => new(400, "Bad Contact", "bad_contact"),
        SipParseOutcome.BadRoute => new(400, "Bad Route", "bad_route"),
        SipParseOutcome.BadRecordRoute => new(400, "Bad Record-Route", "bad_record_route"),
        SipParseOutcome.BodyTooShort => new(400, "Body Shorter Than Content-Length", "body_too_short"),
        SipParseOutcome.MessageTooLarge => new(513, "Message Too Large", "message_too_large"),
        _ => throw new UnreachableException($"No description for {outcome}"),
    };
}
