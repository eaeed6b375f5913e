using System.Collections.Immutable;
using Conference.Protocol.Notifications;

namespace Conference.Protocol.Xml;

/// <summary>Cuts a snapshot into parts that fit a path.</summary>
public static class SnapshotSplitter
{
    /// <summary>Parts whose encoded size is at most <paramref name="bytesMax"/>, unless a single member, page or mark
    /// is larger than that: it then travels alone.</summary>
    /// <param name="snapshot">A whole one (part 1 of 1).</param>
    /// <param name="bytesMax">Of a body. Where it is too little for the single values and one item, each item travels
    /// alone: a datagram of 1,300 bytes leaves some 800 for the body.</param>
    /// <returns>At least one. Each repeats the single values; the lists are cut between and inside of documents and
    /// boards, in order, so that <see cref="SnapshotMerger"/> or simple concatenation gives the whole back.</returns>
    public static ImmutableArray<Snapshot> Split(Snapshot snapshot, int bytesMax)
    {
        using var cut = new SnapshotCut(snapshot, bytesMax);
        foreach (var member in snapshot.Roster) cut.Add(member);
        foreach (var hand in snapshot.Requests) cut.Add(hand);
        foreach (var document in snapshot.Documents) cut.Add(document);
        foreach (var board in snapshot.Boards) cut.Add(board);
        return cut.Finish();
    }
}
