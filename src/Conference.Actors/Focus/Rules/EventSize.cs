using Conference.Actors.Ports;
using Conference.Protocol;
using Conference.Protocol.Notifications;

namespace Conference.Actors.Focus;

/// <summary>Bounds of what marks take in the XML of an event (Conference.Protocol, EventWriter), in bytes: known before
/// the event is built, which may hold <see cref="StoredEvent.PayloadBytesMax"/>.</summary>
internal static class EventSize
{
    /// <summary>What an event may hold besides its changes: author, time, digest, names of elements.</summary>
    private const int FrameBytes = 4 * 1024;

    /// <summary>Room for the changes of one event.</summary>
    internal const int ChangesBytesMax = StoredEvent.PayloadBytesMax - FrameBytes;

    /// <summary>What a mark takes at least: a point is "0,0 ", a picture is Base64.</summary>
    internal static long LeastOf(Mark mark) =>
        (4L * mark.Points.Length) + (mark.Text?.Length ?? 0) + ((mark.Image?.Content.Length ?? 0) / 3 * 4L);

    /// <summary>What a change takes at most: a point is "100000,100000 ", an escaped character has six bytes.</summary>
    internal static long MostOf(MarkChange change) => change switch
    {
        PutMark { Placed: var placed } => 256 + (14L * placed.Mark.Points.Length)
            + (6L * (placed.Owner.Value.Length + placed.Mark.Id.Length + (placed.Mark.Text?.Length ?? 0)))
            + (((placed.Mark.Image?.Content.Length ?? 0) + 2L) / 3 * 4),
        DropMark drop => 32 + (6L * drop.MarkId.Length),
        _ => throw new System.Diagnostics.UnreachableException($"No size for {change.GetType().Name}"),
    };
}
