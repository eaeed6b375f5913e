using System.Collections.Immutable;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Requests;

namespace Conference.Actors.Focus;

/// <summary>Create, join, leave, invite, remove, end.</summary>
internal static class MembershipRules
{
    internal static Decision Create(
        ConferenceState state, ConferenceCommand command, CreateConference create, FocusOptions options)
    {
        if (state.Revision > 0) return new Decision.Refuse(RefuseReason.ConferenceExists);
        if ((create.DefaultRights & ~Rights.All) != 0) return new Decision.Refuse(RefuseReason.NotValid, "rights");
        if (create.Subject?.Length > options.LineCharactersMax)
        {
            return new Decision.Refuse(RefuseReason.TooLarge, "subject");
        }

        if (CheckInvitees(create.Members, options) is { } fault) return fault;
        var members = new List<RosterEntry>(create.Members.Length + 1);
        var known = new HashSet<ParticipantUri>();
        if (!command.IsOperator)
        {
            // The creator is chair, whatever the list says of it.
            var own = create.Members.FirstOrDefault(invitee => invitee.Participant == command.Sender);
            var chair = new Invitee(command.Sender, Role.Chair, own?.DisplayName);
            members.Add(ToEntry(chair, create.DefaultRights));
            known.Add(command.Sender);
        }

        members.AddRange(create.Members.Where(invitee => known.Add(invitee.Participant))
            .Select(invitee => ToEntry(invitee, create.DefaultRights)));
        if (members.Count > options.MembersMax) return new Decision.Refuse(RefuseReason.ConferenceFull);
        if (members.TrueForAll(member => member.Role != Role.Chair))
        {
            return new Decision.Refuse(RefuseReason.LastChair, "Name at least one chair");
        }

        return new Decision.Accept(
            new ConferenceCreated(create.Subject, create.DefaultRights, create.IsOpen, [.. members]));
    }

    internal static Decision Join(
        ConferenceState state, ConferenceCommand command, RosterEntry? member, JoinConference join,
        FocusOptions options)
    {
        if (join.DisplayName?.Length > options.LineCharactersMax)
        {
            return new Decision.Refuse(RefuseReason.TooLarge, "display name");
        }

        if (member is not null)
        {
            var back = member with
            {
                DisplayName = join.DisplayName ?? member.DisplayName, WantsOwnEvents = join.WantsOwnEvents,
            };
            return back == member ? new Decision.Resend(0) : new Decision.Accept(new MembersJoined([back]));
        }

        if (!state.IsOpen && !command.IsOperator) return new Decision.Refuse(RefuseReason.NotMember);
        if (state.Roster.Count >= options.MembersMax) return new Decision.Refuse(RefuseReason.ConferenceFull);
        return new Decision.Accept(new MembersJoined(
        [
            new RosterEntry(
                command.Sender, join.DisplayName, Role.Participant, state.DefaultRights, join.WantsOwnEvents),
        ]));
    }

    internal static Decision Leave(ConferenceState state, ParticipantUri participant)
    {
        if (state.FindMember(participant) is not { } member) return new Decision.Refuse(RefuseReason.NotMember);
        return IsLastChair(state, member)
            ? new Decision.Refuse(RefuseReason.LastChair)
            : new Decision.Accept(new MemberLeft(participant, LeaveReason.Left));
    }

    internal static Decision Invite(
        ConferenceState state, RequestSender sender, InviteMembers invite, FocusOptions options)
    {
        if (!sender.May(Rights.Manage)) return new Decision.Refuse(RefuseReason.NoRight);
        if (CheckInvitees(invite.Members, options) is { } fault) return fault;
        var known = new HashSet<ParticipantUri>();
        var members = invite.Members
            .Where(invitee => !state.Roster.ContainsKey(invitee.Participant) && known.Add(invitee.Participant))
            .Select(invitee => ToEntry(invitee, state.DefaultRights)).ToImmutableArray();
        if (members.IsEmpty) return new Decision.Done();
        return state.Roster.Count + members.Length > options.MembersMax
            ? new Decision.Refuse(RefuseReason.ConferenceFull)
            : new Decision.Accept(new MembersJoined(members));
    }

    internal static Decision Remove(ConferenceState state, RequestSender sender, RemoveMember remove)
    {
        if (remove.Participant == sender.Uri) return Leave(state, sender.Uri);
        if (!sender.May(Rights.Manage)) return new Decision.Refuse(RefuseReason.NoRight);
        if (state.FindMember(remove.Participant) is not { } member)
        {
            return new Decision.Refuse(RefuseReason.UnknownMember);
        }

        return IsLastChair(state, member)
            ? new Decision.Refuse(RefuseReason.LastChair)
            : new Decision.Accept(new MemberLeft(remove.Participant, LeaveReason.Removed));
    }

    internal static Decision End(RequestSender sender) =>
        sender.May(Rights.Manage)
            ? new Decision.Accept(new ConferenceEnded())
            : new Decision.Refuse(RefuseReason.NoRight);

    internal static bool IsLastChair(ConferenceState state, RosterEntry member) =>
        member.Role == Role.Chair && state.Count(Role.Chair) == 1;

    private static Decision.Refuse? CheckInvitees(ImmutableArray<Invitee> invitees, FocusOptions options)
    {
        foreach (var invitee in invitees)
        {
            if (invitee.Participant.Value.Length == 0 || !Enum.IsDefined(invitee.Role))
            {
                return new Decision.Refuse(RefuseReason.NotValid, "member");
            }

            if (invitee.DisplayName?.Length > options.LineCharactersMax)
            {
                return new Decision.Refuse(RefuseReason.TooLarge, "display name");
            }
        }

        return null;
    }

    private static RosterEntry ToEntry(Invitee invitee, Rights defaultRights) => new(
        invitee.Participant, invitee.DisplayName, invitee.Role,
        ConferenceState.RightsOf(invitee.Role, defaultRights));
}
