using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Conference.Protocol;
using Conference.Protocol.Notifications;

namespace Conference.Client.Model;

/// <summary>A conference as one participant sees it after a revision. Immutable: each change gives another model, so a
/// reader on any thread has a consistent one.</summary>
public sealed record ConferenceModel
{
    private ConferenceModel(ConferenceUri uri) => Uri = uri;

    /// <summary>Which conference.</summary>
    public ConferenceUri Uri { get; }

    /// <summary>The last revision in it; 0 before the first snapshot.</summary>
    public long Revision { get; init; }

    /// <summary>Null for none.</summary>
    public string? Subject { get; init; }

    /// <summary>What a <see cref="Role.Participant"/> may do.</summary>
    public Rights DefaultRights { get; init; }

    /// <summary>Whether anybody asserted may join.</summary>
    public bool IsOpen { get; init; }

    /// <summary>All members.</summary>
    public ImmutableDictionary<ParticipantUri, RosterEntry> Roster { get; init; } =
        ImmutableDictionary<ParticipantUri, RosterEntry>.Empty;

    /// <summary>Raised hands, longest first.</summary>
    public ImmutableArray<RaisedHand> Requests { get; init; } = [];

    /// <summary>Shared documents by id.</summary>
    public ImmutableDictionary<string, DocumentModel> Documents { get; init; } =
        ImmutableDictionary<string, DocumentModel>.Empty;

    /// <summary>What everybody shows; null before the first turn.</summary>
    public PageRef? CurrentPage { get; init; }

    /// <summary>The marks of each page that has any.</summary>
    public ImmutableDictionary<PageRef, Board> Boards { get; init; } = ImmutableDictionary<PageRef, Board>.Empty;

    /// <summary>The last save that came to an end; null before, and after a snapshot.</summary>
    public ConferenceSaved? LastSaved { get; init; }

    /// <summary>Whether the chair ended it.</summary>
    public bool HasEnded { get; init; }

    /// <summary>How many marks there are on all pages.</summary>
    public int MarkCount => Boards.Values.Sum(board => board.Marks.Count);

    /// <summary>Every page that the server has, by document and number.</summary>
    public IEnumerable<PageDescriptor> Pages => Documents.Values
        .OrderBy(document => document.DocumentId, StringComparer.Ordinal)
        .SelectMany(document => document.Pages.Values);

    /// <summary>Nothing known yet.</summary>
    public static ConferenceModel Empty(ConferenceUri uri) => new(uri);

    /// <summary>The page's marks; an empty board when it has none.</summary>
    public Board BoardOf(PageRef page) => Boards.GetValueOrDefault(page, Board.Empty);

    /// <summary>One digest over the boards of all pages, for comparing participants at a glance: SHA-256 over the
    /// lines <c>page digest</c>, sorted.</summary>
    public string DigestOfAllBoards()
    {
        var lines = Boards.Where(board => !board.Value.Marks.IsEmpty)
            .Select(board => $"{board.Key} {board.Value.Digest}\n").Order(StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines))));
    }
}
