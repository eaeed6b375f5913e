using System.Collections.Immutable;
using System.Diagnostics;
using Conference.Protocol;
using Conference.Protocol.Requests;

namespace Conference.Actors.Focus;

/// <summary>What the rules know besides the state.</summary>
/// <param name="Options">Limits.</param>
/// <param name="LostPages">Digests of pages whose content was found to have outlived its lifetime.</param>
public sealed record RuleContext(FocusOptions Options, ImmutableHashSet<string> LostPages)
{
    /// <summary>With no page lost.</summary>
    public static RuleContext For(FocusOptions options) => new(options, []);
}

/// <summary>Room 7: says what a command would do. Pure: reads the state, never changes it (INV-3); no clock.</summary>
/// <remarks>The family is split by feature: membership, rights, documents, board, turns.</remarks>
public static class ConferenceRules
{
    /// <summary>Decides one command.</summary>
    /// <param name="state">The conference before it.</param>
    /// <param name="command">From the front door: the sender is asserted (R8).</param>
    /// <param name="context">Limits and lost pages.</param>
    public static Decision Decide(ConferenceState state, ConferenceCommand command, RuleContext context)
    {
        var request = command.Request;
        if (request.Id.Length is 0 or > 64) return new Decision.Refuse(RefuseReason.NotValid, "id");
        if (FindEarlier(state, command) is { } earlier) return earlier;
        if (request.Action is CreateConference create)
        {
            return MembershipRules.Create(state, command, create, context.Options);
        }

        if (state.Revision == 0 || state.HasEnded) return new Decision.Refuse(RefuseReason.UnknownConference);
        var member = state.FindMember(command.Sender);
        if (request.Action is JoinConference join)
        {
            return MembershipRules.Join(state, command, member, join, context.Options);
        }

        if (member is null && !command.IsOperator) return new Decision.Refuse(RefuseReason.NotMember);
        var sender = new RequestSender(command.Sender, command.IsOperator ? Rights.All : member!.Rights);
        return Decide(state, sender, request.Action, context);
    }

    private static Decision Decide(
        ConferenceState state, RequestSender sender, RequestAction action, RuleContext context) => action switch
        {
            LeaveConference => MembershipRules.Leave(state, sender.Uri),
            InviteMembers invite => MembershipRules.Invite(state, sender, invite, context.Options),
            RemoveMember remove => MembershipRules.Remove(state, sender, remove),
            EndConference => MembershipRules.End(sender),
            SetRole set => RightsRules.Set(state, sender, set),
            SetDefaultRights set => RightsRules.SetDefault(state, sender, set),
            RequestRights request => RightsRules.Request(state, sender, request),
            GrantRights grant => RightsRules.Grant(state, sender, grant),
            RevokeRights revoke => RightsRules.Revoke(state, sender, revoke),
            ShareDocument share => DocumentRules.Share(state, sender, share, context.Options),
            SharePage share => DocumentRules.Share(state, sender, share, context),
            PageUnavailable unavailable => DocumentRules.Unavailable(state, sender, unavailable),
            CloseDocument close => DocumentRules.Close(state, sender, close),
            FetchPage fetch => DocumentRules.Fetch(state, fetch, context),
            Operate operate => BoardRules.Operate(state, sender, operate, context.Options),
            Undo => BoardRules.Undo(state, sender, context.Options),
            Redo => BoardRules.Redo(state, sender, context.Options),
            MovePointer move => BoardRules.Point(state, sender, move),
            TurnPage turn => TurnRules.Turn(state, sender, turn, context),
            SaveConference => TurnRules.Save(state, sender, context.Options),
            Resync resync => resync.SinceRevision < 0 || resync.SinceRevision > state.Revision
                ? new Decision.Refuse(RefuseReason.RevisionAhead)
                : new Decision.Resend(resync.SinceRevision),
            Say say => say.Text.Length > context.Options.TextCharactersMax
                ? new Decision.Refuse(RefuseReason.TooLarge, "text")
                : new Decision.Accept(new Protocol.Notifications.ChatSaid(say.Text)),
            _ => throw new UnreachableException($"No rule for {action.GetType().Name}"),
        };

    /// <summary>R3: a repeated id with the same content is acknowledged again, with other content it is refused.
    /// </summary>
    private static Decision? FindEarlier(ConferenceState state, ConferenceCommand command)
    {
        if (!state.Requests.TryGetValue(command.Sender, out var memory)) return null;
        if (!memory.TryFind(command.Request.Id, out var earlier)) return null;
        var isSame = earlier.ContentHash == 0 || command.ContentHash == 0
            || earlier.ContentHash == command.ContentHash;
        return isSame ? new Decision.Repeat(earlier.Revision) : new Decision.Refuse(RefuseReason.IdReused);
    }
}

/// <summary>Who asks, and what they may do.</summary>
internal readonly record struct RequestSender(ParticipantUri Uri, Rights Rights)
{
    internal bool May(Rights right) => (Rights & right) == right;
}
