using Sip.Stack.Messages;

namespace Sip.Stack.Transactions;

/// <summary>What the ACK of a refused INVITE takes from the INVITE (RFC 3261 17.1.1.3).</summary>
internal sealed record AckOfRefusal(
    string RequestUri, string Via, IReadOnlyList<string> Route, string From, string CallId, uint Number)
{
    internal static AckOfRefusal Of(SipRequestBuilder invite, string via) => new(
        invite.RequestUri, via, [.. invite.RouteTexts], invite.FromText ?? "", invite.CallIdText, invite.CSeqNumber);

    /// <summary>To is that of the response; Via is the one of the INVITE alone, branch included.</summary>
    internal byte[] Build(SipResponse response)
    {
        using var writer = new SipMessageWriter();
        writer.RequestLine("ACK", RequestUri).Header(SipHeaderName.Via, Via).Header(SipHeaderName.MaxForwards, 70);
        foreach (var route in Route) writer.Header(SipHeaderName.Route, route);
        writer.Header(SipHeaderName.From, From);
        if (response.Headers.TryGetFirst(SipHeaderName.To, out var to)) writer.Header(SipHeaderName.To, to);
        return writer.Header(SipHeaderName.CallId, CallId)
            .Header(SipHeaderName.CSeq, $"{Number} ACK")
            .NoBody()
            .ToArray();
    }
}
