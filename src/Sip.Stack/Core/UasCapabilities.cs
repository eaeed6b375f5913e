using Sip.Stack.Messages;

namespace Sip.Stack.Core;

/// <summary>
/// What this server understands and takes; both the measure of <see cref="UasCore"/> and the text of OPTIONS.
/// </summary>
public sealed record UasCapabilities
{
    /// <summary>
    /// The Allow header field. INVITE, ACK and CANCEL are in it although no INVITE succeeds; see <see cref="UasCore"/>.
    /// </summary>
    public IReadOnlyList<string> Methods { get; init; } =
        ["MESSAGE", "REGISTER", "OPTIONS", "INVITE", "ACK", "CANCEL"];

    /// <summary>Schemes of a Request-URI, in lower case.</summary>
    public IReadOnlyList<string> Schemes { get; init; } = ["sip", "sips"];

    /// <summary>
    /// The Supported header field, and what Require may name. <c>path</c>: the registrar keeps Path (RFC 3327).
    /// </summary>
    public IReadOnlyList<string> OptionTags { get; init; } = ["path"];

    /// <summary>
    /// The Accept header field, <c>type/subtype</c> or <c>*/*</c>: bodies of a request whose method is not in
    /// <see cref="BodyTypesOf"/>.
    /// </summary>
    public IReadOnlyList<string> MediaTypes { get; init; } = ["text/plain"];

    /// <summary>
    /// Body types of single methods. The offer of an INVITE is understood as far as is needed to refuse it. The
    /// bodies of a third-party REGISTER (the user's own REGISTER, service information) are taken unread.
    /// </summary>
    public IReadOnlyDictionary<SipMethod, IReadOnlyList<string>> BodyTypesOf { get; init; } =
        new Dictionary<SipMethod, IReadOnlyList<string>>
        {
            [SipMethod.Invite] = ["application/sdp"],
            [SipMethod.Register] = ["*/*"],
        };

    /// <summary>
    /// The Accept-Encoding header field. Compressed bodies are not taken: a small message could unfold without bound.
    /// </summary>
    public IReadOnlyList<string> Encodings { get; init; } = ["identity"];

    /// <summary>The Accept-Language header field; bodies in other languages are taken all the same.</summary>
    public IReadOnlyList<string> Languages { get; init; } = ["en"];

    /// <summary>The Allow-Events header field (RFC 6665 8.2.2); empty until there is a notifier.</summary>
    public IReadOnlyList<string> EventPackages { get; init; } = [];

    /// <summary>
    /// Bytes of a body; beyond: <see cref="SipRejectReason.BodyTooLarge"/>. As much as a stream takes.
    /// </summary>
    public int BodyBytesMax { get; init; } = 1024 * 1024;

    /// <summary>Whether a Request-URI is for this server at all; null when another room finds out.</summary>
    public Func<SipUri, bool>? IsServed { get; init; }

    /// <summary>
    /// Whether a Via value is this server's own, which shows that its own request has come back; null for never.
    /// </summary>
    public Func<ViaHeader, bool>? IsOwnVia { get; init; }

    /// <summary>The body types that a method takes.</summary>
    public IReadOnlyList<string> MediaTypesOf(SipMethod method) => BodyTypesOf.GetValueOrDefault(method, MediaTypes);

    /// <summary>Whether a method takes a body type; parameters such as charset do not count.</summary>
    public bool Takes(SipMethod method, MediaType type)
    {
        foreach (var range in MediaTypesOf(method))
        {
            if (range == "*/*" || range.Equals(type.Name, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}
