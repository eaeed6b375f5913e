using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Text;
using AppServer.Registrations;
using Conference.Actors.Ports;
using Conference.Protocol;
using Conference.Protocol.Xml;
using Sip.Stack.Delivery;
using Sip.Stack.Transport;

namespace AppServer.Links;

/// <summary>The parts of a MESSAGE's head that are the same for all on one route, encoded once.</summary>
/// <remarks>
/// Behind an S-CSCF that is one for all participants: what they have of their own is the public identity, in the
/// Request-URI and in To, which is written for each delivery (two copies of some forty characters; heads rendered for
/// each took 330 bytes of a million participants).
/// One head is, in order (T is the token, fresh for each MESSAGE and unique in time and space, so that it serves as
/// branch, From tag and the distinct part of Call-ID, RFC 3261 8.1.1):
/// <code>
/// [route 1]       MESSAGE
///                 identity, unless the contact is the Request-URI
/// [route 2]        SIP/2.0, Via: SIP/2.0/UDP sent-by;branch=z9hG4bKfan-
///                 T
/// [route 3]       ;rport, Max-Forwards, Route..., To: &lt;
///                 identity
/// [conference 1]  &gt;, From: conference;tag=
///                 T
/// [conference 2]  Call-ID:
///                 T
/// [conference 3]  @host, CSeq, P-Asserted-Identity, Content-Type:
///                 type, Content-Length: n, empty line
/// </code>
/// </remarks>
internal sealed class HopHead
{
    private const string BeforePad = ";rport\r\nMax-Forwards:";

    private static ReadOnlySpan<byte> Method => "MESSAGE "u8;

    private static ReadOnlySpan<byte> BeforeCallId => "\r\nCall-ID: "u8;

    private static ReadOnlySpan<byte> BeforeLength => "\r\nContent-Length: "u8;

    private static ReadOnlySpan<byte> AfterLength => "\r\n\r\n"u8;

    private readonly byte[] _beforeToken;
    private readonly byte[] _afterToken;

    private HopHead(ContactRoute route, SipTransportKind transport, byte[] beforeToken, byte[] afterToken)
    {
        (Route, Transport, _beforeToken, _afterToken) = (route, transport, beforeToken, afterToken);
        Address = transport == SipTransportKind.Udp ? route.Destination.Address.Serialize() : null;
    }

    /// <summary>The route that it was made for.</summary>
    internal ContactRoute Route { get; }

    /// <summary>Over what; a route over UDP has a stream beside it for what is too large.</summary>
    internal SipTransportKind Transport { get; }

    /// <summary>Where datagrams go; null over streams.</summary>
    internal SocketAddress? Address { get; }

    /// <param name="route">To the participants.</param>
    /// <param name="transport">Over what.</param>
    /// <param name="sentBy">Host and port of this side (RFC 3261 18.1.1).</param>
    internal static HopHead Create(ContactRoute route, SipTransportKind transport, string sentBy)
    {
        var before = route.RequestUri + $" SIP/2.0\r\nVia: SIP/2.0/{Name(transport)} {sentBy};branch="
            + Encoding.ASCII.GetString(DeliveryToken.Prefix);
        var after = new StringBuilder(BeforePad + " 70\r\n");
        foreach (var entry in route.RouteSet) after.Append("Route: ").Append(entry).Append("\r\n");
        after.Append("To: <");
        return new HopHead(
            route, transport, Encoding.UTF8.GetBytes(before), Encoding.UTF8.GetBytes(after.ToString()));
    }

    /// <summary>Writes one whole head.</summary>
    /// <param name="to">At least <see cref="Bytes"/>. What it has more is filled with spaces after the colon of
    /// Max-Forwards, where RFC 3261 25.1 (HCOLON) allows any number.</param>
    /// <param name="participant">To whom.</param>
    /// <param name="conference">Whose MESSAGE it is.</param>
    /// <param name="token">24 digits.</param>
    /// <param name="body">What follows.</param>
    internal void Write(
        Span<byte> to, ParticipantUri participant, ConferenceHead conference, ReadOnlySpan<byte> token,
        EncodedBody body)
    {
        var padding = to.Length - Bytes(participant, conference, body);
        to = Append(to, Method);
        if (Route.RequestUri is null) to = Append(to, participant.Value);
        to = Append(to, _beforeToken);
        to = Append(to, token);
        to = Append(to, _afterToken.AsSpan(0, BeforePad.Length));
        to[..padding].Fill((byte)' ');
        to = Append(to[padding..], _afterToken.AsSpan(BeforePad.Length));
        to = Append(to, participant.Value);
        to = Append(to, conference.BeforeTag);
        to = Append(to, token);
        to = Append(to, BeforeCallId);
        to = Append(to, token);
        to = Append(to, Route.AssertsIdentity ? conference.AfterCallIdAsserted : conference.AfterCallId);
        to = Append(to, body.ContentType);
        to = Append(to, BeforeLength);
        Utf8Formatter.TryFormat(body.Bytes.Length, to, out var digits);
        Append(to[digits..], AfterLength);
    }

    /// <summary>Bytes of the head in front of a body.</summary>
    internal int Bytes(ParticipantUri participant, ConferenceHead conference, EncodedBody body) =>
        FixedBytes(participant, conference) + body.ContentType.Length + Digits(body.Bytes.Length);

    /// <summary>Bytes of the head in front of the largest body, with the longest of our content types.</summary>
    internal int BytesMax(ParticipantUri participant, ConferenceHead conference) =>
        FixedBytes(participant, conference) + MediaTypes.ConferenceXml.Length + 10;

    // An identity has only printable ASCII: a byte for each character.
    private int FixedBytes(ParticipantUri participant, ConferenceHead conference) =>
        Method.Length + _beforeToken.Length + _afterToken.Length
        + (participant.Value.Length * (Route.RequestUri is null ? 2 : 1))
        + (3 * DeliveryToken.Length) + conference.BeforeTag.Length
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

    private static Span<byte> Append(Span<byte> to, string text) => to[Encoding.ASCII.GetBytes(text, to)..];
}
