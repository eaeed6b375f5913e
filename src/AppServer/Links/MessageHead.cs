using System.Buffers.Text;
using System.Globalization;
using System.Text;
using AppServer.Registrations;
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

    private readonly byte[] _beforeToken;
    private readonly byte[] _afterToken;

    private PathHead(ContactRoute route, byte[] beforeToken, byte[] afterToken) =>
        (Route, _beforeToken, _afterToken) = (route, beforeToken, afterToken);

    /// <summary>Where spaces may be put into a head: right after the colon of Max-Forwards.</summary>
    internal int PadAt => _beforeToken.Length + DeliveryToken.Length + BeforePad.Length;

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
    /// <returns>Its length, or 0 when <paramref name="to"/> is too small.</returns>
    internal int Write(
        Span<byte> to, ConferenceHead conference, ReadOnlySpan<byte> token, string contentType, int bodyBytes)
    {
        var fixedBytes = _beforeToken.Length + _afterToken.Length + conference.Length + (3 * token.Length)
            + contentType.Length + 64;
        if (to.Length < fixedBytes) return 0;
        var at = Append(to, 0, _beforeToken);
        at = Append(to, at, token);
        at = Append(to, at, _afterToken);
        at = Append(to, at, conference.BeforeTag);
        at = Append(to, at, token);
        at = Append(to, at, "\r\nCall-ID: "u8);
        at = Append(to, at, token);
        at = Append(to, at, Route.AssertsIdentity ? conference.AfterCallIdAsserted : conference.AfterCallId);
        at += Encoding.ASCII.GetBytes(contentType, to[at..]);
        at = Append(to, at, "\r\nContent-Length: "u8);
        Utf8Formatter.TryFormat(bodyBytes, to[at..], out var digits);
        at += digits;
        return Append(to, at, "\r\n\r\n"u8);
    }

    /// <summary>Bytes of a head to this participant, give or take a few.</summary>
    internal int EstimateBytes(ConferenceHead conference) =>
        _beforeToken.Length + _afterToken.Length + conference.Length + (3 * DeliveryToken.Length) + 90;

    private static string Name(SipTransportKind transport) =>
        transport.ToString().ToUpper(CultureInfo.InvariantCulture);

    private static int Append(Span<byte> to, int at, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(to[at..]);
        return at + bytes.Length;
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

    internal byte[] BeforeTag { get; }

    internal byte[] AfterCallId { get; }

    internal byte[] AfterCallIdAsserted { get; }

    internal int Length => BeforeTag.Length + AfterCallIdAsserted.Length;
}
