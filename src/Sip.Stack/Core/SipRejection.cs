using Sip.Stack.Messages;

namespace Sip.Stack.Core;

/// <summary>A refusal before it is a response.</summary>
/// <param name="Reason">What is wrong.</param>
/// <param name="Unsupported">The option tags of a 420; empty otherwise.</param>
public readonly record struct SipRejection(SipRejectReason Reason, IReadOnlyList<string> Unsupported)
{
    /// <summary>A refusal without more to say.</summary>
    public SipRejection(SipRejectReason reason)
        : this(reason, [])
    {
    }

    /// <summary>The response, with the header fields that its status must carry (RFC 3261 21.4).</summary>
    public SipResponseBuilder ToResponse(SipRequest request, UasCapabilities capabilities)
    {
        var (status, phrase, _) = SipRejectReasons.Describe(Reason);
        var response = new SipResponseBuilder(request, status, phrase);
        return Reason switch
        {
            // 21.4.6 demands Allow for 405, 21.5.2 leaves it open for 501; both senders want to know.
            SipRejectReason.MethodNotAllowed or SipRejectReason.MethodUnknown =>
                response.With(SipHeaderName.Allow, string.Join(", ", capabilities.Methods)),
            SipRejectReason.UnknownExtension =>
                response.With(SipHeaderName.Unsupported, string.Join(", ", Unsupported)),
            SipRejectReason.UnsupportedMediaType =>
                response.With(SipHeaderName.Accept, string.Join(", ", capabilities.MediaTypesOf(request.Method))),
            SipRejectReason.UnsupportedEncoding =>
                response.With(SipHeaderName.AcceptEncoding, string.Join(", ", capabilities.Encodings)),
            SipRejectReason.NoMediaSessions =>
                response.With(SipHeaderName.Warning, "304 sip \"No media here: this conference is joined by MESSAGE\"")
                    .With(SipHeaderName.Accept, string.Join(", ", capabilities.MediaTypes)),
            _ => response,
        };
    }
}
