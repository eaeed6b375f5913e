using System.Collections.Immutable;
using Conference.Protocol.Notifications;

namespace Conference.Protocol.Xml;

/// <summary>Cuts a snapshot into parts that fit a path.</summary>
public static class SnapshotSplitter
{
    /// <summary>Parts whose encoded size is at most <paramref name="bytesMax"/>, unless one single mark is larger.
    /// </summary>
    /// <param name="snapshot">A whole one (part 1 of 1).</param>
    /// <param name="bytesMax">Of a body, at least 1,024.</param>
    public static ImmutableArray<Snapshot> Split(Snapshot snapshot, int bytesMax) =>
        throw new NotImplementedException();
}
