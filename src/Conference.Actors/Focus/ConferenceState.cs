using System.Collections.Immutable;
using Conference.Protocol;
using Conference.Protocol.Notifications;

namespace Conference.Actors.Focus;

/// <summary>Everything a conference is after a revision. Immutable (INV-3): a change gives another state.</summary>
/// <remarks>Made by <see cref="Apply"/> from the events alone, so that replaying them gives the same state, with one
/// exception: <see cref="RememberedRequest.ContentHash"/> is not part of an event.</remarks>
public sealed partial record ConferenceState
{
    /// <summary>Which conference.</summary>
    public required ConferenceUri Uri { get; init; }

    /// <summary>The last revision in it; 0 before it is created.</summary>
    public required long Revision { get; init; }

    /// <summary>Null for none.</summary>
    public string? Subject { get; init; }

    /// <summary>What a <see cref="Role.Participant"/> may do.</summary>
    public Rights DefaultRights { get; init; }

    /// <summary>Whether anybody asserted may join; otherwise only members.</summary>
    public bool IsOpen { get; init; }

    /// <summary>When revision 1 was accepted.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the last revision was accepted.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>Whether <see cref="ConferenceEnded"/> is the last event.</summary>
    public bool HasEnded { get; init; }

    /// <summary>All members by identity.</summary>
    public Roster Roster { get; init; } = Roster.Empty;

    /// <summary>Raised hands, longest first; one per member at most.</summary>
    public ImmutableArray<RaisedHand> RaisedHands { get; init; } = [];

    /// <summary>All documents by id.</summary>
    public ImmutableDictionary<string, SharedDocument> Documents { get; init; } =
        ImmutableDictionary<string, SharedDocument>.Empty;

    /// <summary>What everybody shows, null before the first turn and after its document was closed.</summary>
    public PageRef? CurrentPage { get; init; }

    /// <summary>The marks of each page that was ever drawn on.</summary>
    public ImmutableDictionary<PageRef, Board> Boards { get; init; } =
        ImmutableDictionary<PageRef, Board>.Empty;

    /// <summary>About how many bytes the marks of each page have: kept up to date change by change, since adding them
    /// up for every operation would cost more than the operation.</summary>
    public ImmutableDictionary<PageRef, long> MarkBytes { get; init; } =
        ImmutableDictionary<PageRef, long>.Empty;

    /// <summary>What each author can undo and redo.</summary>
    public ImmutableDictionary<ParticipantUri, UndoHistory> Histories { get; init; } =
        ImmutableDictionary<ParticipantUri, UndoHistory>.Empty;

    /// <summary>Turns that wait for a page, longest first.</summary>
    public ImmutableArray<AwaitedTurn> AwaitedTurns { get; init; } = [];

    /// <summary>Saves that are not finished, longest first.</summary>
    public ImmutableArray<AwaitedSave> AwaitedSaves { get; init; } = [];

    /// <summary>The latest requests of each author that made an event (R3).</summary>
    public ImmutableDictionary<ParticipantUri, RequestMemory> Requests { get; init; } =
        ImmutableDictionary<ParticipantUri, RequestMemory>.Empty;

    /// <summary>How much is remembered: part of the state, so that replaying does not depend on today's options.
    /// </summary>
    public StateLimits Limits { get; init; } = StateLimits.Default;

    /// <summary>A conference without events.</summary>
    public static ConferenceState Before(ConferenceUri uri, StateLimits? limits = null) =>
        new() { Uri = uri, Revision = 0, Limits = limits ?? StateLimits.Default };

    /// <summary>The member, or null.</summary>
    public RosterEntry? FindMember(ParticipantUri participant) => Roster.Find(participant);

    /// <summary>The document, or null.</summary>
    public SharedDocument? FindDocument(string documentId) => Documents.GetValueOrDefault(documentId);

    /// <summary>A page whose content is in the cache, or null.</summary>
    public PageDescriptor? FindPage(PageRef page) =>
        FindDocument(page.DocumentId)?.Pages.GetValueOrDefault(page.Number) is { IsCached: true } there
            ? there.Descriptor
            : null;

    /// <summary>Whether pages of this document can still come: its sharer is here and may share.</summary>
    public bool HasSharer(SharedDocument document) =>
        FindMember(document.Sharer) is { } sharer && (sharer.Rights & Rights.Share) != 0;

    /// <summary>The marks of a page; an empty board for a page never drawn on.</summary>
    public Board BoardOf(PageRef page) => Boards.GetValueOrDefault(page, Board.Empty);

    /// <summary>How many members have this role.</summary>
    public int Count(Role role)
    {
        var count = 0;
        foreach (var member in Roster.Values)
        {
            if (member.Role == role) count++;
        }

        return count;
    }

    /// <summary>What a role gives.</summary>
    public static Rights RightsOf(Role role, Rights defaultRights) => role switch
    {
        Role.Chair => Rights.All,
        Role.Presenter => Rights.Share | Rights.Draw | Rights.Turn,
        Role.Participant => defaultRights,
        _ => Rights.None,
    };

    /// <summary>Pages of all documents that are not in the cache, in the order of documents and numbers.</summary>
    public IEnumerable<PageRef> MissingPages() =>
        from document in DocumentsInOrder()
        from number in Enumerable.Range(1, document.PageCount)
        let page = new PageRef(document.DocumentId, number)
        where FindPage(page) is null
        select page;

    /// <summary>All documents, first shared first.</summary>
    public IEnumerable<SharedDocument> DocumentsInOrder() => Documents.Values.OrderBy(document => document.Revision);

    /// <summary>The whole state as one message, all boards with marks included.</summary>
    public Snapshot ToSnapshot() => new(
        Uri, Revision, Subject, DefaultRights, IsOpen,
        [.. Roster.Values],
        RaisedHands,
        [.. DocumentsInOrder().Select(document => document.ToDocumentState())],
        CurrentPage,
        [
            .. Boards.Where(board => !board.Value.Marks.IsEmpty)
                .OrderBy(board => board.Key.DocumentId, StringComparer.Ordinal).ThenBy(board => board.Key.Number)
                .Select(board => board.Value.ToState(board.Key)),
        ]);
}
