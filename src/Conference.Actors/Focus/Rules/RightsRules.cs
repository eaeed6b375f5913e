using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Requests;

namespace Conference.Actors.Focus;

/// <summary>Roles, rights, raised hands.</summary>
internal static class RightsRules
{
    internal static Decision Set(ConferenceState state, RequestSender sender, SetRole set)
    {
        if (Check(state, sender, set.Participant, Rights.None, out var member) is { } fault) return fault;
        if (!Enum.IsDefined(set.Role)) return new Decision.Refuse(RefuseReason.NotValid, "role");
        if (set.Role != Role.Chair && MembershipRules.IsLastChair(state, member!))
        {
            return new Decision.Refuse(RefuseReason.LastChair);
        }

        return Change(state, member!, set.Role, ConferenceState.RightsOf(set.Role, state.DefaultRights));
    }

    internal static Decision SetDefault(ConferenceState state, RequestSender sender, SetDefaultRights set)
    {
        if (!sender.May(Rights.Manage)) return new Decision.Refuse(RefuseReason.NoRight);
        if ((set.Rights & ~Rights.All) != 0) return new Decision.Refuse(RefuseReason.NotValid, "rights");
        return set.Rights == state.DefaultRights
            ? new Decision.Done()
            : new Decision.Accept(new DefaultRightsChanged(set.Rights));
    }

    internal static Decision Request(ConferenceState state, RequestSender sender, RequestRights request)
    {
        if ((request.Rights & ~Rights.All) != 0) return new Decision.Refuse(RefuseReason.NotValid, "rights");
        if (state.FindMember(sender.Uri) is null) return new Decision.Refuse(RefuseReason.NotMember);
        var hand = state.RaisedHands.FirstOrDefault(raised => raised.Participant == sender.Uri);
        if ((hand?.Rights ?? Rights.None) == request.Rights) return new Decision.Done();
        if (request.Rights != Rights.None && sender.May(request.Rights)) return new Decision.Done();
        return new Decision.Accept(new RightsRequested(request.Rights));
    }

    internal static Decision Grant(ConferenceState state, RequestSender sender, GrantRights grant) =>
        Check(state, sender, grant.Participant, grant.Rights, out var member)
        ?? Change(state, member!, member!.Role, member.Rights | grant.Rights);

    /// <summary>A chair keeps every right: it must be given another role first.</summary>
    internal static Decision Revoke(ConferenceState state, RequestSender sender, RevokeRights revoke)
    {
        if (Check(state, sender, revoke.Participant, revoke.Rights, out var member) is { } fault) return fault;
        if (member!.Role == Role.Chair && revoke.Rights != Rights.None)
        {
            return new Decision.Refuse(RefuseReason.NoRight, "A chair has every right: set another role");
        }

        return Change(state, member, member.Role, member.Rights & ~revoke.Rights);
    }

    private static Decision.Refuse? Check(
        ConferenceState state, RequestSender sender, ParticipantUri participant, Rights rights,
        out RosterEntry? member)
    {
        member = state.FindMember(participant);
        if (!sender.May(Rights.Manage)) return new Decision.Refuse(RefuseReason.NoRight);
        if ((rights & ~Rights.All) != 0) return new Decision.Refuse(RefuseReason.NotValid, "rights");
        return member is null ? new Decision.Refuse(RefuseReason.UnknownMember) : null;
    }

    private static Decision Change(ConferenceState state, RosterEntry member, Role role, Rights rights)
    {
        var isWaiting = state.RaisedHands.Any(hand => hand.Participant == member.Participant);
        return member.Role == role && member.Rights == rights && !isWaiting
            ? new Decision.Done()
            : new Decision.Accept(new RightsChanged(member.Participant, role, rights));
    }
}
