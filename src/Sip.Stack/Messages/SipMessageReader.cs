namespace Sip.Stack.Messages;

/// <summary>
/// Bytes to messages: indexes, validates, copies. Room 2. Any thread; nothing here throws on bad input.
/// </summary>
public static class SipMessageReader
{
    [ThreadStatic]
    private static SipMessageIndex? _index;

    /// <summary>Reads one message.</summary>
    /// <param name="bytes">A whole datagram, or one frame of a stream.</param>
    /// <param name="limits">What is too much.</param>
    /// <param name="message">
    /// A <see cref="SipRequest"/> or <see cref="SipResponse"/>; null unless the outcome is Ok.
    /// </param>
    /// <returns>The first fault. A malformed response is dropped; a malformed request may be answered by way of
    /// <see cref="TryReadForRefusal(ReadOnlySpan{byte}, SipParseLimits, out SipRequest?)"/>.</returns>
    public static SipParseOutcome TryRead(ReadOnlySpan<byte> bytes, SipParseLimits limits, out SipMessage? message)
    {
        message = null;
        var index = _index ??= new SipMessageIndex();
        var outcome = index.Parse(bytes, limits);
        if (outcome == SipParseOutcome.Ok)
        {
            outcome = SipMessageValidator.Check(bytes, index, limits);
        }

        if (outcome == SipParseOutcome.Ok)
        {
            message = index.IsRequest ? new SipRequest(bytes, index) : new SipResponse(bytes, index);
        }

        return outcome;
    }

    /// <summary>
    /// Reads what can be read of a malformed request, so that it can be refused. The status is that of the outcome
    /// that <see cref="TryRead"/> gave.
    /// </summary>
    /// <param name="bytes">The same bytes; the head alone will do.</param>
    /// <param name="limits">The same limits.</param>
    /// <param name="request">
    /// A request with <see cref="SipMessage.IsMalformed"/> set, and with a top Via to answer to.
    /// </param>
    /// <returns>
    /// False when nothing may be sent: the message is a response or an ACK, or has no Via to send an answer to.
    /// </returns>
    public static bool TryReadForRefusal(ReadOnlySpan<byte> bytes, SipParseLimits limits, out SipRequest? request)
    {
        request = null;
        var index = _index ??= new SipMessageIndex();
        if (index.Parse(bytes, limits) == SipParseOutcome.KeepAlive || !index.IsRequest
            || !index.Contains(SipHeaderName.Via) || IsAck(bytes, index))
        {
            return false;
        }

        request = new SipRequest(bytes, index, isMalformed: true);
        if (request.TopVia is null)
        {
            request = null;
        }

        return request is not null;
    }

    // By start line or by CSeq: when they differ, one of them is right, and an ACK is never answered (RFC 3261 17).
    private static bool IsAck(ReadOnlySpan<byte> bytes, SipMessageIndex index)
    {
        if (index.Method.Of(bytes).SequenceEqual("ACK"u8))
        {
            return true;
        }

        var line = index.FindFirst(SipHeaderName.CSeq);
        return line >= 0 && index[line].Value.Of(bytes).EndsWith("ACK"u8);
    }
}
