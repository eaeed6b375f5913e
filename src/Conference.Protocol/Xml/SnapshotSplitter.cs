using System.Collections.Immutable;
using Conference.Protocol.Notifications;

namespace Conference.Protocol.Xml;

/// <summary>Cuts a snapshot into parts that fit a path.</summary>
public static class SnapshotSplitter
{
    /// <summary>Parts whose encoded size is at most <paramref name="bytesMax"/>, unless a single member, page or mark
    /// is larger than that: it then travels alone.</summary>
    /// <param name="snapshot">A whole one (part 1 of 1).</param>
    /// <param name="bytesMax">Of a body, at least 1,024.</param>
    /// <returns>At least one. Each repeats the single values; the lists are cut between and inside of documents and
    /// boards, in order, so that <see cref="SnapshotMerger"/> or simple concatenation gives the whole back.</returns>
    public static ImmutableArray<Snapshot> Split(Snapshot snapshot, int bytesMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesMax, 1_024);
        using var cut = new SnapshotCut(snapshot, bytesMax);
        foreach (var member in snapshot.Roster) cut.Add(member);
        foreach (var hand in snapshot.Requests) cut.Add(hand);
        foreach (var document in snapshot.Documents) cut.Add(document);
        foreach (var board in snapshot.Boards) cut.Add(board);
        return cut.Finish();
    }
}
