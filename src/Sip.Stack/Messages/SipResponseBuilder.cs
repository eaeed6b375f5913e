using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Sip.Stack.Messages;

/// <summary>
/// A response in the making, after RFC 3261 8.2.6: Via lines in order and byte for byte, From, To with a tag, Call-ID
/// and CSeq from the request; Record-Route where a dialog may come of it (12.1.1); Timestamp in a 100.
/// </summary>
/// <remarks>
/// Works for a malformed request too: what it does not have is left out, and of what it has twice the first is taken.
/// </remarks>
public sealed class SipResponseBuilder
{
    private readonly List<(string Name, string Value)> _headers = [];
    private string? _contentType;
    private IPAddress? _receivedFrom;
    private int _receivedPort;

    /// <summary>Begins a response.</summary>
    /// <param name="request">What is answered.</param>
    /// <param name="status">100 to 699.</param>
    /// <param name="reasonPhrase">Null for the usual phrase of the status.</param>
    public SipResponseBuilder(SipRequest request, int status, string? reasonPhrase = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 100);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 699);
        Request = request;
        StatusCode = status;
        ReasonPhrase = reasonPhrase ?? SipReasonPhrases.For(status);
    }

    /// <summary>What is answered.</summary>
    public SipRequest Request { get; }

    /// <summary>100 to 699.</summary>
    public int StatusCode { get; }

    /// <summary>The reason phrase.</summary>
    public string ReasonPhrase { get; }

    /// <summary>The tag for To; null until given. One that the request has stays.</summary>
    public string? ToTag { get; private set; }

    /// <summary>The body, maybe empty. Not copied.</summary>
    public ReadOnlyMemory<byte> Body { get; private set; }

    /// <summary>
    /// The tag for To, if the request has none. Every response to one request gets the same (8.2.6.2).
    /// </summary>
    public SipResponseBuilder WithToTag(string tag)
    {
        ToTag = tag;
        return this;
    }

    /// <summary>
    /// Says where the request came from: the top Via gets <c>received</c>, and <c>rport</c> its value if the sender
    /// asked for it (RFC 3261 18.2.1, RFC 3581 4). What the sender wrote there itself is replaced.
    /// </summary>
    public SipResponseBuilder WithReceived(IPEndPoint source)
    {
        _receivedFrom = WithoutZone(source.Address);
        _receivedPort = source.Port;
        return this;
    }

    /// <summary>Adds a header field behind those that are there.</summary>
    /// <exception cref="ArgumentException">The name is one that comes from the request or from the body.</exception>
    public SipResponseBuilder With(SipHeaderName name, string value) => With(SipHeaderNames.Text(name), value);

    /// <inheritdoc cref="With(SipHeaderName, string)"/>
    public SipResponseBuilder With(SipHeaderName name, long value) =>
        With(SipHeaderNames.Text(name), value);

    /// <inheritdoc cref="With(SipHeaderName, string)"/>
    public SipResponseBuilder With(string name, long value) =>
        With(name, value.ToString(CultureInfo.InvariantCulture));

    /// <inheritdoc cref="With(SipHeaderName, string)"/>
    public SipResponseBuilder With(string name, string value)
    {
        if (SipHeaderNames.Find(name) is SipHeaderName.Via or SipHeaderName.From or SipHeaderName.To
            or SipHeaderName.CallId or SipHeaderName.CSeq or SipHeaderName.ContentType or SipHeaderName.ContentLength)
        {
            throw new ArgumentException($"{name} is not set this way", nameof(name));
        }

        _headers.Add((name, value));
        return this;
    }

    /// <summary>True when <see cref="With(string, string)"/> has put in a header field of this name.</summary>
    public bool HasHeader(string name) =>
        _headers.Exists(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The body; its bytes are not copied.</summary>
    public SipResponseBuilder WithBody(string contentType, ReadOnlyMemory<byte> body)
    {
        _contentType = contentType;
        Body = body;
        return this;
    }

    /// <summary>The whole message.</summary>
    public byte[] Build()
    {
        using var writer = new SipMessageWriter(1024 + Body.Length);
        Write(writer);
        return writer.ToArray();
    }

    /// <summary>Writes the whole message.</summary>
    public void Write(SipMessageWriter writer)
    {
        writer.StatusLine(StatusCode, ReasonPhrase);
        WriteVias(writer);
        CopyFirst(writer, SipHeaderName.From);
        WriteTo(writer);
        CopyFirst(writer, SipHeaderName.CallId);
        CopyFirst(writer, SipHeaderName.CSeq);
        if (StatusCode == 100)
        {
            CopyFirst(writer, SipHeaderName.Timestamp);
        }

        if (StatusCode is > 100 and < 300 && MakesDialog(Request.Method))
        {
            CopyAll(writer, SipHeaderName.RecordRoute);
        }

        foreach (var (name, value) in _headers)
        {
            writer.Header(name, value);
        }

        writer.EndHead(_contentType, Body.Length);
        writer.Raw(Body.Span);
    }

    /// <summary>As others can read it: IPv4 where it is, and no zone of an IPv6 address (RFC 3261 25.1 has none).
    /// </summary>
    private static IPAddress WithoutZone(IPAddress address) => address switch
    {
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4(),
        { AddressFamily: AddressFamily.InterNetworkV6, ScopeId: not 0 } => new IPAddress(address.GetAddressBytes()),
        _ => address,
    };

    private static bool MakesDialog(SipMethod method) =>
        method is SipMethod.Invite or SipMethod.Subscribe or SipMethod.Refer or SipMethod.Notify;

    private void WriteVias(SipMessageWriter writer)
    {
        var isTop = true;
        var headers = Request.Headers;
        for (var i = headers.FindFirst(SipHeaderName.Via); i >= 0; i = headers.FindFirst(SipHeaderName.Via, i + 1))
        {
            if (isTop && _receivedFrom is not null)
            {
                ViaStamp.Write(writer, headers[i].Value, _receivedFrom, _receivedPort);
            }
            else
            {
                writer.Copy(SipHeaderName.Via, headers[i].Value);
            }

            isTop = false;
        }
    }

    private void WriteTo(SipMessageWriter writer)
    {
        if (!Request.Headers.TryGetFirst(SipHeaderName.To, out var value))
        {
            return;
        }

        // 100 needs no tag, and must not invent one that a later response would contradict (8.2.6.2).
        if (HasTag(value) || (StatusCode == 100 && ToTag is null))
        {
            writer.Copy(SipHeaderName.To, value);
            return;
        }

        ToTag ??= SipTokens.NewTag();
        writer.Begin(SipHeaderName.To);
        writer.Raw(value);
        writer.Raw(";tag="u8);
        writer.EndLine(ToTag);
    }

    private static bool HasTag(ReadOnlySpan<byte> to)
    {
        if (!NameAddressView.TryParse(to, out var address))
        {
            return false;
        }

        var scanner = new ParameterScanner(address.Parameters, isLenient: true);
        while (scanner.MoveNext())
        {
            if (scanner.IsNamed("tag"u8))
            {
                return true;
            }
        }

        return false;
    }

    private void CopyFirst(SipMessageWriter writer, SipHeaderName name)
    {
        if (Request.Headers.TryGetFirst(name, out var value))
        {
            writer.Copy(name, value);
        }
    }

    private void CopyAll(SipMessageWriter writer, SipHeaderName name)
    {
        var headers = Request.Headers;
        for (var i = headers.FindFirst(name); i >= 0; i = headers.FindFirst(name, i + 1))
        {
            writer.Copy(name, headers[i].Value);
        }
    }
}
