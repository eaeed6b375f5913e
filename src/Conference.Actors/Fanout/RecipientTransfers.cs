using Conference.Actors.Ports;
using Conference.Protocol;
using Conference.Protocol.Notifications;

namespace Conference.Actors.Fanout;

/// <content>What goes out in several bodies: snapshots and pages. With the recipient's lock held.</content>
internal sealed partial class Recipient
{
    /// <summary>Several bodies that belong together and go out one after the other.</summary>
    /// <param name="Bodies">In order.</param>
    /// <param name="IsSnapshot">A snapshot, else the content of a page.</param>
    /// <param name="Revision">Of the snapshot.</param>
    /// <param name="Page">Whose content it is; null for a snapshot.</param>
    /// <param name="Form">Of the page's content.</param>
    internal sealed record Transfer(
        IReadOnlyList<EncodedBody> Bodies, bool IsSnapshot, long Revision, PageDescriptor? Page, PageForm Form)
    {
        internal int Sent { get; set; }
    }

    private const int SnapshotStepBytes = 128;

    private EncodedBody? NextSnapshot(int pathBytesMax)
    {
        var bytesMax = BodyBytesMax(pathBytesMax, _conference.Options.BodyBytesMax);
        // What a datagram has room for differs with the length of each address: rounded, many share one encoding.
        if (bytesMax > 2 * SnapshotStepBytes) bytesMax -= bytesMax % SnapshotStepBytes;
        var (revision, bodies) = _conference.Snapshots.Get(bytesMax);
        var snapshot = new Transfer(bodies, IsSnapshot: true, revision, Page: null, default);
        NeedAside().Transfer = snapshot;
        return NextPart(snapshot, pathBytesMax);
    }

    private EncodedBody? NextPart(Transfer snapshot, int pathBytesMax)
    {
        _conference.NoteTakenSnapshot(snapshot.Revision);
        return FlyOrRefer(FlightKind.Transfer, snapshot.Bodies[snapshot.Sent], null, pathBytesMax);
    }

    private void ConfirmTransfer()
    {
        if (_aside is not { Transfer: { } transfer } aside || ++transfer.Sent < transfer.Bodies.Count) return;
        aside.Transfer = null;
        if (transfer.IsSnapshot)
        {
            FanoutMetrics.Snapshots.Inc();
            _wantsSnapshot = false;
            _contentSince = transfer.Revision;
            _cursor = Math.Min(_cursor, transfer.Revision);
            MoveCursor(transfer.Revision);
            _contents = null;
            if (_conference.CurrentContent() is { } current && current.SharedRevision <= transfer.Revision)
                aside.CurrentNeed = current;
            return;
        }

        FanoutMetrics.PagesByForm.WithLabels(PageBodies.Label(transfer.Form)).Inc();
        NoteContent(transfer.Page!.Digest);
    }
}
