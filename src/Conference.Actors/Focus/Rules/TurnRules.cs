using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Requests;

namespace Conference.Actors.Focus;

/// <summary>Turning and saving: what may have to wait for pages.</summary>
internal static class TurnRules
{
    internal static Decision Turn(ConferenceState state, RequestSender sender, TurnPage turn, RuleContext context)
    {
        if (!sender.May(Rights.Turn)) return new Decision.Refuse(RefuseReason.NoRight);
        if (DocumentRules.CheckPage(state, turn.Page, out var document) is { } fault) return fault;
        if (DocumentRules.FindCached(state, turn.Page, context) is not null)
        {
            return state.CurrentPage == turn.Page
                ? new Decision.Done()
                : new Decision.Accept(new PageTurned(turn.Page));
        }

        if (!state.HasSharer(document!)) return new Decision.Refuse(RefuseReason.PageUnavailable);
        if (state.AwaitedTurns.Any(awaited => awaited.Page == turn.Page && awaited.Requester == sender.Uri))
        {
            return new Decision.Done();
        }

        return state.AwaitedTurns.Length >= context.Options.AwaitedMax
            ? new Decision.Refuse(RefuseReason.TooManyAwaited)
            : new Decision.Accept(new TurnAwaited(turn.Page));
    }

    internal static Decision Save(ConferenceState state, RequestSender sender, FocusOptions options)
    {
        if (!sender.May(Rights.Manage)) return new Decision.Refuse(RefuseReason.NoRight);
        return state.AwaitedSaves.Length >= options.AwaitedMax
            ? new Decision.Refuse(RefuseReason.TooManyAwaited)
            : new Decision.Accept(new SaveAwaited());
    }
}
