using System.Text;

namespace Sip.Stack.Messages;

/// <content>
/// Header fields as values. Lists are empty when the header field is absent; malformed values are left out.
/// </content>
public abstract partial class SipMessage
{
    // Each set at most once to a value that does not depend on who sets it, so a race costs a second read only.
    private object? _topVia;
    private object? _from;
    private object? _to;
    private object? _callId;
    private object? _contentType;
    private object? _servedUser;
    private object? _chargingVector;
    private object? _event;
    private object? _subscriptionState;
    private object? _retryAfter;
    private IReadOnlyList<ViaHeader>? _vias;
    private IReadOnlyList<NameAddress>? _contacts;
    private IReadOnlyList<NameAddress>? _route;
    private IReadOnlyList<NameAddress>? _recordRoute;
    private IReadOnlyList<NameAddress>? _path;
    private IReadOnlyList<NameAddress>? _serviceRoute;
    private IReadOnlyList<NameAddress>? _assertedIdentity;
    private IReadOnlyList<NameAddress>? _preferredIdentity;
    private IReadOnlyList<SipUri>? _associatedUris;
    private IReadOnlyList<MediaType>? _accept;
    private IReadOnlyList<WarningHeader>? _warnings;
    private IReadOnlyList<AuthenticationHeader>? _authorization;
    private IReadOnlyList<AuthenticationHeader>? _proxyAuthorization;
    private IReadOnlyList<AuthenticationHeader>? _wwwAuthenticate;
    private IReadOnlyList<AuthenticationHeader>? _proxyAuthenticate;

    /// <summary>The first Via value: who sent this message.</summary>
    public ViaHeader? TopVia => Once<ViaHeader>(ref _topVia, SipHeaderName.Via, ReadTopVia);

    /// <summary>All Via values, top first.</summary>
    public IReadOnlyList<ViaHeader> Vias => ListOnce<ViaHeader>(ref _vias, SipHeaderName.Via, ViaHeader.TryParse);

    /// <summary>From.</summary>
    public NameAddress? From => Once<NameAddress>(ref _from, SipHeaderName.From, NameAddress.TryParse);

    /// <summary>To.</summary>
    public NameAddress? To => Once<NameAddress>(ref _to, SipHeaderName.To, NameAddress.TryParse);

    /// <summary>Call-ID, with case.</summary>
    public string? CallId => Once<string>(ref _callId, SipHeaderName.CallId, ReadText);

    /// <summary>CSeq.</summary>
    public CSeqHeader? CSeq =>
        Headers.TryGetFirst(SipHeaderName.CSeq, out var value) && CSeqHeader.TryParse(value, out var cseq)
            ? cseq
            : null;

    /// <summary>Contact; empty for "*", see <see cref="IsContactWildcard"/>.</summary>
    public IReadOnlyList<NameAddress> Contacts => ListOnce(ref _contacts, SipHeaderName.Contact, ReadAddress);

    /// <summary>Contact is "*" alone: remove all bindings (RFC 3261 10.2.2).</summary>
    public bool IsContactWildcard =>
        Headers.TryGetFirst(SipHeaderName.Contact, out var value) && value.Length == 1 && value[0] == '*'
        && Headers.FindFirst(SipHeaderName.Contact, Headers.FindFirst(SipHeaderName.Contact) + 1) < 0;

    /// <summary>Route, first to be visited first.</summary>
    public IReadOnlyList<NameAddress> Route => ListOnce(ref _route, SipHeaderName.Route, ReadAddress);

    /// <summary>Record-Route, in the order sent.</summary>
    public IReadOnlyList<NameAddress> RecordRoute => ListOnce(ref _recordRoute, SipHeaderName.RecordRoute, ReadAddress);

    /// <summary>Path (RFC 3327).</summary>
    public IReadOnlyList<NameAddress> Path => ListOnce(ref _path, SipHeaderName.Path, ReadAddress);

    /// <summary>Service-Route (RFC 3608).</summary>
    public IReadOnlyList<NameAddress> ServiceRoute =>
        ListOnce(ref _serviceRoute, SipHeaderName.ServiceRoute, ReadAddress);

    /// <summary>
    /// P-Asserted-Identity as received, at most a sip(s) and a tel URI (RFC 3325 9.1). Nothing is said about trust.
    /// </summary>
    public IReadOnlyList<NameAddress> PAssertedIdentity =>
        ListOnce(ref _assertedIdentity, SipHeaderName.PAssertedIdentity, ReadAddress);

    /// <summary>P-Preferred-Identity (RFC 3325 9.2).</summary>
    public IReadOnlyList<NameAddress> PPreferredIdentity =>
        ListOnce(ref _preferredIdentity, SipHeaderName.PPreferredIdentity, ReadAddress);

    /// <summary>
    /// P-Associated-URI (RFC 7315 4.1), also with its brackets round the whole list; see <see cref="AssociatedUris"/>.
    /// </summary>
    public IReadOnlyList<SipUri> PAssociatedUri => _associatedUris ??= AssociatedUris.Read(Headers);

    /// <summary>P-Served-User (RFC 5502); null when it is absent or malformed.</summary>
    public PServedUserHeader? PServedUser =>
        Once<PServedUserHeader>(ref _servedUser, SipHeaderName.PServedUser, PServedUserHeader.TryParse);

    /// <summary>P-Charging-Vector (RFC 7315 4.6); null when it is absent or malformed.</summary>
    public PChargingVectorHeader? PChargingVector =>
        Once<PChargingVectorHeader>(ref _chargingVector, SipHeaderName.PChargingVector, PChargingVectorHeader.TryParse);

    /// <summary>Max-Forwards, 0 to 255; null when it is absent.</summary>
    public int? MaxForwards => ReadNumber(SipHeaderName.MaxForwards) is { } hops and <= 255 ? (int)hops : null;

    /// <summary>
    /// Content-Length as it was sent, in bytes; null when it is absent. The body is <see cref="Body"/>.
    /// </summary>
    public int? ContentLength =>
        ReadNumber(SipHeaderName.ContentLength) is { } length and <= int.MaxValue ? (int)length : null;

    /// <summary>Content-Type; null when it is absent or malformed.</summary>
    public MediaType? ContentType => Once<MediaType>(ref _contentType, SipHeaderName.ContentType, MediaType.TryParse);

    /// <summary>Content-Encoding, in the order applied; lower case.</summary>
    public IReadOnlyList<string> ContentEncoding =>
        [.. Tokens(SipHeaderName.ContentEncoding).Select(e => e.ToLowerInvariant())];

    /// <summary>Expires in seconds; null when it is absent or no number. More than 2^32-1 is 2^32-1.</summary>
    public uint? Expires => ReadNumber(SipHeaderName.Expires);

    /// <summary>Min-Expires in seconds; null when it is absent or no number.</summary>
    public uint? MinExpires => ReadNumber(SipHeaderName.MinExpires);

    /// <summary>Option tags that the UAS must know (RFC 3261 20.32).</summary>
    public IReadOnlyList<string> Require => Tokens(SipHeaderName.Require);

    /// <summary>Option tags that a proxy must know.</summary>
    public IReadOnlyList<string> ProxyRequire => Tokens(SipHeaderName.ProxyRequire);

    /// <summary>Option tags that the sender knows.</summary>
    public IReadOnlyList<string> Supported => Tokens(SipHeaderName.Supported);

    /// <summary>Option tags that the answering side does not know.</summary>
    public IReadOnlyList<string> Unsupported => Tokens(SipHeaderName.Unsupported);

    /// <summary>Methods that the sender takes.</summary>
    public IReadOnlyList<string> Allow => Tokens(SipHeaderName.Allow);

    /// <summary>
    /// Ranges of media types that the sender takes. Empty both when Accept is absent, which means application/sdp, and
    /// when it is there and empty, which means none (RFC 3261 20.1): ask
    /// <see cref="SipHeaders.Contains(SipHeaderName)"/>.
    /// </summary>
    public IReadOnlyList<MediaType> Accept =>
        ListOnce<MediaType>(ref _accept, SipHeaderName.Accept, MediaType.TryParse);

    /// <summary>Event (RFC 6665 8.2.1); null when it is absent or malformed.</summary>
    public EventHeader? Event => Once<EventHeader>(ref _event, SipHeaderName.Event, EventHeader.TryParse);

    /// <summary>Subscription-State (RFC 6665 8.2.3); null when it is absent or malformed.</summary>
    public SubscriptionStateHeader? SubscriptionState =>
        Once<SubscriptionStateHeader>(
            ref _subscriptionState, SipHeaderName.SubscriptionState, SubscriptionStateHeader.TryParse);

    /// <summary>Retry-After (RFC 3261 20.33); null when it is absent or malformed.</summary>
    public RetryAfterHeader? RetryAfter =>
        Once<RetryAfterHeader>(ref _retryAfter, SipHeaderName.RetryAfter, RetryAfterHeader.TryParse);

    /// <summary>Warning (RFC 3261 20.43).</summary>
    public IReadOnlyList<WarningHeader> Warnings =>
        ListOnce(ref _warnings, SipHeaderName.Warning, WarningHeader.TryParse);

    /// <summary>Authorization: one for each line.</summary>
    public IReadOnlyList<AuthenticationHeader> Authorization =>
        LinesOnce(ref _authorization, SipHeaderName.Authorization, AuthenticationHeader.TryParse);

    /// <summary>Proxy-Authorization: one for each line.</summary>
    public IReadOnlyList<AuthenticationHeader> ProxyAuthorization =>
        LinesOnce(ref _proxyAuthorization, SipHeaderName.ProxyAuthorization, AuthenticationHeader.TryParse);

    /// <summary>WWW-Authenticate: one challenge for each line.</summary>
    public IReadOnlyList<AuthenticationHeader> WwwAuthenticate =>
        LinesOnce(ref _wwwAuthenticate, SipHeaderName.WwwAuthenticate, AuthenticationHeader.TryParse);

    /// <summary>Proxy-Authenticate: one challenge for each line.</summary>
    public IReadOnlyList<AuthenticationHeader> ProxyAuthenticate =>
        LinesOnce(ref _proxyAuthenticate, SipHeaderName.ProxyAuthenticate, AuthenticationHeader.TryParse);

    /// <summary>The values of a header field that is a list of tokens. Not kept.</summary>
    public IReadOnlyList<string> Tokens(SipHeaderName name)
    {
        if (!Headers.Contains(name))
        {
            return [];
        }

        var tokens = new List<string>();
        foreach (var value in Headers.Values(name))
        {
            tokens.Add(Encoding.UTF8.GetString(value));
        }

        return tokens;
    }

    private bool ReadTopVia(ReadOnlySpan<byte> line, out ViaHeader? via)
    {
        var length = SipLexer.FirstValueLength(line);
        return ViaHeader.TryParse(line[..length], IsMalformed, out via);
    }

    private static bool ReadText(ReadOnlySpan<byte> value, out string? text)
    {
        text = Encoding.UTF8.GetString(value);
        return text.Length > 0;
    }

    private static bool ReadAddress(ReadOnlySpan<byte> value, out NameAddress? address) =>
        NameAddress.TryParse(value, out address) && address.Uri is not null;
}
