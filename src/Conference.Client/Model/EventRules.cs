using System.Collections.Immutable;
using System.Diagnostics;
using Conference.Protocol;
using Conference.Protocol.Notifications;

namespace Conference.Client.Model;

/// <summary>What each event changes. Pure; the same as on the server, but without what only the server needs.</summary>
internal static class EventRules
{
    /// <summary>The model after the event, its revision not yet moved.</summary>
    internal static ConferenceModel Apply(ConferenceModel model, ConferenceEvent happened) => happened.Body switch
    {
        ConferenceCreated created => model with
        {
            Subject = created.Subject,
            DefaultRights = created.DefaultRights,
            IsOpen = created.IsOpen,
            Roster = RosterOf(created.Members),
        },
        MembersJoined joined => model with
        {
            Roster = With(model.Roster, joined.Members),
        },
        MemberLeft left => model with
        {
            Roster = model.Roster.Remove(left.Participant),
            Requests = Lowered(model.Requests, left.Participant),
        },
        RightsChanged changed => WithRights(model, changed),
        DefaultRightsChanged changed => WithDefault(model, changed.Rights),
        RightsRequested asked => model with { Requests = Raised(model.Requests, happened.Author, asked.Rights) },
        DocumentShared or DocumentClosed or PageShared => ApplyToDocuments(model, happened),
        BoardChanged changed => model with
        {
            Boards = model.Boards.SetItem(changed.Page, model.BoardOf(changed.Page).Apply(changed.Changes)),
        },
        PageTurned turned => model with { CurrentPage = turned.Page },
        ConferenceSaved saved => model with { LastSaved = saved },
        ConferenceEnded => model with { HasEnded = true, Requests = [] },
        TurnAwaited or TurnRefused or SaveAwaited or SaveFailed or ChatSaid => model,
        _ => throw new UnreachableException($"No rule for {happened.Body.GetType().Name}"),
    };

    /// <summary>By participant; of who comes twice the last entry counts.</summary>
    internal static ImmutableDictionary<ParticipantUri, RosterEntry> RosterOf(ImmutableArray<RosterEntry> members) =>
        With(ImmutableDictionary<ParticipantUri, RosterEntry>.Empty, members);

    private static ImmutableDictionary<ParticipantUri, RosterEntry> With(
        ImmutableDictionary<ParticipantUri, RosterEntry> roster, ImmutableArray<RosterEntry> members) =>
        roster.SetItems(members.Select(entry => KeyValuePair.Create(entry.Participant, entry)));

    private static ConferenceModel ApplyToDocuments(ConferenceModel model, ConferenceEvent happened)
    {
        switch (happened.Body)
        {
            case DocumentShared shared:
                var document = new DocumentModel(shared.DocumentId, shared.Name, shared.PageCount, happened.Author,
                    ImmutableSortedDictionary<int, PageDescriptor>.Empty);
                return model with { Documents = model.Documents.SetItem(shared.DocumentId, document) };
            case PageShared { Page: var page } when model.Documents.TryGetValue(page.Page.DocumentId, out var known):
                known = known with { Pages = known.Pages.SetItem(page.Page.Number, page) };
                return model with { Documents = model.Documents.SetItem(known.DocumentId, known) };
            case DocumentClosed closed:
                return model with
                {
                    Documents = model.Documents.Remove(closed.DocumentId),
                    Boards = model.Boards.RemoveRange(
                        model.Boards.Keys.Where(page => page.DocumentId == closed.DocumentId)),
                    CurrentPage = model.CurrentPage?.DocumentId == closed.DocumentId ? null : model.CurrentPage,
                };
            default:
                return model;
        }
    }

    private static ConferenceModel WithRights(ConferenceModel model, RightsChanged changed)
    {
        var requests = Lowered(model.Requests, changed.Participant);
        if (!model.Roster.TryGetValue(changed.Participant, out var entry)) return model with { Requests = requests };
        entry = entry with { Role = changed.Role, Rights = changed.Rights };
        return model with { Roster = model.Roster.SetItem(changed.Participant, entry), Requests = requests };
    }

    /// <summary>Who has exactly the old default follows: nobody gave or took rights of theirs.</summary>
    private static ConferenceModel WithDefault(ConferenceModel model, Rights rights)
    {
        var followers = model.Roster.Values
            .Where(entry => entry.Role == Role.Participant && entry.Rights == model.DefaultRights)
            .Select(entry => KeyValuePair.Create(entry.Participant, entry with { Rights = rights }));
        return model with { DefaultRights = rights, Roster = model.Roster.SetItems(followers) };
    }

    private static ImmutableArray<RaisedHand> Lowered(ImmutableArray<RaisedHand> hands, ParticipantUri participant) =>
        hands.RemoveAll(hand => hand.Participant == participant);

    private static ImmutableArray<RaisedHand> Raised(
        ImmutableArray<RaisedHand> hands, ParticipantUri participant, Rights rights)
    {
        if (rights == Rights.None) return Lowered(hands, participant);
        var hand = new RaisedHand(participant, rights);
        var at = hands.IndexOf(hands.FirstOrDefault(other => other.Participant == participant) ?? hand);
        return at < 0 ? hands.Add(hand) : hands.SetItem(at, hand);
    }
}
