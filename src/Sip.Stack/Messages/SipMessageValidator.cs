namespace Sip.Stack.Messages;

/// <summary>
/// Whether the values that every element must understand make sense: Via, From, To, Call-ID, CSeq, Max-Forwards, and
/// in a request also Contact, Route and Record-Route. Allocates nothing.
/// </summary>
internal static class SipMessageValidator
{
    internal static SipParseOutcome Check(ReadOnlySpan<byte> message, SipMessageIndex index, SipParseLimits limits)
    {
        if (index.IsRequest && !SipUriView.TryParse(index.RequestUri.Of(message), out _))
        {
            return SipParseOutcome.BadRequestUri;
        }

        var outcome = CheckDialogFields(message, index);
        if (outcome != SipParseOutcome.Ok)
        {
            return outcome;
        }

        outcome = CheckList(message, index, SipHeaderName.Via, SipParseOutcome.BadVia, limits);
        return outcome == SipParseOutcome.Ok && index.IsRequest ? CheckRequest(message, index, limits) : outcome;
    }

    private static SipParseOutcome CheckDialogFields(ReadOnlySpan<byte> message, SipMessageIndex index)
    {
        if (!NameAddressView.IsValid(First(message, index, SipHeaderName.From)))
        {
            return SipParseOutcome.BadFrom;
        }

        if (!NameAddressView.IsValid(First(message, index, SipHeaderName.To)))
        {
            return SipParseOutcome.BadTo;
        }

        var callId = First(message, index, SipHeaderName.CallId);
        // The grammar's letters are fewer, but "=" and "," of Base64 are in use and harm nobody.
        if (callId.IsEmpty || callId.ContainsAnyExceptInRange((byte)'!', (byte)'~'))
        {
            return SipParseOutcome.BadCallId;
        }

        if (!CSeqHeader.TryCut(First(message, index, SipHeaderName.CSeq), out _, out var method))
        {
            return SipParseOutcome.BadCSeq;
        }

        return index.IsRequest && !method.SequenceEqual(index.Method.Of(message))
            ? SipParseOutcome.CSeqMethodMismatch
            : SipParseOutcome.Ok;
    }

    private static SipParseOutcome CheckRequest(
        ReadOnlySpan<byte> message, SipMessageIndex index, SipParseLimits limits)
    {
        if (index.Contains(SipHeaderName.MaxForwards)
            && (!SipLexer.TryReadNumber(First(message, index, SipHeaderName.MaxForwards), out var hops, out _)
                || hops > 255))
        {
            return SipParseOutcome.BadMaxForwards;
        }

        var outcome = CheckList(message, index, SipHeaderName.Contact, SipParseOutcome.BadContact, limits);
        outcome = outcome != SipParseOutcome.Ok
            ? outcome
            : CheckList(message, index, SipHeaderName.Route, SipParseOutcome.BadRoute, limits);
        return outcome != SipParseOutcome.Ok
            ? outcome
            : CheckList(message, index, SipHeaderName.RecordRoute, SipParseOutcome.BadRecordRoute, limits);
    }

    private static ReadOnlySpan<byte> First(ReadOnlySpan<byte> message, SipMessageIndex index, SipHeaderName name) =>
        index[index.FindFirst(name)].Value.Of(message);

    private static SipParseOutcome CheckList(
        ReadOnlySpan<byte> message,
        SipMessageIndex index,
        SipHeaderName name,
        SipParseOutcome bad,
        SipParseLimits limits)
    {
        var count = 0;
        var hasWildcard = false;
        for (var i = index.FindFirst(name); i >= 0; i = index.FindFirst(name, i + 1))
        {
            var rest = index[i].Value.Of(message);
            while (true)
            {
                var length = SipLexer.FirstValueLength(rest);
                var value = SipLexer.Trim(rest[..length]);
                var isWildcard = name == SipHeaderName.Contact && value.Length == 1 && value[0] == '*';
                hasWildcard |= isWildcard;
                if (!isWildcard && !IsValid(value, name))
                {
                    return bad;
                }

                if (++count > limits.ValuesPerHeaderMax)
                {
                    return SipParseOutcome.TooManyValues;
                }

                if (length == rest.Length)
                {
                    break;
                }

                rest = rest[(length + 1)..];
            }
        }

        // "*" stands alone (RFC 3261 20.10).
        return hasWildcard && count > 1 ? bad : SipParseOutcome.Ok;
    }

    private static bool IsValid(ReadOnlySpan<byte> value, SipHeaderName name) => name switch
    {
        SipHeaderName.Via => ViaView.TryParse(value, out _),
        SipHeaderName.Contact => NameAddressView.IsValid(value),
        _ => !value.IsEmpty && NameAddressView.IsValid(value),
    };
}
