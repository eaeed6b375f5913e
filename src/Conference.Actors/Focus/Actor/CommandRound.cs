using System.Collections.Immutable;
using Conference.Actors.Fanout;
using Conference.Actors.Ports;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Requests;
using Conference.Protocol.Xml;

namespace Conference.Actors.Focus;

/// <summary>The commands that are decided together and stored with one append (group commit).</summary>
/// <remarks>Made and read by the actor; while its store part runs nobody changes it. All answers wait for its end: an
/// answer may rest on an event of the same round.</remarks>
internal sealed class CommandRound(
    ConferenceState before, RuleContext context, PageAssembly assembly, DateTimeOffset now)
{
    private readonly List<Answer> _answers = [];
    private readonly List<PublishedEvent> _events = [];
    private readonly List<FollowUp> _followUps = [];
    private readonly List<SharePage> _pages = [];
    private readonly List<Decision.Serve> _served = [];
    private readonly HashSet<string> _usedPages = new(StringComparer.Ordinal);

    /// <summary>When it was decided: the time of its events.</summary>
    internal DateTimeOffset Now { get; } = now;

    /// <summary>The time of its store's part; null when it has none.</summary>
    internal StoreSpan? Span { get; set; }

    /// <summary>The conference before the round.</summary>
    internal ConferenceState Before { get; } = before;

    /// <summary>The conference after it, once it is stored.</summary>
    internal ConferenceState State { get; private set; } = before;

    /// <summary>What goes to the store and then to the fan-out.</summary>
    internal IReadOnlyList<PublishedEvent> Events => _events;

    /// <summary>Who is told what at the end.</summary>
    internal IReadOnlyList<Answer> Answers => _answers;

    /// <summary>What the actor does at the end, besides publishing.</summary>
    internal IReadOnlyList<FollowUp> FollowUps => _followUps;

    /// <summary>What the actor had waiting and is in it now.</summary>
    internal IReadOnlyList<Decision.Serve> Served => _served;

    /// <summary>Pages whose content is stored before the events.</summary>
    internal IReadOnlyList<SharePage> Pages => _pages;

    /// <summary>Digests of pages that somebody is to see: their content must be there.</summary>
    internal IReadOnlySet<string> UsedPages => _usedPages;

    /// <summary>Whether the store has a part in it.</summary>
    internal bool NeedsStore => _events.Count > 0 || _usedPages.Count > 0;

    /// <summary>Decides one command; its answer is given at the end of the round.</summary>
    internal void Add(PendingCommand pending)
    {
        var outcome = Decide(pending, out var followUp);
        _answers.Add(new Answer(pending, outcome));
        if (followUp is not null && outcome is CommandOutcome.Accepted) _followUps.Add(followUp);
    }

    /// <summary>Adds an event of the server, and what follows from it. A save whose list of missing pages is larger
    /// than an event may be has failed: without an event it would be made again and again.</summary>
    internal void Serve(Decision.Serve serve)
    {
        if (!TryAppend(serve.Author, string.Empty, serve.Body, 0) && serve.Body is ConferenceSaved)
        {
            var tooLarge = new SaveFailed(RefuseReasons.Describe(RefuseReason.TooLarge).Label);
            TryAppend(serve.Author, string.Empty, tooLarge, 0);
        }

        AppendDue();
    }

    /// <summary>Adds an event that the actor has waiting; it waits again when the round comes to nothing.</summary>
    internal void ServeWaiting(Decision.Serve serve)
    {
        _served.Add(serve);
        Serve(serve);
    }

    /// <summary>Adds the events that are due by now.</summary>
    internal void AppendDue()
    {
        while (!State.HasEnded && ServerRules.Next(State, Now, context.Options) is { } due)
        {
            if (!TryAppend(due.Author, string.Empty, due.Body, 0)) return;
        }
    }

    private CommandOutcome Decide(PendingCommand pending, out FollowUp? followUp)
    {
        var command = pending.Command;
        followUp = null;
        var decision = ConferenceRules.Decide(State, command, context);
        if (decision is Decision.KeepPart)
        {
            var share = (SharePage)command.Request.Action;
            if (assembly.TryAdd(share, Now, out var whole) is { } fault) return Refused(fault);
            if (whole is null) return new CommandOutcome.Accepted(0);
            pending.Assemble(whole);
            command = pending.Command;
            decision = ConferenceRules.Decide(State, command, context);
        }

        // Only what these parts have made: a page that somebody else may not send costs the sharer nothing.
        if (pending.IsAssembled && decision is not Decision.Accept)
        {
            assembly.Release(((SharePage)command.Request.Action).Page.Page);
        }

        return Carry(command, decision, out followUp);
    }

    private CommandOutcome Carry(ConferenceCommand command, Decision decision, out FollowUp? followUp)
    {
        followUp = null;
        var isJoin = command.Request.Action is JoinConference;
        switch (decision)
        {
            case Decision.Accept accept:
                if (!TryAppend(command.Sender, command.Request.Id, accept.Body, command.ContentHash))
                {
                    return Refused(RefuseReason.TooLarge);
                }

                var revision = State.Revision;
                Note(command, accept.Body);
                AppendDue();
                if (isJoin) followUp = new FollowUp.Resync(command.Sender, 0);
                return new CommandOutcome.Accepted(revision);
            case Decision.Serve serve:
                Serve(serve);
                followUp = NotedUnavailable(command);
                return new CommandOutcome.Accepted(0);
            case Decision.Repeat repeat:
                if (isJoin) followUp = new FollowUp.Resync(command.Sender, 0);
                return new CommandOutcome.Accepted(repeat.Revision);
            case Decision.Resend resend:
                followUp = new FollowUp.Resync(command.Sender, resend.SinceRevision);
                return new CommandOutcome.Accepted(0);
            case Decision.SendPage send:
                _usedPages.Add(send.Page.Digest);
                followUp = new FollowUp.SendPage(command.Sender, send.Page);
                return new CommandOutcome.Accepted(0);
            case Decision.Point point:
                followUp = new FollowUp.Point(point.Position);
                return new CommandOutcome.Accepted(0);
            case Decision.Refuse refuse:
                return new CommandOutcome.Refused(refuse.Reason, refuse.Detail);
            default:
                followUp = NotedUnavailable(command);
                return new CommandOutcome.Accepted(0);
        }
    }

    private static CommandOutcome.Refused Refused(RefuseReason reason) => new(reason);

    private static FollowUp.NotThere? NotedUnavailable(ConferenceCommand command) =>
        command.Request.Action is PageUnavailable unavailable ? new FollowUp.NotThere(unavailable.Page) : null;

    private void Note(ConferenceCommand command, EventBody body)
    {
        if (body is PageShared && command.Request.Action is SharePage share) _pages.Add(share);
        // Now and not when it is stored: the same round may have the first parts of another document with this id.
        if (body is DocumentClosed closed) assembly.ReleaseDocument(closed.DocumentId);
        if (body is PageTurned turned && State.FindPage(turned.Page) is { } page) _usedPages.Add(page.Digest);
    }

    /// <summary>False when the event is larger than the store takes: then nothing has changed.</summary>
    private bool TryAppend(ParticipantUri author, string requestId, EventBody body, ulong contentHash)
    {
        var next = new ConferenceEvent(State.Revision + 1, author, requestId, Now, body);
        var fragment = EventWriter.WriteFragment(next);
        if (fragment.Length > StoredEvent.PayloadBytesMax) return false;
        var after = State.Apply(next, contentHash);
        if (FollowUp.Of(State, next) is { } followUp) _followUps.Add(followUp);
        State = after;
        _events.Add(new PublishedEvent(next, fragment));
        return true;
    }

    /// <summary>The events as the store takes them.</summary>
    internal ImmutableArray<StoredEvent> ToStored() =>
    [
        .. _events.Select(published => new StoredEvent(
            published.Event.Revision, EventIdOf(published.Event), published.Fragment)),
    ];

    /// <summary>Author and request id, separated by a space, which neither has; empty for the server's own.</summary>
    internal static string EventIdOf(ConferenceEvent from) =>
        from.RequestId.Length == 0 ? string.Empty : $"{from.Author.Value} {from.RequestId}";

    /// <summary>One command with its outcome.</summary>
    internal readonly record struct Answer(PendingCommand Pending, CommandOutcome Outcome);
}
