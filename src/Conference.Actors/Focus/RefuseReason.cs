using System.Diagnostics;

namespace Conference.Actors.Focus;

/// <summary>Why a conference refuses a command. Closed: every one has a status, a label and a test.</summary>
public enum RefuseReason
{
    /// <summary>There is no such conference, or it has ended.</summary>
    UnknownConference,

    /// <summary>The sender is not a member.</summary>
    NotMember,

    /// <summary>The sender lacks the right.</summary>
    NoRight,

    /// <summary>The conference has as many members as it may.</summary>
    ConferenceFull,

    /// <summary>A conference with this URI is there already.</summary>
    ConferenceExists,

    /// <summary>No member with this URI.</summary>
    UnknownMember,

    /// <summary>The last chair can neither leave nor lose the role.</summary>
    LastChair,

    /// <summary>No document with this id.</summary>
    UnknownDocument,

    /// <summary>A document with this id is there already.</summary>
    DocumentExists,

    /// <summary>As many documents as there may be.</summary>
    TooManyDocuments,

    /// <summary>Page 0, or beyond the document's page count.</summary>
    PageOutOfRange,

    /// <summary>The page is not there: nobody has shared it yet.</summary>
    PageMissing,

    /// <summary>Content and digest, or content and size, do not agree.</summary>
    DigestMismatch,

    /// <summary>The page is there already, with another digest.</summary>
    PageChanged,

    /// <summary>A part is missing, repeated with other content, or does not fit the others.</summary>
    PartMismatch,

    /// <summary>Only the sharer of the document may send its pages.</summary>
    NotSharer,

    /// <summary>A mark's point lies outside the page.</summary>
    MarkOutsidePage,

    /// <summary>No mark with this id on this page.</summary>
    UnknownMark,

    /// <summary>A mark with this id is there already.</summary>
    MarkExists,

    /// <summary>As many marks as a page may have.</summary>
    TooManyMarks,

    /// <summary>There is nothing to undo or to redo.</summary>
    NothingToUndo,

    /// <summary>The id was used before for another request.</summary>
    IdReused,

    /// <summary>A revision that the conference has not reached.</summary>
    RevisionAhead,

    /// <summary>The sharer did not deliver the page in time.</summary>
    PageTimeout,

    /// <summary>The sharer said that it cannot deliver the page, is gone, or may not share any more.</summary>
    PageUnavailable,

    /// <summary>Too many turns or saves are waiting for pages.</summary>
    TooManyAwaited,

    /// <summary>This sender sends faster than the limit.</summary>
    SenderTooFast,

    /// <summary>This conference has more commands waiting than it may.</summary>
    ConferenceBusy,

    /// <summary>A value that the protocol does not allow, from a caller that the XML reader does not check.</summary>
    NotValid,

    /// <summary>A text, mark, page or event is larger than it may be.</summary>
    TooLarge,

    /// <summary>The store cannot take the event now.</summary>
    StoreUnavailable,

    /// <summary>The command has waited so long that its sender was told 503, or is about to be.</summary>
    WaitedTooLong,

    /// <summary>The server is shutting down.</summary>
    Draining,
}

/// <summary>Turns a reason into what a sender and an operator see.</summary>
public static class RefuseReasons
{
    /// <summary>SIP status, metric label (also the name in refusals on the wire) and text of a reason.</summary>
    public static (int Status, string Label, string Text) Describe(RefuseReason reason) => reason switch
    {
        RefuseReason.UnknownConference => (404, "unknown_conference", "No such conference"),
        RefuseReason.NotMember => (403, "not_member", "Not a member of the conference"),
        RefuseReason.NoRight => (403, "no_right", "Not allowed in this conference"),
        RefuseReason.ConferenceFull => (486, "conference_full", "The conference is full"),
        RefuseReason.ConferenceExists => (403, "conference_exists", "The conference exists already"),
        RefuseReason.UnknownMember => (400, "unknown_member", "No such member"),
        RefuseReason.LastChair => (403, "last_chair", "The last chair stays until another one is named"),
        RefuseReason.UnknownDocument => (400, "unknown_document", "No such document"),
        RefuseReason.DocumentExists => (400, "document_exists", "A document with this id is shared already"),
        RefuseReason.TooManyDocuments => (403, "too_many_documents", "Too many documents"),
        RefuseReason.PageOutOfRange => (400, "page_out_of_range", "No such page in the document"),
        RefuseReason.PageMissing => (400, "page_missing", "The page has not been shared yet"),
        RefuseReason.DigestMismatch => (400, "digest_mismatch", "Content does not match its digest or size"),
        RefuseReason.PageChanged => (400, "page_changed", "The page was shared before with another digest"),
        RefuseReason.PartMismatch => (400, "part_mismatch", "The part does not fit the others"),
        RefuseReason.NotSharer => (403, "not_sharer", "Only the sharer of the document sends its pages"),
        RefuseReason.MarkOutsidePage => (400, "mark_outside_page", "A point lies outside the page"),
        RefuseReason.UnknownMark => (400, "unknown_mark", "No such mark on the page"),
        RefuseReason.MarkExists => (400, "mark_exists", "A mark with this id exists already"),
        RefuseReason.TooManyMarks => (403, "too_many_marks", "Too many marks on the page"),
        RefuseReason.NothingToUndo => (400, "nothing_to_undo", "Nothing to undo or redo"),
        RefuseReason.IdReused => (400, "id_reused", "This id was used for another request"),
        RefuseReason.RevisionAhead => (400, "revision_ahead", "The conference has not reached this revision"),
        RefuseReason.PageTimeout => (408, "page_timeout", "The sharer did not deliver the page in time"),
        RefuseReason.PageUnavailable => (410, "page_unavailable", "The sharer cannot deliver the page"),
        RefuseReason.TooManyAwaited => (480, "too_many_awaited", "Too many pages are being waited for"),
        RefuseReason.SenderTooFast => (480, "sender_too_fast", "Too many requests"),
        RefuseReason.ConferenceBusy => (480, "conference_busy", "The conference is busy"),
        RefuseReason.NotValid => (400, "not_valid", "A value is not allowed"),
        RefuseReason.TooLarge => (413, "too_large", "Larger than the server takes"),
        RefuseReason.StoreUnavailable => (503, "store_unavailable", "The store is not available"),
        RefuseReason.WaitedTooLong => (503, "waited_too_long", "The server is overloaded"),
        RefuseReason.Draining => (503, "draining", "The server is shutting down"),
        _ => throw new UnreachableException($"No description for {reason}"),
    };
}
