using System.Globalization;

namespace Sip.Stack.Messages;

/// <summary>
/// A request in the making. The stack adds Via and Max-Forwards when it sends; <see cref="Build"/> adds Content-Length.
/// What is not given is made up: Call-ID, the From tag, CSeq 1.
/// </summary>
public sealed class SipRequestBuilder
{
    private readonly List<(string Name, string Value)> _headers = [];
    private readonly List<string> _route = [];
    private string? _contentType;

    /// <summary>Begins a request.</summary>
    /// <param name="method">A token, with case.</param>
    /// <param name="requestUri">Without angle brackets.</param>
    public SipRequestBuilder(string method, string requestUri)
    {
        MethodName = method;
        RequestUri = requestUri;
    }

    /// <summary>The method as it is written.</summary>
    public string MethodName { get; }

    /// <summary>The method, if the stack knows it.</summary>
    public SipMethod Method => SipMethods.Find(MethodName);

    /// <summary>The Request-URI.</summary>
    public string RequestUri { get; }

    /// <summary>The value of From, tag included; null until given.</summary>
    public string? FromText { get; private set; }

    /// <summary>The value of To; null until given.</summary>
    public string? ToText { get; private set; }

    /// <summary>The Call-ID.</summary>
    public string CallIdText { get; private set; } = SipTokens.NewCallId();

    /// <summary>The number of CSeq.</summary>
    public uint CSeqNumber { get; private set; } = 1;

    /// <summary>The Route values, first to be visited first.</summary>
    public IReadOnlyList<string> RouteTexts => _route;

    /// <summary>Hops that are left; 70 by RFC 3261 8.1.1.6.</summary>
    public int MaxForwards { get; private set; } = 70;

    /// <summary>The body, maybe empty. Not copied.</summary>
    public ReadOnlyMemory<byte> Body { get; private set; }

    /// <summary>Bytes of the whole message, Via left out: what decides between UDP and TCP (RFC 3261 18.1.1).</summary>
    public int LengthWithoutVia
    {
        get
        {
            using var writer = new SipMessageWriter();
            WriteHead(writer, null);
            return writer.Length + Body.Length;
        }
    }

    /// <summary>To: a URI or a name-addr, with the tag of the other side inside a dialog.</summary>
    public SipRequestBuilder To(string value, string? tag = null)
    {
        ToText = WithTag(value, tag);
        return this;
    }

    /// <summary>
    /// From: a URI or a name-addr; a tag is made up unless the value or <paramref name="tag"/> has one.
    /// </summary>
    public SipRequestBuilder From(string value, string? tag = null)
    {
        FromText = WithTag(value, tag ?? (HasTag(value) ? null : SipTokens.NewTag()));
        return this;
    }

    /// <summary>Call-ID.</summary>
    public SipRequestBuilder CallId(string value)
    {
        CallIdText = value;
        return this;
    }

    /// <summary>The number of CSeq; its method is that of the request.</summary>
    public SipRequestBuilder CSeq(uint number)
    {
        CSeqNumber = number;
        return this;
    }

    /// <summary>
    /// Adds a Route behind those that are there: <c>&lt;sip:proxy;lr&gt;</c>; brackets are added when missing.
    /// </summary>
    public SipRequestBuilder Route(string value)
    {
        _route.Add(Bracketed(value));
        return this;
    }

    /// <summary>Adds a Contact: a URI, a name-addr, or "*".</summary>
    public SipRequestBuilder Contact(string value) =>
        With(SipHeaderName.Contact, value == "*" ? value : Bracketed(value));

    /// <summary>Hops that are left.</summary>
    public SipRequestBuilder WithMaxForwards(int hops)
    {
        MaxForwards = hops;
        return this;
    }

    /// <summary>Adds a header field behind those that are there.</summary>
    /// <exception cref="ArgumentException">The name is one that has a method or property of its own here.</exception>
    public SipRequestBuilder With(SipHeaderName name, string value) => With(SipHeaderNames.Text(name), value);

    /// <inheritdoc cref="With(SipHeaderName, string)"/>
    public SipRequestBuilder With(SipHeaderName name, long value) =>
        With(SipHeaderNames.Text(name), value);

    /// <inheritdoc cref="With(SipHeaderName, string)"/>
    public SipRequestBuilder With(string name, long value) =>
        With(name, value.ToString(CultureInfo.InvariantCulture));

    /// <inheritdoc cref="With(SipHeaderName, string)"/>
    public SipRequestBuilder With(string name, string value)
    {
        if (SipHeaderNames.Find(name) is SipHeaderName.Via or SipHeaderName.From or SipHeaderName.To
            or SipHeaderName.CallId or SipHeaderName.CSeq or SipHeaderName.Route or SipHeaderName.MaxForwards
            or SipHeaderName.ContentType or SipHeaderName.ContentLength)
        {
            throw new ArgumentException($"{name} is not set this way", nameof(name));
        }

        _headers.Add((name, value));
        return this;
    }

    /// <summary>Takes out every header field of a name that <see cref="With(string, string)"/> has put in.</summary>
    public SipRequestBuilder Without(string name)
    {
        _headers.RemoveAll(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return this;
    }

    /// <summary>The body; its bytes are not copied and must not change until the request is sent for good.</summary>
    public SipRequestBuilder WithBody(string contentType, ReadOnlyMemory<byte> body)
    {
        _contentType = contentType;
        Body = body;
        return this;
    }

    /// <summary>The whole message.</summary>
    /// <param name="via">The top Via value: <c>SIP/2.0/UDP host:port;branch=...;rport</c>.</param>
    public byte[] Build(string via)
    {
        using var writer = new SipMessageWriter(1024 + Body.Length);
        WriteHead(writer, via);
        writer.Raw(Body.Span);
        return writer.ToArray();
    }

    /// <summary>
    /// Start line and header fields with the empty line: for sending <see cref="Body"/> from where it lies.
    /// </summary>
    /// <param name="via">The top Via value.</param>
    public byte[] BuildHead(string via)
    {
        using var writer = new SipMessageWriter();
        WriteHead(writer, via);
        return writer.ToArray();
    }

    /// <summary>Writes start line and header fields with the empty line.</summary>
    public void WriteHead(SipMessageWriter writer, string? via)
    {
        writer.RequestLine(MethodName, RequestUri);
        if (via is not null)
        {
            writer.Header(SipHeaderName.Via, via);
        }

        writer.Header(SipHeaderName.MaxForwards, MaxForwards);
        foreach (var route in _route)
        {
            writer.Header(SipHeaderName.Route, route);
        }

        writer.Header(SipHeaderName.From, FromText ?? throw new InvalidOperationException("No From"));
        writer.Header(SipHeaderName.To, ToText ?? throw new InvalidOperationException("No To"));
        writer.Header(SipHeaderName.CallId, CallIdText);
        writer.Begin(SipHeaderName.CSeq);
        writer.Number(CSeqNumber);
        writer.Raw(" "u8);
        writer.EndLine(MethodName);
        foreach (var (name, value) in _headers)
        {
            writer.Header(name, value);
        }

        writer.EndHead(_contentType, Body.Length);
    }

    private static string WithTag(string value, string? tag) =>
        tag is null ? Bracketed(value) : $"{Bracketed(value)};tag={tag}";

    // Without brackets it is a URI alone, whose parameters are its own.
    private static bool HasTag(string value) =>
        value.Contains('<', StringComparison.Ordinal)
        && NameAddress.TryParse(value, out var address) && address.Tag is not null;

    private static string Bracketed(string value) =>
        value.Contains('<', StringComparison.Ordinal) ? value : $"<{value}>";
}
