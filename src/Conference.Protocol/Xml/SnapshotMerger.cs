using Conference.Protocol.Notifications;

namespace Conference.Protocol.Xml;

/// <summary>Puts the parts of snapshots together, in whatever order they come. One per conference; one thread.
/// </summary>
/// <remarks>Parts of a newer revision, or of another cut, discard what was collected; parts of an older revision are
/// ignored.</remarks>
public sealed class SnapshotMerger
{
    private Snapshot?[] _parts = [];
    private long _revision;
    private int _missing;

    /// <summary>Takes one part.</summary>
    /// <returns>The whole snapshot when this was its last missing part, else null.</returns>
    public Snapshot? Add(Snapshot part)
    {
        if (part.Part < 1 || part.Part > part.Parts) return null;
        if (_missing > 0 && part.Revision < _revision) return null;
        if (_missing == 0 || part.Revision != _revision || part.Parts != _parts.Length)
        {
            _parts = new Snapshot?[part.Parts];
            _missing = part.Parts;
            _revision = part.Revision;
        }

        ref var place = ref _parts[part.Part - 1];
        if (place is null) _missing--;
        place = part;
        if (_missing > 0) return null;
        var whole = Merge(_parts!);
        _parts = [];
        return whole;
    }

    private static Snapshot Merge(Snapshot[] parts)
    {
        if (parts.Length == 1) return parts[0];
        return parts[^1] with
        {
            Part = 1,
            Parts = 1,
            Roster = [.. parts.SelectMany(part => part.Roster)],
            Requests = [.. parts.SelectMany(part => part.Requests)],
            Documents =
            [
                .. parts.SelectMany(part => part.Documents).GroupBy(document => document.DocumentId)
                    .Select(same => same.First() with { Pages = [.. same.SelectMany(document => document.Pages)] }),
            ],
            Boards =
            [
                .. parts.SelectMany(part => part.Boards).GroupBy(board => board.Page)
                    .Select(same => same.First() with { Marks = [.. same.SelectMany(board => board.Marks)] }),
            ],
        };
    }
}
