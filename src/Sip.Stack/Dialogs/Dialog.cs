using System.Collections.Immutable;
using Sip.Stack.Messages;

namespace Sip.Stack.Dialogs;

/// <summary>How far a dialog has come (RFC 3261 12).</summary>
public enum DialogStage
{
    /// <summary>Made by a provisional response.</summary>
    Early,

    /// <summary>Made or confirmed by a 2xx, or by NOTIFY for a subscription (RFC 6665 4.4.1).</summary>
    Confirmed,
}

/// <summary>The state that two user agents share (RFC 3261 12). Pure: each step gives a new value.</summary>
/// <remarks>
/// It knows no method but target refreshes, so INVITE, SUBSCRIBE and REFER build on the same one; what lives in it
/// (a session, a subscription) is its user's and kept beside it. Two usages may share one dialog (RFC 5057).
/// </remarks>
public sealed record Dialog
{
    /// <summary>Call-ID and tags.</summary>
    public required DialogId Id { get; init; }

    /// <summary>Early or confirmed.</summary>
    public required DialogStage Stage { get; init; }

    /// <summary>Our URI: To of a request received, From of one sent; without tag.</summary>
    public required string LocalUri { get; init; }

    /// <summary>The peer's URI.</summary>
    public required string RemoteUri { get; init; }

    /// <summary>The peer's Contact, where requests in the dialog are addressed to.</summary>
    public required string RemoteTarget { get; init; }

    /// <summary>
    /// Route values as they were recorded, first hop first. Kept byte for byte: an S-CSCF puts its state in there
    /// and does not know an entry again that was written anew.
    /// </summary>
    public required ImmutableArray<string> RouteSet { get; init; }

    /// <summary>CSeq of our last request; null before the first.</summary>
    public uint? LocalSequence { get; init; }

    /// <summary>CSeq of the peer's last request; null before the first.</summary>
    public uint? RemoteSequence { get; init; }

    /// <summary>Made by a sips request over TLS (RFC 3261 12.1.1).</summary>
    public bool IsSecure { get; init; }

    /// <summary>The UAS's dialog (RFC 3261 12.1.1): of a received request and the tag of our answer.</summary>
    /// <param name="request">INVITE, SUBSCRIBE, REFER or NOTIFY without a To tag.</param>
    /// <param name="localTag">The To tag of the answer.</param>
    public static DialogOutcome TryCreateAsServer(
        SipRequest request, string localTag, DialogStage stage, out Dialog? dialog)
    {
        dialog = null;
        if (request is not { CallId: { } callId, CSeq: { } cseq, From: { } from, To: { } to }
            || request.Contacts.Count != 1)
        {
            return DialogOutcome.Incomplete;
        }

        dialog = new Dialog
        {
            Id = new DialogId(callId, localTag, from.Tag ?? string.Empty),
            Stage = stage,
            LocalUri = to.UriText,
            RemoteUri = from.UriText,
            RemoteTarget = request.Contacts[0].UriText,
            RouteSet = Recorded(request, isReversed: false),
            RemoteSequence = cseq.Number,
            IsSecure = request.RequestUri is { IsSecure: true },
        };
        return DialogOutcome.Accepted;
    }

    /// <summary>The UAC's dialog (RFC 3261 12.1.2): of our request and a response with a To tag.</summary>
    /// <param name="requestUri">The Request-URI that we sent.</param>
    public static DialogOutcome TryCreateAsClient(SipResponse response, string requestUri, out Dialog? dialog)
    {
        dialog = null;
        if (DialogId.Of(response) is not { } id
            || response is not { CSeq: { } cseq, From: { } from, To: { } to } || response.Contacts.Count != 1)
        {
            return DialogOutcome.Incomplete;
        }

        dialog = new Dialog
        {
            Id = id,
            Stage = response.IsProvisional ? DialogStage.Early : DialogStage.Confirmed,
            LocalUri = from.UriText,
            RemoteUri = to.UriText,
            RemoteTarget = response.Contacts[0].UriText,
            RouteSet = Recorded(response, isReversed: true),
            LocalSequence = cseq.Number,
            IsSecure = requestUri.StartsWith("sips:", StringComparison.OrdinalIgnoreCase),
        };
        return DialogOutcome.Accepted;
    }

    /// <summary>Takes in a request of the peer (RFC 3261 12.2.2).</summary>
    /// <param name="next">The dialog afterwards; this one when the request is out of order.</param>
    /// <remarks>
    /// ACK and CANCEL carry the number of their INVITE and are not counted. A number may leap: some were spent on
    /// requests that another element answered with a challenge.
    /// </remarks>
    public DialogOutcome Receive(SipRequest request, out Dialog next)
    {
        next = this;
        if (request.Method is SipMethod.Ack or SipMethod.Cancel) return DialogOutcome.Accepted;
        if (request.CSeq is not { } cseq) return DialogOutcome.Incomplete;
        if (cseq.Number <= RemoteSequence) return DialogOutcome.OutOfOrder;
        next = this with { RemoteSequence = cseq.Number };
        if (IsTargetRefresh(request.Method) && request.Contacts.Count == 1)
        {
            next = next with { RemoteTarget = request.Contacts[0].UriText };
        }

        return DialogOutcome.Accepted;
    }

    /// <summary>
    /// The dialog after a 2xx to our own target refresh, or to the request that made it (RFC 3261 12.2.1.2).
    /// </summary>
    public Dialog Refresh(SipResponse response, SipMethod method)
    {
        if (!response.IsSuccess) return this;
        var next = this with { Stage = DialogStage.Confirmed };
        if (IsTargetRefresh(method) && response.Contacts.Count == 1)
        {
            next = next with { RemoteTarget = response.Contacts[0].UriText };
        }

        // 13.2.2.4: until the dialog is confirmed, the 2xx has the last word on the route set.
        return Stage == DialogStage.Early ? next with { RouteSet = Recorded(response, isReversed: true) } : next;
    }

    /// <summary>
    /// Begins a request in the dialog (RFC 3261 12.2.1.1). Via, Max-Forwards and the body are the caller's.
    /// </summary>
    /// <param name="method">Any but ACK and CANCEL, whose numbers come from their INVITE.</param>
    /// <param name="next">The dialog with the number spent; must replace this one before the request is sent.</param>
    public SipRequestBuilder NewRequest(string method, out Dialog next)
    {
        var sequence = (LocalSequence ?? 0) + 1;
        next = this with { LocalSequence = sequence };
        return Build(method, sequence);
    }

    /// <summary>The ACK of a 2xx: the number of its INVITE, its own transaction (RFC 3261 13.2.2.4).</summary>
    public SipRequestBuilder NewAck(uint inviteSequence) => Build("ACK", inviteSequence);

    private SipRequestBuilder Build(string method, uint sequence)
    {
        var (requestUri, routes) = Address();
        var request = new SipRequestBuilder(method, requestUri)
            .From(Address(LocalUri, Id.LocalTag))
            .To(Address(RemoteUri, Id.RemoteTag))
            .CallId(Id.CallId)
            .CSeq(sequence);
        foreach (var route in routes) request.Route(route);
        return request;
    }

    /// <summary>
    /// RFC 3261 12.2.1.1: to a loose router the target stands in the Request-URI and the route set in Route; to a
    /// strict router of RFC 2543 the first route takes the Request-URI and the target goes to the end.
    /// </summary>
    private (string RequestUri, IEnumerable<string> Routes) Address()
    {
        if (RouteSet.IsEmpty) return (RemoteTarget, []);
        if (!NameAddress.TryParse(RouteSet[0], out var first) || first.Uri is not { HasLooseRouting: false } strict)
        {
            return (RemoteTarget, RouteSet);
        }

        // 19.1.1: headers and method may not stand in a Request-URI.
        var requestUri = strict with { HeadersText = null, Parameters = strict.Parameters.Without("method") };
        return (requestUri.ToString(), [.. RouteSet.Skip(1), $"<{RemoteTarget}>"]);
    }

    private static string Address(string uri, string tag) => tag.Length == 0 ? $"<{uri}>" : $"<{uri}>;tag={tag}";

    private static ImmutableArray<string> Recorded(SipMessage message, bool isReversed)
    {
        var routes = ImmutableArray.CreateBuilder<string>();
        foreach (var value in message.Headers.Values(SipHeaderName.RecordRoute))
        {
            routes.Add(System.Text.Encoding.UTF8.GetString(value));
        }

        if (isReversed) routes.Reverse();
        return routes.ToImmutable();
    }

    /// <summary>Methods whose Contact moves the remote target (RFC 3261 12.2, RFC 3311 5.1, RFC 6665 4.4.1).</summary>
    private static bool IsTargetRefresh(SipMethod method) => method is SipMethod.Invite or SipMethod.Update
        or SipMethod.Subscribe or SipMethod.Notify or SipMethod.Refer;
}
