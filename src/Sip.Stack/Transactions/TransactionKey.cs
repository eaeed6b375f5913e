using System.Globalization;
using Sip.Stack.Messages;

namespace Sip.Stack.Transactions;

/// <summary>What identifies a server transaction (RFC 3261 17.2.3).</summary>
/// <param name="Branch">The top Via's branch, or for RFC 2543 clients what stands in for it.</param>
/// <param name="SentBy">The top Via's host and port, host in lower case: a branch is unique per sender only.</param>
/// <param name="Method">The method as written; INVITE for ACK.</param>
internal readonly record struct TransactionKey(string Branch, string SentBy, string Method)
{
    /// <summary>True when the client follows RFC 2543 and the branch says nothing.</summary>
    internal bool IsLegacy => !Branch.StartsWith(ViaHeader.MagicCookie, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The key of a request's own transaction; an ACK has that of its INVITE. The branch is compared with case: a
    /// resend
    /// and an ACK repeat it byte for byte, and some stacks count in mixed-case digits.
    /// </summary>
    internal static TransactionKey Of(SipRequest request)
    {
        var via = request.TopVia!;
        var method = request.Method == SipMethod.Ack ? "INVITE" : request.MethodName;
        var sentBy = SentByOf(via);
        return via.HasUniqueBranch
            ? new TransactionKey(via.Branch!, sentBy, method)
            : Legacy(request, method, sentBy, request.To?.Tag ?? "");
    }

    /// <summary>The key of an RFC 2543 INVITE whose ACK this is, when the INVITE had no To tag.</summary>
    internal static TransactionKey OfInitialInvite(SipRequest ack) =>
        Legacy(ack, "INVITE", SentByOf(ack.TopVia!), "");

    /// <summary>The same transaction under another method: what a CANCEL looks for (RFC 3261 9.2).</summary>
    internal TransactionKey WithMethod(string method) => this with { Method = method };

    private static string SentByOf(ViaHeader via) => string.Create(
        CultureInfo.InvariantCulture, $"{via.Host.ToLowerInvariant()}:{via.Port ?? 5060}");

    // RFC 3261 17.2.3: Request-URI, To tag, From tag, Call-ID, CSeq number and top Via agree. The To tag of an ACK is
    // the
    // one of our response, so the caller says which to use.
    private static TransactionKey Legacy(SipRequest request, string method, string sentBy, string toTag) => new(
        string.Join(
            '\n',
            request.RequestUriText,
            toTag,
            request.From?.Tag,
            request.CallId,
            request.CSeq?.Number,
            request.TopVia!.Branch),
        sentBy,
        method);
}

/// <summary>What two copies of one request have in common that came by different ways (RFC 3261 8.2.2.2).</summary>
internal readonly record struct MergeKey(string FromTag, string CallId, uint Number, string Method)
{
    /// <summary>Null when the request has a To tag: it cannot be merged then.</summary>
    internal static MergeKey? Of(SipRequest request) =>
        request.To?.Tag is null && request.From is { } from && request.CallId is { } callId && request.CSeq is { } cseq
            ? new MergeKey(from.Tag ?? "", callId, cseq.Number, cseq.MethodName)
            : null;
}
