using System.Collections.Immutable;
using Conference.Protocol;
using Conference.Protocol.Notifications;

namespace Conference.Actors.Focus;

/// <summary>What the actor does after a round is stored, besides publishing its events. Closed family.</summary>
internal abstract record FollowUp
{
    private FollowUp()
    {
    }

    /// <summary>Send what came after a revision.</summary>
    internal sealed record Resync(ParticipantUri Participant, long SinceRevision) : FollowUp;

    /// <summary>Send a page.</summary>
    internal sealed record SendPage(ParticipantUri Participant, PageDescriptor Page) : FollowUp;

    /// <summary>Show a pointer.</summary>
    internal sealed record Point(PointerPosition Position) : FollowUp;

    /// <summary>Ask the sharer for a page.</summary>
    internal sealed record Ask(PageRef Page) : FollowUp;

    /// <summary>A page is in the cache: its parts and the note that it was lost are forgotten.</summary>
    internal sealed record PageThere(PageDescriptor Page) : FollowUp;

    /// <summary>The sharer cannot deliver a page: a save goes on without it.</summary>
    internal sealed record NotThere(PageRef Page) : FollowUp;

    /// <summary>Tell those who waited that the page does not come.</summary>
    internal sealed record TellRefused(ImmutableArray<AwaitedTurn> Turns, string Reason) : FollowUp;

    /// <summary>Hand the saved file out.</summary>
    internal sealed record HandOut(ConferenceSaved File) : FollowUp;

    /// <summary>Tell who asked that there is no file.</summary>
    internal sealed record TellSaveFailed(AwaitedSave? Save, string Reason) : FollowUp;

    /// <summary>What follows from an event; null for nothing.</summary>
    internal static FollowUp? Of(ConferenceState before, ConferenceEvent next) => next.Body switch
    {
        TurnAwaited awaited => new Ask(awaited.Page),
        TurnRefused refused => new TellRefused(
            [.. before.AwaitedTurns.Where(turn => turn.Page == refused.Page)], refused.Reason),
        PageShared shared => new PageThere(shared.Page),
        ConferenceSaved saved => new HandOut(saved),
        SaveFailed failed => new TellSaveFailed(
            before.AwaitedSaves.FirstOrDefault(save => save.Requester == next.Author), failed.Reason),
        _ => null,
    };
}
