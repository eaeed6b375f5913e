using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Sip.Stack.Messages;
using Sip.Stack.Transport;

namespace Sip.Stack.Registration;

/// <summary>REGISTER messages to commands and reports.</summary>
public static class RegisterRequests
{
    private const int DefaultPreference = 1000;

    /// <summary>Reads a REGISTER of a user agent.</summary>
    /// <returns>False when a Contact or Path value cannot be read: part of a request is not to be acted on.</returns>
    public static bool TryRead(SipRequest request, in SipPeer peer, [NotNullWhen(true)] out RegisterCommand? command)
    {
        command = null;
        if (request is not { CallId: { } callId, CSeq: { } cseq }) return false;
        var isWildcard = request.IsContactWildcard;
        if (!isWildcard && request.Contacts.Count != Count(request, SipHeaderName.Contact)) return false;
        if (request.Path.Count != Count(request, SipHeaderName.Path)) return false;

        command = new RegisterCommand
        {
            CallId = callId,
            CSeq = cseq.Number,
            IsWildcard = isWildcard,
            Contacts = isWildcard ? [] : [.. request.Contacts.Select(Read)],
            HeaderExpires = request.Expires,
            Path = [.. request.Path.Select(hop => hop.ToString())],
            SupportsPath = Names(request.Supported, "path") || Names(request.Require, "path"),
            Flow = BindingFlow.From(peer),
        };
        return true;
    }

    /// <summary>Reads a third-party REGISTER of an S-CSCF (TS 24.229 5.4.1.7).</summary>
    /// <returns>False when To is no identity, or Call-ID or CSeq is missing.</returns>
    public static bool TryReadReport(SipRequest request, [NotNullWhen(true)] out ThirdPartyReport? report)
    {
        report = null;
        if (request is not { CallId: { } callId, CSeq: { } cseq }
            || !AddressOfRecord.TryGetIdentity(request.To?.Uri, out var identity))
        {
            return false;
        }

        var associated = new List<string>();
        foreach (var uri in request.PAssociatedUri)
        {
            if (AddressOfRecord.TryGetIdentity(uri, out var one)) associated.Add(one);
        }

        report = new ThirdPartyReport(
            identity, callId, cseq.Number, request.TopVia?.Branch, request.Expires, associated);
        return true;
    }

    private static RegisterContact Read(NameAddress contact) => new(
        contact.Uri!,
        contact.UriText,
        contact.QualityPerMille ?? DefaultPreference,
        contact.Expires,
        contact.Parameters.Without("q").Without("expires").ToString());

    private static int Count(SipRequest request, SipHeaderName name)
    {
        var count = 0;
        foreach (var value in request.Headers.Values(name))
        {
            if (!value.IsEmpty) count++;
        }

        return count;
    }

    private static bool Names(IReadOnlyList<string> tags, string tag) =>
        tags.Contains(tag, StringComparer.OrdinalIgnoreCase);
}
