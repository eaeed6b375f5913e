using Akka.Actor;
using Conference.Actors.Ports;
using Conference.Protocol.Notifications;

namespace Conference.Actors.Focus;

/// <content>Rounds: decide together, store once, publish, answer.</content>
public sealed partial class ConferenceActor
{
    /// <summary>Commands that are decided one by one, because one of them has an id that the store knows.</summary>
    private int _oneByOne;

    private void StartRound()
    {
        while (_phase == Phase.Idle && HasWork())
        {
            var round = _round = FillRound();
            if (round.NeedsStore)
            {
                _phase = Phase.Storing;
                _span = round.Span = new StoreSpan(_services.Time);
                _store.StoreAsync(round, _span, _epoch).PipeTo(Self);
                return;
            }

            EndRound(round);
        }
    }

    private bool HasWork() =>
        _waiting.Count > 0 || _due.Count > 0
        || ServerRules.Next(_state, _services.Now(), _services.Options) is not null;

    private CommandRound FillRound()
    {
        var round = new CommandRound(_state, _context, _assembly, _services.Now());
        while (_due.TryDequeue(out var due))
        {
            if (!_state.HasEnded) round.ServeWaiting(due);
        }

        round.AppendDue();
        var countMax = _oneByOne > 0 ? 1 : _services.Options.EventsPerAppendMax;
        while (_waiting.First is { } first && round.Events.Count < countMax && round.Answers.Count < countMax)
        {
            _waiting.RemoveFirst();
            if (first.Value.Until <= round.Now)
            {
                // Its sender was told 503 by the gateway, and will ask again.
                Reply(first.Value, new CommandOutcome.Refused(RefuseReason.WaitedTooLong));
                continue;
            }

            Decide(round, first.Value);
        }

        return round;
    }

    /// <summary>A rule that throws is a bug of ours: it ends one command, not the conference.</summary>
    private void Decide(CommandRound round, PendingCommand pending)
    {
        try
        {
            round.Add(pending); // Room 7: the decision.
        }
        catch (Exception exception)
        {
            _services.Log.RuleFailed(
                _conference.Value, pending.Command.Request.Action.GetType().Name, exception);
            Reply(pending, new CommandOutcome.Refused(RefuseReason.NotValid));
        }
    }

    private void OnRoundResult(RoundResult result)
    {
        if (result.Round != _round) return; // from before a restart of this actor
        _span = null;
        if (result is not RoundResult.Stored) _round = null;
        var isStopping = _phase == Phase.Stopping;
        if (!isStopping) _phase = Phase.Idle;
        switch (result)
        {
            case RoundResult.Stored:
                EndRound(result.Round);
                break;
            case RoundResult.PagesLost lost:
                _context = _context with { LostPages = _context.LostPages.Union(lost.Digests) };
                PutBack(result.Round);
                break;
            case RoundResult.NotStored { Outcome: AppendOutcome.DuplicateEventId }:
                OnDuplicateId(result.Round);
                break;
            case RoundResult.NotStored notStored:
                OnNotStored(notStored.Round, notStored.Outcome.ToString(), null);
                break;
            case RoundResult.StoreFailed failed:
                OnNotStored(failed.Round, nameof(RefuseReason.StoreUnavailable), failed.Exception);
                break;
        }

        if (isStopping)
        {
            SendBack();
            FinishStop();
            return;
        }

        if (_phase == Phase.Idle) StartRound();
        ScheduleTick();
    }

    /// <summary>Room 9: what is stored is the state now. Then the answers (R2), and room 10 last: a fan-out to
    /// thousands takes all processors, and a 202 behind it would wait for them.</summary>
    private void EndRound(CommandRound round)
    {
        var isNew = _state.Revision == 0 && round.State.Revision > 0;
        _state = round.State;
        foreach (var answer in round.Answers)
        {
            Reply(answer.Pending, answer.Outcome, round.Span);
        }

        _round = null; // answered: a fan-out that throws must not have them told again
        if (isNew)
        {
            _fanout = _services.Fanout.Open(_state, _epoch, []); // everybody begins with a snapshot
        }
        else if (round.Events.Count > 0)
        {
            _fanout?.Publish(_state, [.. round.Events]);
        }

        foreach (var followUp in round.FollowUps) Carry(followUp);
        if (_oneByOne > 0) _oneByOne--;
        if (round.Events.Count == 0) return;
        FocusMetrics.Events.Inc(round.Events.Count);
        FocusMetrics.AppendEvents.Observe(round.Events.Count);
        AdvanceSaving();
        WriteCheckpointIfDue();
        ScheduleTick();
    }

    private void Carry(FollowUp followUp)
    {
        switch (followUp)
        {
            case FollowUp.Resync resync:
                _fanout?.Resync(resync.Participant, resync.SinceRevision);
                break;
            case FollowUp.SendPage send:
                _fanout?.SendPage(send.Participant, send.Page);
                break;
            case FollowUp.Point point:
                _fanout?.MovePointer(point.Position);
                break;
            case FollowUp.Ask ask:
                AskForTurn(ask);
                break;
            case FollowUp.PageThere there:
                _assembly.Release(there.Page.Page);
                _context = _context with { LostPages = _context.LostPages.Remove(there.Page.Digest) };
                NotePageThere();
                break;
            case FollowUp.NotThere notThere:
                NotePageUnavailable(notThere.Page);
                break;
            case FollowUp.TellRefused told:
                TellRefused(told);
                break;
            case FollowUp.HandOut handOut:
                HandOut(handOut.File);
                break;
            case FollowUp.TellSaveFailed { Save: { } save } failed:
                _fanout?.SendTo(save.Requester, new Refusal(
                    _conference, save.RequestId, failed.Reason, "The conference could not be saved"));
                break;
        }
    }

    private void AskForTurn(FollowUp.Ask ask)
    {
        FocusMetrics.AwaitedTurns.WithLabels("asked").Inc();
        if (_state.FindPage(ask.Page) is not null) return; // came in the same round
        if (_state.FindDocument(ask.Page.DocumentId) is { } document)
        {
            _fanout?.SendTo(document.Sharer, new PageRequest(_conference, [ask.Page]));
        }
    }

    private void TellRefused(FollowUp.TellRefused told)
    {
        FocusMetrics.AwaitedTurns.WithLabels(told.Reason).Inc();
        var reason = Enum.GetValues<RefuseReason>()
            .FirstOrDefault(reason => RefuseReasons.Describe(reason).Label == told.Reason, RefuseReason.PageTimeout);
        foreach (var turn in told.Turns)
        {
            _fanout?.SendTo(turn.Requester, new Refusal(
                _conference, turn.RequestId, told.Reason, RefuseReasons.Describe(reason).Text));
        }
    }

    /// <summary>Nothing was written. The store says that an id was used, but not which: one by one tells.</summary>
    private void OnDuplicateId(CommandRound round)
    {
        FocusMetrics.AppendFailures.WithLabels("duplicate_event_id").Inc();
        if (round.Answers.Count > 1)
        {
            _oneByOne = round.Answers.Count;
            PutBack(round);
            return;
        }

        foreach (var served in round.Served) _due.Enqueue(served);
        // Older than what is remembered: it cannot be told whether the content was the same, so it is not accepted.
        if (_oneByOne > 0) _oneByOne--;
        foreach (var answer in round.Answers)
        {
            Reply(answer.Pending, new CommandOutcome.Refused(RefuseReason.IdReused), round.Span);
        }
    }

    /// <summary>Nothing of it was written or told: all of it is decided anew.</summary>
    private void PutBack(CommandRound round)
    {
        foreach (var served in round.Served) _due.Enqueue(served); // the round had taken all there were
        for (var i = round.Answers.Count - 1; i >= 0; i--)
        {
            var pending = round.Answers[i].Pending;
            if (round.Span is { } span) pending.NoteInVain(span.Elapsed);
            _waiting.AddFirst(pending);
        }
    }

    /// <summary>Whether the events were written may be unknown: all are refused, and the conference is read again
    /// before anything else is decided. Never a false 202 (R2).</summary>
    private void OnNotStored(CommandRound round, string reason, Exception? exception)
    {
        FocusMetrics.AppendFailures.WithLabels(reason).Inc();
        _services.Log.AppendFailed(_conference.Value, round.Events.Count, reason, exception);
        foreach (var answer in round.Answers)
        {
            var outcome = answer.Outcome is CommandOutcome.Refused
                ? answer.Outcome
                : new CommandOutcome.Refused(RefuseReason.StoreUnavailable);
            Reply(answer.Pending, outcome, round.Span);
        }

        RefuseWaiting(RefuseReason.StoreUnavailable);
        if (_phase == Phase.Stopping) return;
        CloseFanout();
        if (reason == nameof(AppendOutcome.StaleEpoch))
        {
            // Somebody else owns the conference: whoever asks next is sent there.
            _services.Log.TakenOver(_conference.Value);
            _phase = Phase.Stopping;
            _isTakenOver = true;
            AskToStop();
            return;
        }

        Restore();
    }
}
