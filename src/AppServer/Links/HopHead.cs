using System.Buffers.Text;
using System.Globalization;
using System.Text;
using AppServer.Registrations;
using Conference.Actors.Ports;
using Conference.Protocol.Xml;
using Sip.Stack.Delivery;
using Sip.Stack.Transport;

namespace AppServer.Links;

/// <summary>The parts of a MESSAGE's head that stay the same from one delivery to the next, encoded once.</summary>
/// <remarks>
/// One head is, in order (T is the token, fresh for each MESSAGE and unique in time and space, so that it serves as
/// branch, From tag and the distinct part of Call-ID, RFC 3261 8.1.1):
/// <code>
/// [path 1]        MESSAGE request-uri SIP/2.0, Via: SIP/2.0/UDP sent-by;branch=z9hG4bKfan-
///                 T
/// [path 2]        ;rport, Max-Forwards, Route..., To
/// [conference 1]  From: conference;tag=
///                 T
/// [conference 2]  Call-ID:
///                 T
/// [conference 3]  @host, CSeq, P-Asserted-Identity, Content-Type:
///                 type, Content-Length: n, empty line
/// </code>
/// </remarks>
internal sealed class PathHead
{
    private const string BeforePad = ";rport\r\nMax-Forwards:";

    private static ReadOnlySpan<byte> BeforeCallId => "\r\nCall-ID: "u8;

    private static ReadOnlySpan<byte> BeforeLength => "\r\nContent-Length: "u8;

    private static ReadOnlySpan<byte> AfterLength => "\r\n\r\n"u8;

    private readonly byte[] _beforeToken;
    private readonly byte[] _afterToken;

    private PathHead(ContactRoute route, byte[] beforeToken, byte[] afterToken) =>
        (Route, _beforeToken, _afterToken) = (route, beforeToken, afterToken);

    /// <summary>The route that it was made for.</summary>
    internal ContactRoute Route { get; }

    internal static PathHead Create(ContactRoute route, SipTransportKind transport, string sentBy, string participant)
    {
        var before = $"MESSAGE {route.RequestUri ?? participant} SIP/2.0\r\n"
            + $"Via: SIP/2.0/{Name(transport)} {sentBy};branch="
            + Encoding.ASCII.GetString(DeliveryToken.Prefix);
        var after = new StringBuilder(BeforePad + " 70\r\n");
        foreach (var entry in route.RouteSet) after.Append("Route: ").Append(entry).Append("\r\n");
        after.Append("To: <").Append(participant).Append(">\r\n");
        return new PathHead(route, Encoding.UTF8.GetBytes(before), Encoding.UTF8.GetBytes(after.ToString()));
    }

    /// <summary>Writes one whole head.</summary>
    /// <param name="to">At least <see cref="Bytes"/>. What it has more is filled with spaces after the colon of
    /// Max-Forwards, where RFC 3261 25.1 (HCOLON) allows any number.</param>
    /// <param name="conference">Whose MESSAGE it is.</param>
    /// <param name="token">24 digits.</param>
    /// <param name="body">What follows.</param>
    internal void Write(Span<byte> to, ConferenceHead conference, ReadOnlySpan<byte> token, EncodedBody body)
    {
        var padding = to.Length - Bytes(conference, body);
        to = Append(to, _beforeToken);
        to = Append(to, token);
        to = Append(to, _afterToken.AsSpan(0, BeforePad.Length));
        to[..padding].Fill((byte)' ');
        to = Append(to[padding..], _afterToken.AsSpan(BeforePad.Length));
        to = Append(to, conference.BeforeTag);
        to = Append(to, token);
        to = Append(to, BeforeCallId);
        to = Append(to, token);
        to = Append(to, Route.AssertsIdentity ? conference.AfterCallIdAsserted : conference.AfterCallId);
        to = to[Encoding.ASCII.GetBytes(body.ContentType, to)..];
        to = Append(to, BeforeLength);
        Utf8Formatter.TryFormat(body.Bytes.Length, to, out var digits);
        Append(to[digits..], AfterLength);
    }

    /// <summary>Bytes of the head in front of a body.</summary>
    internal int Bytes(ConferenceHead conference, EncodedBody body) =>
        FixedBytes(conference) + body.ContentType.Length + Digits(body.Bytes.Length);

    /// <summary>Bytes of the head in front of the largest body, with the longest of our content types.</summary>
    internal int BytesMax(ConferenceHead conference) =>
        FixedBytes(conference) + MediaTypes.ConferenceXml.Length + 10;

    private int FixedBytes(ConferenceHead conference) =>
        _beforeToken.Length + _afterToken.Length + (3 * DeliveryToken.Length) + conference.BeforeTag.Length
        + BeforeCallId.Length + BeforeLength.Length + AfterLength.Length
        + (Route.AssertsIdentity ? conference.AfterCallIdAsserted : conference.AfterCallId).Length;

    private static int Digits(int value)
    {
        var digits = 1;
        for (var rest = value / 10; rest > 0; rest /= 10) digits++;
        return digits;
    }

    private static string Name(SipTransportKind transport) =>
        transport.ToString().ToUpper(CultureInfo.InvariantCulture);

    private static Span<byte> Append(Span<byte> to, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(to);
        return to[bytes.Length..];
    }
}

/// <summary>The conference's share of <see cref="PathHead"/>; one for all its participants.</summary>
internal sealed class ConferenceHead
{
    /// <param name="conference">The URI in From and P-Asserted-Identity.</param>
    /// <param name="callIdHost">Makes Call-IDs unique among nodes and starts.</param>
    internal ConferenceHead(string conference, string callIdHost)
    {
        BeforeTag = Encoding.UTF8.GetBytes($"From: <{conference}>;tag=");
        AfterCallId = Encoding.UTF8.GetBytes($"@{callIdHost}\r\nCSeq: 1 MESSAGE\r\nContent-Type: ");
        AfterCallIdAsserted = Encoding.UTF8.GetBytes(
            $"@{callIdHost}\r\nCSeq: 1 MESSAGE\r\nP-Asserted-Identity: <{conference}>\r\nContent-Type: ");
    }

    /// <summary>Where its participants wait for their turn.</summary>
    internal ConferenceFlows Flows { get; } = new();

    internal byte[] BeforeTag { get; }

    internal byte[] AfterCallId { get; }

    internal byte[] AfterCallIdAsserted { get; }
}
