using System.Collections.Immutable;
using Conference.Protocol;

namespace Conference.Actors.Focus;

/// <summary>What a saved file holds, without the content of the pages.</summary>
/// <param name="Conference">Which conference it was.</param>
/// <param name="Revision">The last revision in it.</param>
/// <param name="Subject">Null for none.</param>
/// <param name="Documents">In the order in which they were shared.</param>
public sealed record SavedConference(
    ConferenceUri Conference, long Revision, string? Subject, ImmutableArray<SavedDocument> Documents);

/// <summary>A document in a saved file.</summary>
/// <param name="DocumentId">As shared.</param>
/// <param name="Name">As shared.</param>
/// <param name="PageCount">Missing pages included.</param>
/// <param name="Sharer">Who shared it.</param>
/// <param name="Pages">Those that are there, by rising number.</param>
/// <param name="MissingPages">Numbers of those that are not.</param>
/// <param name="Boards">The marks of each page that has any, by number.</param>
public sealed record SavedDocument(
    string DocumentId, string Name, int PageCount, ParticipantUri Sharer, ImmutableArray<PageDescriptor> Pages,
    ImmutableArray<int> MissingPages, ImmutableDictionary<int, Board> Boards);

/// <summary>What a reader of saved files takes: a zip file from elsewhere may be a bomb.</summary>
public sealed record SavedFileLimits
{
    /// <summary>Entries of the zip file. 100 documents of 5,000 pages with marks would be more; nobody reads that.
    /// </summary>
    public int EntriesMax { get; init; } = 100_000;

    /// <summary>Bytes of all entries, unpacked. 512 MiB: twice what a server saves.</summary>
    public long BytesMax { get; init; } = 512L * 1024 * 1024;

    /// <summary>Bytes of one page. 16 MiB, as the server.</summary>
    public int PageBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>Bytes of the manifest or of one layer, unpacked. 32 MiB: a page has at most 8 MiB of marks, and twice
    /// that in XML.</summary>
    public int XmlBytesMax { get; init; } = 32 * 1024 * 1024;
}

/// <summary>Why a saved file cannot be opened.</summary>
public enum SavedFileFault
{
    /// <summary>It can be.</summary>
    None,

    /// <summary>Not a zip file.</summary>
    NotZip,

    /// <summary>No manifest, or one that is not valid, or of another version.</summary>
    BadManifest,

    /// <summary>An entry that the manifest names is not there.</summary>
    EntryMissing,

    /// <summary>An entry that the manifest does not name, or one that comes twice.</summary>
    EntryUnknown,

    /// <summary>Size or digest of an entry is not what the manifest says.</summary>
    DigestMismatch,

    /// <summary>A layer is not valid, or its marks do not have the digest that the manifest says.</summary>
    BadLayer,

    /// <summary>Larger than the limits.</summary>
    TooLarge,
}
