using System.Diagnostics;

namespace AppServer.FrontDoor;

/// <summary>Why the front door refuses a request that no conference has seen. Closed: every one has a status, a label
/// and a test.</summary>
public enum FrontDoorReason
{
    /// <summary>The server is shutting down or not open yet.</summary>
    Draining,

    /// <summary>More requests are under way than there may be.</summary>
    Overloaded,

    /// <summary>Requests wait too long, and there is no place for one of this kind.</summary>
    NoPlace,

    /// <summary>Requests wait too long, and this sender has its share of the places.</summary>
    SenderShare,

    /// <summary>Requests wait too long, and this conference has its share of the places.</summary>
    ConferenceShare,

    /// <summary>The members of this conference cannot be sent what it produces already.</summary>
    ConferenceBehind,

    /// <summary>The request has waited longer than its sender is to wait.</summary>
    WaitedTooLong,

    /// <summary>Authenticated as somebody else than From says.</summary>
    FromMismatch,

    /// <summary>The peer is not of the trust domain.</summary>
    UntrustedPeer,

    /// <summary>No P-Asserted-Identity that names a user.</summary>
    NotAsserted,

    /// <summary>The sender is a conference of this server: its own message came back.</summary>
    SenderIsConference,

    /// <summary>The target is neither a conference of this server nor its factory.</summary>
    NotAConference,

    /// <summary>The body is of a type that is not taken.</summary>
    UnsupportedMedia,

    /// <summary>There is no body.</summary>
    BodyMissing,

    /// <summary>Plain text that is not UTF-8, or holds control characters.</summary>
    BadText,

    /// <summary>Plain text that is too long for a chat line.</summary>
    TextTooLong,

    /// <summary>Something else than create was sent to the factory.</summary>
    FactoryOnlyCreates,

    /// <summary>Create was sent to a conference.</summary>
    CreateNeedsFactory,

    /// <summary>A bug of this server.</summary>
    InternalError,
}

/// <summary>Turns a reason into what a sender and an operator see.</summary>
public static class FrontDoorReasons
{
    /// <summary>SIP status, metric label and text of a reason.</summary>
    public static (int Status, string Label, string Text) Describe(FrontDoorReason reason) => reason switch
    {
        FrontDoorReason.Draining => (503, "draining", "The server is shutting down"),
        FrontDoorReason.Overloaded => (503, "overloaded", "The server is overloaded"),
        FrontDoorReason.NoPlace => (503, "no_place", "The server is overloaded"),
        FrontDoorReason.SenderShare => (480, "sender_share", "Too many requests of this sender"),
        FrontDoorReason.ConferenceShare => (480, "conference_share", "Too many requests for this conference"),
        FrontDoorReason.ConferenceBehind => (480, "conference_behind", "Members are still to be sent earlier events"),
        FrontDoorReason.WaitedTooLong => (503, "waited_too_long", "The server is overloaded"),
        FrontDoorReason.FromMismatch => (403, "from_mismatch", "From is not the authenticated user"),
        FrontDoorReason.UntrustedPeer => (403, "untrusted_peer", "This peer is not trusted"),
        FrontDoorReason.NotAsserted => (403, "not_asserted", "No asserted identity"),
        FrontDoorReason.SenderIsConference => (403, "sender_is_conference", "A conference cannot be a sender"),
        FrontDoorReason.NotAConference => (404, "not_a_conference", "No conference has this address"),
        FrontDoorReason.UnsupportedMedia => (415, "unsupported_media", "This media type is not taken"),
        FrontDoorReason.BodyMissing => (400, "body_empty", "There is no body"),
        FrontDoorReason.BadText => (400, "bad_text", "The text is not UTF-8 or holds control characters"),
        FrontDoorReason.TextTooLong => (413, "text_too_long", "The text is too long"),
        FrontDoorReason.FactoryOnlyCreates => (400, "factory_only_creates", "The factory takes only create"),
        FrontDoorReason.CreateNeedsFactory => (400, "create_needs_factory", "Create goes to the factory"),
        FrontDoorReason.InternalError => (500, "internal_error", "The server failed"),
        _ => throw new UnreachableException($"No description for {reason}"),
    };
}
