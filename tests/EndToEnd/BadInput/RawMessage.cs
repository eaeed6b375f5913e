using System.Globalization;
using System.Text;
using Conference.Protocol.Xml;

namespace EndToEnd.BadInput;

/// <summary>The text of one MESSAGE, every part of it free.</summary>
internal sealed record RawMessage
{
    internal required string Target { get; init; }

    internal required string From { get; init; }

    internal string Body { get; init; } = string.Empty;

    internal string ContentType { get; init; } = MediaTypes.ConferenceXml;

    /// <summary>The right one when null; no such header when empty.</summary>
    internal string? ContentLength { get; init; }

    /// <summary>Whole lines, each with its end.</summary>
    internal string MoreHeaders { get; init; } = string.Empty;

    /// <summary>The whole From value; null for From with a tag.</summary>
    internal string? FromValue { get; init; }

    internal string CallId { get; init; } = Guid.NewGuid().ToString("N");

    /// <summary>As sent from this socket, with a branch of its own each time.</summary>
    internal string Text(RawSip from)
    {
        var length = ContentLength ?? Encoding.UTF8.GetByteCount(Body).ToString(CultureInfo.InvariantCulture);
        return $"MESSAGE {Target} SIP/2.0\r\n"
            + $"Via: SIP/2.0/{from.Transport.ToUpperInvariant()} {from.Address}:{from.Port}"
            + $";rport;branch=z9hG4bK{Guid.NewGuid():N}\r\n"
            + "Max-Forwards: 70\r\n"
            + $"From: {FromValue ?? $"<{From}>;tag=raw"}\r\n"
            + $"To: <{Target}>\r\n"
            + $"Call-ID: {CallId}\r\n"
            + "CSeq: 1 MESSAGE\r\n"
            + MoreHeaders
            + (Body.Length > 0 && ContentType.Length > 0 ? $"Content-Type: {ContentType}\r\n" : string.Empty)
            + (length.Length > 0 ? $"Content-Length: {length}\r\n" : string.Empty)
            + "\r\n" + Body;
    }
}
