using Conference.Protocol.Notifications;

namespace Conference.Protocol.Xml;

/// <summary>Puts the parts of snapshots together, in whatever order they come. One per conference; one thread.</summary>
public sealed class SnapshotMerger
{
    /// <summary>Takes one part.</summary>
    /// <returns>The whole snapshot when this was its last missing part, else null.</returns>
    public Snapshot? Add(Snapshot part) => throw new NotImplementedException();
}
