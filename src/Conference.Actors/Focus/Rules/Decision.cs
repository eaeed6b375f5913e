using Conference.Protocol;
using Conference.Protocol.Notifications;

namespace Conference.Actors.Focus;

/// <summary>What a command would do. Closed family.</summary>
public abstract record Decision
{
    private Decision()
    {
    }

    /// <summary>Makes an event of the sender.</summary>
    public sealed record Accept(EventBody Body) : Decision;

    /// <summary>Makes an event of the server, on behalf of somebody who asked before.</summary>
    public sealed record Serve(EventBody Body, ParticipantUri Author) : Decision;

    /// <summary>Was carried out before (R3).</summary>
    public sealed record Repeat(long Revision) : Decision;

    /// <summary>All is as asked already: no event, but accepted.</summary>
    public sealed record Done : Decision;

    /// <summary>Send the sender what came after a revision.</summary>
    public sealed record Resend(long SinceRevision) : Decision;

    /// <summary>Send the sender the content of a page.</summary>
    public sealed record SendPage(PageDescriptor Page) : Decision;

    /// <summary>Show a pointer. Volatile: no event.</summary>
    public sealed record Point(PointerPosition Position) : Decision;

    /// <summary>Keep the part of a page until the others are there.</summary>
    public sealed record KeepPart : Decision;

    /// <summary>Nothing is done.</summary>
    public sealed record Refuse(RefuseReason Reason, string? Detail = null) : Decision;
}
