namespace Sip.Stack.Messages;

/// <content>What must stand once, what must be there, and where the body ends.</content>
public sealed partial class SipMessageIndex
{
    private void NoteRepeated(SipHeaderName name)
    {
        if (!Contains(name) || name == SipHeaderName.Unknown)
        {
            return;
        }

        // Two components that take one of two values each are how a request is smuggled past a check.
        switch (name)
        {
            case SipHeaderName.From: Note(SipParseOutcome.RepeatedFrom); break;
            case SipHeaderName.To: Note(SipParseOutcome.RepeatedTo); break;
            case SipHeaderName.CallId: Note(SipParseOutcome.RepeatedCallId); break;
            case SipHeaderName.CSeq: Note(SipParseOutcome.RepeatedCSeq); break;
            case SipHeaderName.MaxForwards: Note(SipParseOutcome.RepeatedMaxForwards); break;
            case SipHeaderName.ContentLength: Note(SipParseOutcome.RepeatedContentLength); break;
            case SipHeaderName.ContentType: Note(SipParseOutcome.RepeatedContentType); break;
            case SipHeaderName.Expires or SipHeaderName.MinExpires or SipHeaderName.Event
                or SipHeaderName.SubscriptionState or SipHeaderName.PServedUser or SipHeaderName.ReferTo
                or SipHeaderName.RAck or SipHeaderName.RSeq or SipHeaderName.SessionExpires or SipHeaderName.MinSe:
                Note(SipParseOutcome.RepeatedHeader);
                break;
        }
    }

    private void FrameBody(ReadOnlySpan<byte> message)
    {
        var available = message.Length - BodyStart;
        BodyLength = available;
        var line = FindFirst(SipHeaderName.ContentLength);
        if (line < 0)
        {
            return;
        }

        if (!SipLexer.TryReadNumber(_entries[line].Value.Of(message), out var length, out _))
        {
            Note(SipParseOutcome.BadContentLength);
        }
        else if (length > available)
        {
            Note(SipParseOutcome.BodyTooShort);
        }
        else
        {
            BodyLength = (int)length;
        }
    }

    private void CheckPresence()
    {
        const ulong Mandatory = (1UL << (int)SipHeaderName.Via) | (1UL << (int)SipHeaderName.From)
            | (1UL << (int)SipHeaderName.To) | (1UL << (int)SipHeaderName.CallId) | (1UL << (int)SipHeaderName.CSeq);
        if ((_seen & Mandatory) == Mandatory)
        {
            return;
        }

        Note(!Contains(SipHeaderName.Via) ? SipParseOutcome.MissingVia
            : !Contains(SipHeaderName.From) ? SipParseOutcome.MissingFrom
            : !Contains(SipHeaderName.To) ? SipParseOutcome.MissingTo
            : !Contains(SipHeaderName.CallId) ? SipParseOutcome.MissingCallId
            : SipParseOutcome.MissingCSeq);
    }
}
