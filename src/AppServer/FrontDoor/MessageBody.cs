using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Conference.Protocol.Requests;
using Conference.Protocol.Xml;
using Sip.Stack.Messages;

namespace AppServer.FrontDoor;

/// <summary>What the body of a MESSAGE is.</summary>
public abstract record MessageBody
{
    private MessageBody()
    {
    }

    /// <summary>A request.</summary>
    /// <param name="Value">To be disposed when its outcome is known.</param>
    /// <param name="ContentHash">First 8 bytes of the body's SHA-256.</param>
    public sealed record Request(ConferenceRequest Value, OwnedRequest? Owner, ulong ContentHash) : MessageBody;

    /// <summary>A report that a client sends by itself: acknowledged, counted, not passed on.</summary>
    public sealed record Report(string MediaType) : MessageBody;

    /// <summary>Neither.</summary>
    public sealed record Refused(Refusal Refusal) : MessageBody;
}

/// <summary>Reads bodies by their media type.</summary>
public sealed class MessageBodyReader
{
    private const string ImdnXml = "message/imdn+xml";
    private const string IsComposingXml = "application/im-iscomposing+xml";

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly ProtocolLimits _limits;

    /// <summary>Puts it together.</summary>
    public MessageBodyReader(ProtocolLimits limits) => _limits = limits;

    /// <summary>Types that are taken, for Accept.</summary>
    public static IReadOnlyList<string> Accept { get; } =
        [MediaTypes.ConferenceXml, MediaTypes.PlainText, ImdnXml, IsComposingXml];

    /// <summary>Reads the body of a MESSAGE.</summary>
    public MessageBody Read(SipRequest message)
    {
        if (IsReport(message)) return new MessageBody.Report(message.ContentType!.Name);
        if (message.Body.IsEmpty) return Refuse(FrontDoorReason.BodyMissing);
        return message.ContentType?.Name switch
        {
            MediaTypes.ConferenceXml => ReadXml(message),
            MediaTypes.PlainText => ReadText(message),
            _ => RefuseMedia(),
        };
    }

    /// <summary>Whether a MESSAGE is a report that clients send by themselves. linphone answers every MESSAGE with one
    /// (deflated): fanned out, it would be rubbish for everybody.</summary>
    internal static bool IsReport(SipRequest message) => message.ContentType?.Name is ImdnXml or IsComposingXml;

    private static MessageBody.Refused Refuse(FrontDoorReason reason) => new(Refusal.Of(reason));

    // RFC 3261 21.4.13: with the types that are taken.
    private static MessageBody.Refused RefuseMedia() => new(Refusal.Of(FrontDoorReason.UnsupportedMedia) with
    {
        Headers = [new KeyValuePair<string, string>(nameof(Accept), string.Join(", ", Accept))],
    });

    private static ulong Hash(ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    private MessageBody ReadXml(SipRequest message)
    {
        var outcome = RequestReader.TryReadOwned(message.Body, _limits, out var owner, out var fault);
        return outcome == ReadOutcome.Ok
            ? new MessageBody.Request(owner!.Request, owner, Hash(message.Body.Span))
            : new MessageBody.Refused(Refusal.Of(fault!));
    }

    // A client that knows nothing of the protocol has no request id: Call-ID and CSeq name its message (RFC 3428 4),
    // also when it sends it again in another transaction.
    private MessageBody ReadText(SipRequest message)
    {
        var charset = message.ContentType?.Charset;
        if (charset is not null && !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            && !charset.Equals("us-ascii", StringComparison.OrdinalIgnoreCase))
        {
            return RefuseMedia();
        }

        string text;
        try
        {
            text = StrictUtf8.GetString(message.Body.Span);
        }
        catch (DecoderFallbackException)
        {
            return Refuse(FrontDoorReason.BadText);
        }

        text = text.ReplaceLineEndings("\n").TrimEnd('\n');
        if (text.Length == 0) return Refuse(FrontDoorReason.BodyMissing);
        if (text.Length > _limits.TextCharactersMax) return Refuse(FrontDoorReason.TextTooLong);
        if (text.AsSpan().ContainsAnyInRange('\0', '\x08') || text.AsSpan().ContainsAnyInRange('\x0b', '\x1f')
            || text.AsSpan().ContainsAny('\x7f', '\ufffe', '\uffff'))
        {
            return Refuse(FrontDoorReason.BadText);
        }

        var name = SHA256.HashData(Encoding.UTF8.GetBytes($"{message.CallId}\n{message.CSeq?.Number}"));
        var id = "sip-" + Convert.ToHexStringLower(name.AsSpan(0, 16));
        return new MessageBody.Request(new ConferenceRequest(id, new Say(text)), null, Hash(message.Body.Span));
    }
}
