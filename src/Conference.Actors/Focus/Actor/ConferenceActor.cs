using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Conference.Actors.Fanout;
using Conference.Protocol;
using Conference.Protocol.Requests;

namespace Conference.Actors.Focus;

/// <summary>The one owner of a conference (INV-1): takes commands in order, has them decided by
/// <see cref="ConferenceRules"/>, stored, published, answered. Thin: what it knows is in <see cref="ConferenceState"/>.
/// </summary>
/// <remarks>
/// Life: restoring (commands wait) -> open (rounds, at most one with the store at a time) -> put away. When the store
/// fails, every waiting command is refused and the conference is read again, with back-off, before the next one: the
/// actor never guesses whether a write happened. The back-off is in here and not in a supervisor above, so that
/// commands are refused at once meanwhile instead of running into their time-out (R9).
/// </remarks>
public sealed partial class ConferenceActor : ActorBase, IWithTimers, IDisposable
{
    private readonly ConferenceUri _conference;
    private readonly FocusServices _services;
    private readonly StoreAccess _store;

    // Touched only by the mailbox loop.
    private readonly LinkedList<PendingCommand> _waiting = new();
    private readonly List<IActorRef> _describers = [];
    private readonly Queue<Decision.Serve> _due = new();
    private readonly SenderRates _rates;
    private readonly SenderRates _pointerRates;
    private readonly PageAssembly _assembly;
    private Phase _phase = Phase.Restoring;
    private CommandRound? _round; // decided, not yet answered
    private StoreSpan? _span; // of what is under way with the store
    private int _withStore;
    private bool _isReading;
    private ConferenceState _state;
    private RuleContext _context;
    private IConferenceFanout? _fanout;
    private long _epoch;
    private DateTimeOffset _lastCommandAt;
    private DateTimeOffset _tickAt = DateTimeOffset.MaxValue;

    /// <param name="conference">Which one.</param>
    /// <param name="services">Of this node.</param>
    public ConferenceActor(ConferenceUri conference, FocusServices services)
    {
        _conference = conference;
        _services = services;
        _store = new StoreAccess(conference, services);
        var options = services.Options;
        _rates = new SenderRates(options.SenderRequestsPerSecond, options.SenderBurst, options.SendersMax);
        _pointerRates = new SenderRates(options.SenderRequestsPerSecond, options.SenderBurst, options.SendersMax);
        _assembly = new PageAssembly(options);
        _state = ConferenceState.Before(conference, options.StateLimits);
        _context = RuleContext.For(options);
        _lastCommandAt = services.Now();
    }

    private enum Phase
    {
        /// <summary>The store is being read; commands wait.</summary>
        Restoring,

        /// <summary>The store failed; commands are refused until the next try.</summary>
        Away,

        /// <summary>Owned and in memory; no round with the store.</summary>
        Idle,

        /// <summary>A round is with the store; commands wait for the next one.</summary>
        Storing,

        /// <summary>About to end; commands are sent back to be asked again.</summary>
        Stopping,
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Props of the actor of one conference.</summary>
    public static Props PropsFor(ConferenceUri conference, FocusServices services) =>
        Props.Create(() => new ConferenceActor(conference, services));

    /// <inheritdoc/>
    /// <remarks>A switch, and not a <see cref="ReceiveActor"/>, which costs a conference 1 KiB of delegates.</remarks>
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case ConferenceCommand command: OnCommand(command); break;
            case DescribeConference: OnDescribe(); break;
            case WakeConference: _lastCommandAt = _services.Now(); break;
            case Restored restored: OnRestored(restored); break;
            case RestoreFailed failed: OnRestoreFailed(failed); break;
            case RestoreAgain: Restore(); break;
            case RoundResult result: OnRoundResult(result); break;
            case Tick: OnTick(); break;
            case CheckpointDone done: OnCheckpointDone(done); break;
            case SaveDone done: OnSaveDone(done); break;
            case StopConference: OnStop(); break;
            default: return false;
        }

        CountWithStore();
        return true;
    }

    /// <inheritdoc/>
    protected override void PreStart()
    {
        FocusMetrics.Active.Inc();
        Restore();
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        RefuseLeft();
        _services.StoreQueue.Add(-_withStore);
        FocusMetrics.Active.Dec();
        CloseFanout();
        _assembly.Clear();
        Dispose();
    }

    /// <summary>Nobody waits after a regular end. After a bug of ours (an exception ends or restarts the actor, which
    /// then reads the conference anew) those who wait are told.</summary>
    private void RefuseLeft()
    {
        foreach (var answer in _round?.Answers ?? [])
        {
            Reply(
                answer.Pending.Command, answer.Pending.ReplyTo,
                new CommandOutcome.Refused(RefuseReason.StoreUnavailable));
        }

        RefuseWaiting(RefuseReason.StoreUnavailable);
    }

    /// <summary>Ends what runs beside the mailbox; called when the actor stops.</summary>
    public void Dispose() => StopSaving();

    /// <summary>Room 6: into the one queue of the conference, or refused at once.</summary>
    private void OnCommand(ConferenceCommand command)
    {
        var now = _services.Now();
        _lastCommandAt = now;
        if (_phase == Phase.Stopping)
        {
            Sender.Tell(ConferenceMoving.Instance);
            return;
        }

        if (FindRefusal(command, now) is { } reason)
        {
            Reply(command, Sender, new CommandOutcome.Refused(reason));
            return;
        }

        _fanout?.Wake(command.Sender);
        if (command.Request.Action is MovePointer && _phase is Phase.Idle or Phase.Storing)
        {
            ShowPointer(command);
            return;
        }

        if (IsStranger(command))
        {
            // Not even queued: strangers cannot crowd out members while the store is slow.
            Reply(command, Sender, new CommandOutcome.Refused(RefuseReason.NotMember));
            return;
        }

        var until = now + _services.Options.AskTimeout;
        if (command.Until < until) until = command.Until.Value;
        _waiting.AddLast(new PendingCommand(command, Sender, until, _services.Time.GetTimestamp(), _span));
        if (_phase == Phase.Idle) StartRound();
    }

    private RefuseReason? FindRefusal(ConferenceCommand command, DateTimeOffset now)
    {
        if (command.Until <= now) return RefuseReason.WaitedTooLong; // in the mailbox
        if (_phase == Phase.Away) return RefuseReason.StoreUnavailable;
        if (_waiting.Count >= _services.Options.CommandsWaitingMax) return RefuseReason.ConferenceBusy;
        var rates = command.Request.Action is MovePointer ? _pointerRates : _rates;
        // Strangers have no bucket: refused beside the queue anyway, they cannot crowd out members. Those who left have
        // one, since they are let into the queue: what they ask may be a repetition (R3).
        var hasBucket = !command.IsOperator
            && (_state.Roster.ContainsKey(command.Sender) || _state.Requests.ContainsKey(command.Sender));
        return !hasBucket || rates.TryTake(command.Sender, now) ? null : RefuseReason.SenderTooFast;
    }

    /// <summary>Whether the state that everybody was told of refuses this sender whatever it asks. One that was invited
    /// by a round with the store cannot know yet.</summary>
    private bool IsStranger(ConferenceCommand command) =>
        _phase is Phase.Idle or Phase.Storing && _state.Revision > 0 && !_state.HasEnded && !command.IsOperator
        && !_state.Roster.ContainsKey(command.Sender) && !_state.Requests.ContainsKey(command.Sender)
        && command.Request.Action is not CreateConference
        && !(command.Request.Action is JoinConference && _state.IsOpen);

    private void ShowPointer(ConferenceCommand command)
    {
        var decision = ConferenceRules.Decide(_state, command, _context);
        if (decision is Decision.Point point) _fanout?.MovePointer(point.Position);
        Reply(command, Sender, decision switch
        {
            Decision.Refuse refuse => new CommandOutcome.Refused(refuse.Reason, refuse.Detail),
            Decision.Repeat repeat => new CommandOutcome.Accepted(repeat.Revision),
            _ => new CommandOutcome.Accepted(0),
        });
    }

    private static void Reply(ConferenceCommand command, IActorRef replyTo, CommandOutcome outcome)
    {
        FocusMetrics.Count(command.Request.Action, outcome);
        replyTo.Tell(outcome);
    }

    private static void Reply(PendingCommand pending, CommandOutcome outcome, StoreSpan? own = null)
    {
        var storeTime = pending.StoreTime(own?.Elapsed ?? TimeSpan.Zero);
        if (storeTime > TimeSpan.Zero) outcome = outcome with { StoreTime = storeTime };
        Reply(pending.Command, pending.ReplyTo, outcome);
    }

    /// <summary>The store failed: all that they have waited is its time.</summary>
    private void RefuseWaiting(RefuseReason reason)
    {
        foreach (var pending in _waiting)
        {
            var storeTime = _services.Time.GetElapsedTime(pending.TakenAt);
            Reply(pending.Command, pending.ReplyTo, new CommandOutcome.Refused(reason) { StoreTime = storeTime });
        }

        _waiting.Clear();
    }

    /// <summary>Those of the append under way and of the next one; who waits for a later one waits for more than the
    /// store.</summary>
    private void CountWithStore()
    {
        var count = _span is null
            ? 0
            : (_round?.Answers.Count ?? 0) + Math.Min(_waiting.Count, _services.Options.EventsPerAppendMax);
        if (count == _withStore) return;
        _services.StoreQueue.Add(count - _withStore);
        _withStore = count;
    }

    private void OnDescribe()
    {
        if (_phase is Phase.Stopping)
        {
            Sender.Tell(ConferenceMoving.Instance);
            return;
        }

        if (_phase is Phase.Restoring)
        {
            if (_describers.Count < _services.Options.CommandsWaitingMax) _describers.Add(Sender);
            return;
        }

        Sender.Tell(_phase is Phase.Away ? DescribeFailed.Instance : new ConferenceDescribed(Describe()));
    }

    private void AnswerDescribers()
    {
        foreach (var describer in _describers) describer.Tell(new ConferenceDescribed(Describe()));
        _describers.Clear();
    }

    private ConferenceDescription? Describe() => _state.Revision == 0
        ? null
        : new ConferenceDescription(
            _conference, _state.Subject, _state.Revision, _state.CurrentPage,
            [.. _state.DocumentsInOrder().Select(document => document.ToDocumentState())],
            [.. _state.Roster.Values],
            _fanout?.Describe() ?? ImmutableArray<DeliveryDescription>.Empty,
            _state.CreatedAt, _state.HasEnded);

    private void CloseFanout()
    {
        _fanout?.Dispose();
        _fanout = null;
    }

    /// <summary>Asks the shard to put this actor away; it answers with <see cref="StopConference"/>.</summary>
    private static void AskToStop() => Context.Parent.Tell(new Passivate(StopConference.Instance));
}
