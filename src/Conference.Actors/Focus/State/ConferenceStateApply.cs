using System.Collections.Immutable;
using System.Diagnostics;
using Conference.Protocol;
using Conference.Protocol.Notifications;

namespace Conference.Actors.Focus;

/// <content>Room 9: from event to state.</content>
public sealed partial record ConferenceState
{
    /// <summary>The state after one more event. Pure.</summary>
    /// <param name="next">Its revision is the next one.</param>
    /// <param name="contentHash">Of the request, 0 when not known (when replaying).</param>
    /// <exception cref="InvalidOperationException">The revision is not the next one: a bug or a damaged store.
    /// </exception>
    public ConferenceState Apply(ConferenceEvent next, ulong contentHash = 0)
    {
        if (next.Revision != Revision + 1)
        {
            throw new InvalidOperationException($"Revision {next.Revision} does not follow {Revision} in {Uri}.");
        }

        var after = ApplyBody(next) with { Revision = next.Revision, ChangedAt = next.At };
        return next.RequestId.Length == 0 ? after : after.Remember(next, contentHash);
    }

    private ConferenceState ApplyBody(ConferenceEvent next) => next.Body switch
    {
        ConferenceCreated created => Create(created, next.At),
        MembersJoined joined => this with { Roster = Roster.SetItems(joined.Members) },
        MemberLeft left => Leave(left.Participant),
        RightsChanged changed => Change(changed),
        DefaultRightsChanged changed => Change(changed),
        RightsRequested requested => this with { RaisedHands = Raise(next.Author, requested.Rights) },
        DocumentShared shared => this with
        {
            Documents = Documents.SetItem(shared.DocumentId, new SharedDocument(
                shared.DocumentId, shared.Name, shared.PageCount, next.Author, next.Revision,
                ImmutableDictionary<int, KnownPage>.Empty)),
        },
        DocumentClosed closed => Close(closed.DocumentId),
        PageShared shared => WithPage(shared.Page.Page, new KnownPage(shared.Page, IsCached: true)),
        BoardChanged changed => Change(next.Author, changed),
        TurnAwaited awaited => Await(next, awaited.Page),
        PageTurned turned => this with { CurrentPage = turned.Page, AwaitedTurns = Without(turned.Page) },
        TurnRefused refused => this with { AwaitedTurns = Without(refused.Page) },
        SaveAwaited => this with
        {
            AwaitedSaves = AwaitedSaves.Add(new AwaitedSave(next.Author, next.RequestId, next.Revision, next.At)),
        },
        ConferenceSaved or SaveFailed => this with { AwaitedSaves = WithoutSave(next.Author) },
        ChatSaid => this,
        ConferenceEnded => this with { HasEnded = true, AwaitedTurns = [], AwaitedSaves = [], RaisedHands = [] },
        _ => throw new UnreachableException($"No rule for {next.Body.GetType().Name}"),
    };

    private ConferenceState Create(ConferenceCreated created, DateTimeOffset at) => this with
    {
        Subject = created.Subject,
        DefaultRights = created.DefaultRights,
        IsOpen = created.IsOpen,
        CreatedAt = at,
        Roster = Roster.SetItems(created.Members),
    };

    private ConferenceState Leave(ParticipantUri participant) => this with
    {
        Roster = Roster.Remove(participant),
        RaisedHands = RaisedHands.RemoveAll(hand => hand.Participant == participant),
        AwaitedTurns = AwaitedTurns.RemoveAll(turn => turn.Requester == participant),
        Histories = Histories.Remove(participant),
    };

    private ConferenceState Change(RightsChanged changed)
    {
        if (FindMember(changed.Participant) is not { } member) return this;
        return this with
        {
            Roster = Roster.SetItem(member with { Role = changed.Role, Rights = changed.Rights }),
            RaisedHands = RaisedHands.RemoveAll(hand => hand.Participant == changed.Participant),
        };
    }

    /// <summary>A participant without rights of its own is one whose rights are the default: readers can tell too.
    /// </summary>
    private ConferenceState Change(DefaultRightsChanged changed)
    {
        var following = Roster.Values
            .Where(member => member.Role == Role.Participant && member.Rights == DefaultRights)
            .Select(member => member with { Rights = changed.Rights });
        return this with { DefaultRights = changed.Rights, Roster = Roster.SetItems(following) };
    }

    private ImmutableArray<RaisedHand> Raise(ParticipantUri author, Rights rights)
    {
        var before = RaisedHands.FirstOrDefault(hand => hand.Participant == author);
        if (rights == Rights.None) return before is null ? RaisedHands : RaisedHands.Remove(before);
        var hand = new RaisedHand(author, rights);
        return before is null ? RaisedHands.Add(hand) : RaisedHands.Replace(before, hand); // keeps its place
    }

    private ConferenceState Close(string documentId) => this with
    {
        Documents = Documents.Remove(documentId),
        CurrentPage = CurrentPage?.DocumentId == documentId ? null : CurrentPage,
        Boards = Boards.RemoveRange(Boards.Keys.Where(page => page.DocumentId == documentId)),
        MarkBytes = MarkBytes.RemoveRange(MarkBytes.Keys.Where(page => page.DocumentId == documentId)),
        Histories = Histories.SetItems(Histories.Select(history =>
            KeyValuePair.Create(history.Key, history.Value.WithoutDocument(documentId)))),
    };

    private ConferenceState WithPage(PageRef page, KnownPage known)
    {
        if (FindDocument(page.DocumentId) is not { } document) return this;
        return this with
        {
            Documents = Documents.SetItem(
                page.DocumentId, document with { Pages = document.Pages.SetItem(page.Number, known) }),
        };
    }

    private ConferenceState Await(ConferenceEvent next, PageRef page)
    {
        var turn = new AwaitedTurn(page, next.Author, next.RequestId, next.Revision, next.At);
        var after = this with { AwaitedTurns = AwaitedTurns.Add(turn) };
        // A wait for a page that was shared says that its content has outlived its lifetime.
        return FindDocument(page.DocumentId)?.Pages.TryGetValue(page.Number, out var known) == true
            ? after.WithPage(page, known with { IsCached = false })
            : after;
    }

    private ImmutableArray<AwaitedTurn> Without(PageRef page) =>
        AwaitedTurns.IsEmpty ? AwaitedTurns : AwaitedTurns.RemoveAll(turn => turn.Page == page);

    private ImmutableArray<AwaitedSave> WithoutSave(ParticipantUri requester)
    {
        var first = AwaitedSaves.FirstOrDefault(save => save.Requester == requester);
        return first is null ? AwaitedSaves : AwaitedSaves.Remove(first);
    }

    private ConferenceState Change(ParticipantUri author, BoardChanged changed)
    {
        var before = BoardOf(changed.Page);
        var history = Histories.GetValueOrDefault(author, UndoHistory.Empty);
        var after = before.Apply(changed.Changes);
        var edit = PageEdit.Of(changed.Page, before, after, changed.Changes);
        history = changed.Cause switch
        {
            BoardChangeCause.Operation => history.WithOperation(edit, Limits.UndoDepthMax),
            BoardChangeCause.Undo => history.WithUndo(BoardOf, edit, Limits.UndoDepthMax),
            BoardChangeCause.Redo => history.WithRedo(BoardOf, edit, Limits.UndoDepthMax),
            _ => throw new UnreachableException($"No rule for {changed.Cause}"),
        };
        return this with
        {
            Boards = Boards.SetItem(changed.Page, after),
            MarkBytes = MarkBytes.SetItem(changed.Page, MarkBytes.GetValueOrDefault(changed.Page) + edit.BytesAdded),
            Histories = Histories.SetItem(author, history),
        };
    }

    private ConferenceState Remember(ConferenceEvent next, ulong contentHash)
    {
        var memory = Requests.GetValueOrDefault(next.Author, RequestMemory.Empty)
            .With(next.RequestId, new RememberedRequest(next.Revision, contentHash), Limits.RememberedRequestsMax);
        var requests = Requests.SetItem(next.Author, memory);
        if (requests.Count <= Roster.Count + Limits.RememberedLeaversMax) return this with { Requests = requests };
        var longestGone = requests.Where(author => !Roster.ContainsKey(author.Key) && author.Key != next.Author)
            .OrderBy(author => author.Value.LatestRevision).Select(author => author.Key).Take(1);
        return this with { Requests = requests.RemoveRange(longestGone) };
    }
}
