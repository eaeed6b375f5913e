using Akka.Actor;

namespace Conference.Actors.Focus;

/// <content>Life: restore, deadlines, checkpoints, put away.</content>
public sealed partial class ConferenceActor
{
    private static readonly TimeSpan TickMin = TimeSpan.FromMilliseconds(10);
    private int _failures;
    private long _checkpointRevision;
    private bool _isCheckpointing;
    private bool _isTakenOver;
    private bool _isFinishing;

    private void Restore()
    {
        if (_phase == Phase.Stopping) return;
        _phase = Phase.Restoring;
        _due.Clear();
        _oneByOne = 0;
        _isReading = true;
        _span = new StoreSpan(_services.Time);
        _store.RestoreAsync().PipeTo(Self);
    }

    private void OnRestored(Restored restored)
    {
        if (restored.By != _store) return;
        EndReading();
        if (_phase == Phase.Stopping)
        {
            FinishStop();
            return;
        }

        _failures = 0;
        _phase = Phase.Idle;
        _state = restored.State;
        _epoch = restored.Epoch;
        _checkpointRevision = restored.CheckpointRevision;
        _services.Log.Restored(_conference.Value, _state.Revision, _epoch);
        CloseFanout();
        if (_state.Revision > 0)
        {
            _fanout = _services.Fanout.Open(_state, _epoch, restored.Cursors);
            AskAgain();
            ResumeSaving();
        }

        AnswerDescribers();
        StartRound();
        ScheduleTick();
    }

    private void OnRestoreFailed(RestoreFailed failed)
    {
        if (failed.By != _store) return;
        EndReading();
        if (_phase == Phase.Stopping)
        {
            FinishStop();
            return;
        }

        foreach (var describer in _describers) describer.Tell(DescribeFailed.Instance);
        _describers.Clear();
        var options = _services.Options;
        var backoff = Math.Min(
            options.RestoreBackoffMax.TotalMilliseconds,
            options.RestoreBackoffMin.TotalMilliseconds * Math.Pow(2, Math.Min(_failures++, 16)));
        var wait = TimeSpan.FromMilliseconds(backoff);
        _services.Log.RestoreFailed(_conference.Value, wait, failed.Exception);
        _phase = Phase.Away;
        RefuseWaiting(RefuseReason.StoreUnavailable);
        Timers.StartSingleTimer("restore", new RestoreAgain(), wait);
    }

    private void EndReading()
    {
        _isReading = false;
        _span?.End();
        _span = null;
    }

    /// <summary>The sharers may have been asked by an owner that crashed since: they are asked again.</summary>
    private void AskAgain()
    {
        foreach (var turn in _state.AwaitedTurns.DistinctBy(turn => turn.Page))
        {
            AskForTurn(new FollowUp.Ask(turn.Page));
        }
    }

    private void OnTick()
    {
        _tickAt = DateTimeOffset.MaxValue;
        var now = _services.Now();
        _assembly.Expire(now);
        if (_phase is Phase.Idle)
        {
            AdvanceSaving();
            StartRound();
        }

        if (_phase == Phase.Idle && CanRest(now))
        {
            FocusMetrics.Passivations.Inc();
            AskToStop();
        }

        ScheduleTick();
    }

    private bool CanRest(DateTimeOffset now)
    {
        if (now < RestAt() || _waiting.Count > 0 || _due.Count > 0 || _isCheckpointing) return false;
        if (!_state.AwaitedTurns.IsEmpty || !_state.AwaitedSaves.IsEmpty) return false;
        if (_assembly.NextExpiry is not null) return false;
        return _fanout?.IsSettled != false;
    }

    private DateTimeOffset RestAt() => _lastCommandAt + (_state switch
    {
        { Revision: 0 } => _services.Options.PassivateUnknownAfter,
        { HasEnded: true } => _services.Options.PassivateEndedAfter,
        _ => _services.Options.PassivateAfter,
    });

    /// <summary>One timer, set to the earliest deadline; a conference at rest has none but its idle time.</summary>
    private void ScheduleTick()
    {
        if (_phase == Phase.Stopping) return;
        var now = _services.Now();
        var restAt = RestAt();
        if (restAt <= now) restAt = now + _services.Options.PassivateEndedAfter; // not settled yet: look again later
        var at = Earliest(restAt, ServerRules.NextDeadline(_state, _services.Options));
        at = Earliest(at, _assembly.NextExpiry);
        at = Earliest(at, NextSaveDeadline());
        if (at >= _tickAt && _tickAt > now) return;
        _tickAt = at;
        var wait = at - now;
        Timers.StartSingleTimer("tick", new Tick(), wait > TickMin ? wait : TickMin);
    }

    private static DateTimeOffset Earliest(DateTimeOffset one, DateTimeOffset? other) =>
        other is { } there && there < one ? there : one;

    private void WriteCheckpointIfDue()
    {
        if (_state.Revision - _checkpointRevision >= _services.Options.CheckpointEveryEvents) WriteCheckpoint();
    }

    private void WriteCheckpoint()
    {
        if (_isCheckpointing) return;
        _isCheckpointing = true;
        _store.WriteCheckpointAsync(_state, _epoch).PipeTo(Self);
    }

    private void OnCheckpointDone(CheckpointDone done)
    {
        _isCheckpointing = false;
        FocusMetrics.Checkpoints.WithLabels(done.Failure is null ? "written" : "failed").Inc();
        // After a failure the next one is tried when as many events have come again: it is only a short cut.
        _checkpointRevision = Math.Max(_checkpointRevision, done.Revision);
        if (done.Failure is { } reason)
        {
            _services.Log.CheckpointFailed(_conference.Value, done.Revision, reason);
        }

        if (_isFinishing) End(); // not before a round that is with the store has its answers
    }

    /// <summary>The shard puts the conference away, or the node shuts down.</summary>
    private void OnStop()
    {
        _phase = Phase.Stopping;
        if (_round is not null || _isReading) return; // its result ends the actor
        SendBack();
        FinishStop();
    }

    private void SendBack()
    {
        foreach (var pending in _waiting) pending.ReplyTo.Tell(ConferenceMoving.Instance);
        foreach (var describer in _describers) describer.Tell(ConferenceMoving.Instance);
        _waiting.Clear();
        _describers.Clear();
    }

    private void FinishStop()
    {
        if (_isFinishing) return;
        _isFinishing = true;
        SendBack();
        if (_isCheckpointing) return; // its result ends the actor
        if (!_isTakenOver && _epoch > 0 && _state.Revision > _checkpointRevision)
        {
            WriteCheckpoint();
            return;
        }

        End();
    }

    private void End()
    {
        SendBack();
        _services.Log.PutAway(_conference.Value, _state.Revision);
        Context.Stop(Self);
    }
}
