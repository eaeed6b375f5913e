using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Requests;

namespace Conference.Actors.Focus;

/// <summary>Documents and their pages.</summary>
internal static class DocumentRules
{
    internal static Decision Share(
        ConferenceState state, RequestSender sender, ShareDocument share, FocusOptions options)
    {
        if (!sender.May(Rights.Share)) return new Decision.Refuse(RefuseReason.NoRight);
        if (!MarkRules.IsName(share.DocumentId)) return new Decision.Refuse(RefuseReason.NotValid, "document id");
        if (share.PageCount < 1) return new Decision.Refuse(RefuseReason.PageOutOfRange, "A document has pages");
        if (share.PageCount > options.PagesPerDocumentMax) return new Decision.Refuse(RefuseReason.TooLarge, "pages");
        if (share.Name.Length > options.LineCharactersMax) return new Decision.Refuse(RefuseReason.TooLarge, "name");
        if (state.FindDocument(share.DocumentId) is not null) return new Decision.Refuse(RefuseReason.DocumentExists);
        return state.Documents.Count >= options.DocumentsMax
            ? new Decision.Refuse(RefuseReason.TooManyDocuments)
            : new Decision.Accept(new DocumentShared(share.DocumentId, share.Name, share.PageCount));
    }

    internal static Decision Share(ConferenceState state, RequestSender sender, SharePage share, RuleContext context)
    {
        var page = share.Page;
        var options = context.Options;
        if (!sender.May(Rights.Share)) return new Decision.Refuse(RefuseReason.NoRight);
        if (CheckPage(state, page.Page, out var document) is { } fault) return fault;
        if (document!.Sharer != sender.Uri) return new Decision.Refuse(RefuseReason.NotSharer);
        if (!PageContentCheck.IsValid(page, out var field)) return new Decision.Refuse(RefuseReason.NotValid, field);
        if (page.ContentBytes > options.PageBytesMax) return new Decision.Refuse(RefuseReason.TooLarge, "page");
        if (document.Pages.TryGetValue(page.Page.Number, out var known) && known.IsCached
            && !context.LostPages.Contains(known.Descriptor.Digest))
        {
            return known.Descriptor == page ? new Decision.Done() : new Decision.Refuse(RefuseReason.PageChanged);
        }

        if (share.Parts < 1 || share.Parts > options.PartsPerPageMax || share.Part < 1 || share.Part > share.Parts)
        {
            return new Decision.Refuse(RefuseReason.PartMismatch);
        }

        if (share.Parts > 1) return new Decision.KeepPart();
        if (!PageContentCheck.Matches(page, share.Content.Span))
        {
            return new Decision.Refuse(RefuseReason.DigestMismatch);
        }

        return options.ChecksImageHeaders && !PageContentCheck.HasHeader(page, share.Content.Span)
            ? new Decision.Refuse(RefuseReason.NotValid, "The content is not what its media type and size say")
            : new Decision.Accept(new PageShared(page));
    }

    /// <summary>Ends the turns that wait for this page. For a save the actor takes note of it.</summary>
    internal static Decision Unavailable(ConferenceState state, RequestSender sender, PageUnavailable unavailable)
    {
        if (CheckPage(state, unavailable.Page, out var document) is { } fault) return fault;
        if (document!.Sharer != sender.Uri) return new Decision.Refuse(RefuseReason.NotSharer);
        var turn = state.AwaitedTurns.FirstOrDefault(awaited => awaited.Page == unavailable.Page);
        return turn is null ? new Decision.Done() : ServerRules.Refuse(turn, RefuseReason.PageUnavailable);
    }

    internal static Decision Close(ConferenceState state, RequestSender sender, CloseDocument close)
    {
        if (state.FindDocument(close.DocumentId) is not { } document)
        {
            return new Decision.Refuse(RefuseReason.UnknownDocument);
        }

        return document.Sharer == sender.Uri || sender.May(Rights.Manage)
            ? new Decision.Accept(new DocumentClosed(close.DocumentId))
            : new Decision.Refuse(RefuseReason.NoRight);
    }

    internal static Decision Fetch(ConferenceState state, FetchPage fetch, RuleContext context)
    {
        if (CheckPage(state, fetch.Page, out _) is { } fault) return fault;
        return FindCached(state, fetch.Page, context) is { } page
            ? new Decision.SendPage(page)
            : new Decision.Refuse(RefuseReason.PageMissing);
    }

    /// <summary>A page whose content is there, or null.</summary>
    internal static PageDescriptor? FindCached(ConferenceState state, PageRef page, RuleContext context) =>
        state.FindPage(page) is { } cached && !context.LostPages.Contains(cached.Digest) ? cached : null;

    internal static Decision.Refuse? CheckPage(ConferenceState state, PageRef page, out SharedDocument? document)
    {
        document = state.FindDocument(page.DocumentId);
        if (document is null) return new Decision.Refuse(RefuseReason.UnknownDocument);
        return page.Number < 1 || page.Number > document.PageCount
            ? new Decision.Refuse(RefuseReason.PageOutOfRange)
            : null;
    }
}
