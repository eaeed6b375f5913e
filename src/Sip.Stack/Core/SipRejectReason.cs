using System.Diagnostics;

namespace Sip.Stack.Core;

/// <summary>
/// Why a well-formed request is refused by the UAS core (RFC 3261 8.2). Closed; described by
/// <see cref="SipRejectReasons.Describe"/>. Malformed requests have <see cref="Messages.SipParseOutcome"/>.
/// </summary>
public enum SipRejectReason
{
    /// <summary>A known method that this server does not serve.</summary>
    MethodNotAllowed,

    /// <summary>A method that this server has never heard of.</summary>
    MethodUnknown,

    /// <summary>A Request-URI that is neither sip nor sips.</summary>
    UnsupportedScheme,

    /// <summary>A Request-URI that is not for this server.</summary>
    NotServedHere,

    /// <summary>A request in a dialog that is not there (any more).</summary>
    NoSuchDialog,

    /// <summary>The same request came by another way already.</summary>
    Merged,

    /// <summary>A request of this server has come back to it.</summary>
    Loop,

    /// <summary>Max-Forwards is spent.</summary>
    TooManyHops,

    /// <summary>Require names an option tag that is not supported.</summary>
    UnknownExtension,

    /// <summary>A body without Content-Type.</summary>
    MissingContentType,

    /// <summary>A Content-Type that cannot be read.</summary>
    BadContentType,

    /// <summary>A body of a type that this method does not take.</summary>
    UnsupportedMediaType,

    /// <summary>A body in an encoding that is not supported.</summary>
    UnsupportedEncoding,

    /// <summary>A body over the limit.</summary>
    BodyTooLarge,

    /// <summary>An INVITE: there are no media here, see <see cref="UasCore"/>.</summary>
    NoMediaSessions,
}

/// <summary>The one table from <see cref="SipRejectReason"/> to answer and metric label.</summary>
public static class SipRejectReasons
{
    /// <summary>Status, reason phrase and metric label.</summary>
    public static (int Status, string Phrase, string Label) Describe(SipRejectReason reason) => reason switch
    {
        SipRejectReason.MethodNotAllowed => (405, "Method Not Allowed", "method_not_allowed"),
        SipRejectReason.MethodUnknown => (501, "Not Implemented", "method_unknown"),
        SipRejectReason.UnsupportedScheme => (416, "Unsupported URI Scheme", "unsupported_scheme"),
        SipRejectReason.NotServedHere => (404, "Not Found", "not_served_here"),
        SipRejectReason.NoSuchDialog => (481, "Call/Transaction Does Not Exist", "no_such_dialog"),
        SipRejectReason.Merged => (482, "Loop Detected", "merged"),
        SipRejectReason.Loop => (482, "Loop Detected", "loop"),
        SipRejectReason.TooManyHops => (483, "Too Many Hops", "too_many_hops"),
        SipRejectReason.UnknownExtension => (420, "Bad Extension", "unknown_extension"),
        SipRejectReason.MissingContentType => (400, "Missing Content-Type", "missing_content_type"),
        SipRejectReason.BadContentType => (400, "Bad Content-Type", "bad_content_type"),
        SipRejectReason.UnsupportedMediaType => (415, "Unsupported Media Type", "unsupported_media_type"),
        SipRejectReason.UnsupportedEncoding => (415, "Unsupported Content-Encoding", "unsupported_encoding"),
        SipRejectReason.BodyTooLarge => (413, "Request Entity Too Large", "body_too_large"),
        SipRejectReason.NoMediaSessions => (488, "Not Acceptable Here", "no_media_sessions"),
        _ => throw new UnreachableException($"No answer for {reason}"),
    };
}
