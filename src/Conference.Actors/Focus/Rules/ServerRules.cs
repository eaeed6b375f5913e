using Conference.Protocol.Notifications;

namespace Conference.Actors.Focus;

/// <summary>Events that the server makes by itself, from what the state waits for. Pure.</summary>
public static class ServerRules
{
    /// <summary>The next event that is due, or null. Ask again with the state after it until there is none.</summary>
    /// <param name="state">After the latest event.</param>
    /// <param name="now">For time-outs.</param>
    /// <param name="options">Their lengths.</param>
    public static Decision.Serve? Next(ConferenceState state, DateTimeOffset now, FocusOptions options)
    {
        foreach (var turn in state.AwaitedTurns)
        {
            if (state.FindPage(turn.Page) is not null)
            {
                return new Decision.Serve(new PageTurned(turn.Page), turn.Requester);
            }

            if (state.FindDocument(turn.Page.DocumentId) is not { } document || !state.HasSharer(document))
            {
                // The sharer is gone, took the document back, or may not share any more.
                return Refuse(turn, RefuseReason.PageUnavailable);
            }

            if (now - turn.Since >= options.PagePullTimeout) return Refuse(turn, RefuseReason.PageTimeout);
        }

        return null;
    }

    /// <summary>When <see cref="Next"/> may give something without another event; null for never.</summary>
    public static DateTimeOffset? NextDeadline(ConferenceState state, FocusOptions options) =>
        state.AwaitedTurns.IsEmpty ? null : state.AwaitedTurns.Min(turn => turn.Since) + options.PagePullTimeout;

    internal static Decision.Serve Refuse(AwaitedTurn turn, RefuseReason reason) =>
        new(new TurnRefused(turn.Page, RefuseReasons.Describe(reason).Label), turn.Requester);
}
