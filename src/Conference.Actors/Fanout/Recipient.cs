using System.Runtime.InteropServices;
using Conference.Actors.Ports;
using Conference.Protocol;
using Conference.Protocol.Notifications;

namespace Conference.Actors.Fanout;

/// <summary>Where the delivery to one participant stands (design section 6).</summary>
internal enum RecipientPhase : byte
{
    /// <summary>Has everything, or waits for content to be loaded.</summary>
    Idle,

    /// <summary>Offered to its link: will be asked for a body when the path has room.</summary>
    Offered,

    /// <summary>One MESSAGE is out (R4).</summary>
    InFlight,

    /// <summary>Waits before the next try.</summary>
    BackingOff,

    /// <summary>Not tried until it is back.</summary>
    Parked,

    /// <summary>No longer a member.</summary>
    Gone,
}

/// <summary>One participant of one conference: its cursor, and what it is sent next.</summary>
/// <remarks>
/// Locking: the object itself is the lock of all its fields (one object less for each of a million participants).
/// Order: path of the link, recipient, the conference's gate. Nothing is held while a link is offered to.
/// </remarks>
internal sealed partial class Recipient : IDeliverySource
{
    // Less carries nothing: the elements around one event alone take as much.
    private const int BodyBytesMin = 200;

    private readonly ConferenceFanout _conference;
    private readonly IParticipantLink _link;

    // All below: touched under lock (this). What few have at a time is in the aside.
    private long _cursor;
    private long _contentSince; // Content of pages shared after this revision came with their events.
    private long _pointersSeen;
    private Flight _flight;
    private ContentSet? _contents; // Contents delivered outside of their event.
    private Aside? _aside;
    private short _lastStatus;
    private RecipientPhase _phase;
    private bool _wantsSnapshot;
    private bool _isCursorDirty;
    private bool _isPlainText;
    private bool _isWokenInFlight; // A sign of life came while a MESSAGE was out.

    internal Recipient(ConferenceFanout conference, RosterEntry member, IParticipantLink link)
    {
        _conference = conference;
        _link = link;
        Participant = member.Participant;
        WantsOwnEvents = member.WantsOwnEvents;
    }

    internal ParticipantUri Participant { get; }

    internal bool WantsOwnEvents { get; set; }

    /// <summary>Its pause, while it backs off or is parked. Owned by the timers.</summary>
    internal FanoutTimers.Entry? PauseEntry
    {
        get => _aside?.PauseEntry;
        set
        {
            if (value is not null) NeedAside().PauseEntry = value;
            else if (_aside is { } aside) aside.PauseEntry = null;
        }
    }

    /// <summary>What the MESSAGE in flight carries.</summary>
    /// <param name="Kind">Of what.</param>
    /// <param name="Bytes">Of the body.</param>
    /// <param name="Events">The events, where it is those.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Flight(FlightKind Kind, int Bytes, EventBatch? Events);

    private enum FlightKind : byte
    {
        None,
        Events,
        Directed,
        Transfer,
        Pointers,
    }

    /// <summary>Begins with a cursor from the store, or with a snapshot when there is none.</summary>
    internal void Begin(long? storedCursor, long head)
    {
        lock (this)
        {
            _wantsSnapshot = storedCursor is null || storedCursor > head;
            _cursor = _wantsSnapshot ? 0 : storedCursor!.Value;
            // Which contents it has is not stored: it gets a page again when the page is turned to.
            _contentSince = _cursor;
        }
    }

    /// <summary>Looks whether there is something to send and, if the path is not in use already, offers it.</summary>
    internal void Kick()
    {
        lock (this)
        {
            if (!TryOffer()) return;
        }

        _link.Offer(this);
    }

    /// <summary>A sign of life: forget failures and go on.</summary>
    internal void Wake()
    {
        lock (this)
        {
            if (_phase == RecipientPhase.InFlight) _isWokenInFlight = true;
            if (_phase is not (RecipientPhase.Parked or RecipientPhase.BackingOff)) return;
            LeavePause();
            if (_aside is { } aside) (aside.Attempts, aside.LearnedBytesMax) = (0, int.MaxValue);
            DropAside();
            _isPlainText = false;
        }

        Kick();
    }

    /// <summary>A sign of life that found this in the index of the failing, which has forgotten it by that.</summary>
    internal void WakeFailing()
    {
        lock (this)
        {
            if (_aside is { } aside) aside.IsListed = false;
        }

        Wake();
    }

    /// <summary>A pause is over.</summary>
    internal void OnDue()
    {
        lock (this)
        {
            if (_phase is not (RecipientPhase.Parked or RecipientPhase.BackingOff)) return;
            LeavePause();
        }

        FanoutMetrics.Retries.Inc();
        Kick();
    }

    /// <summary>Go on after this revision, or from a snapshot.</summary>
    internal void Resync(long sinceRevision)
    {
        lock (this)
        {
            if (_phase == RecipientPhase.Gone) return;
            // What is asked for is under way from its beginning: a member that joins is sent its snapshot by both ways.
            var isUnderWay = _aside?.Transfer is { IsSnapshot: true, Sent: 0 };
            if (_phase != RecipientPhase.InFlight) ApplyResync(sinceRevision);
            else if (!isUnderWay) NeedAside().ResyncTo = sinceRevision;
        }

        Wake();
        Kick();
    }

    /// <summary>Queues a message of its own.</summary>
    internal void SendDirected(EncodedBody body)
    {
        lock (this)
        {
            if (_isPlainText || _phase == RecipientPhase.Gone) return;
            Enqueue(NeedAside().Directed ??= new Queue<EncodedBody>(), body);
        }

        Kick();
    }

    /// <summary>Queues the content of a page, also one that it should have already.</summary>
    internal void SendContent(PageDescriptor page)
    {
        lock (this)
        {
            if (_isPlainText || _phase == RecipientPhase.Gone) return;
            Enqueue(NeedAside().Fetches ??= new Queue<PageDescriptor>(), page);
        }

        Kick();
    }

    internal void Leave()
    {
        lock (this)
        {
            if (_phase is RecipientPhase.Parked or RecipientPhase.BackingOff) LeavePause();
            _phase = RecipientPhase.Gone;
            Unlist();
            _aside = null;
            _contents = null;
        }

        _link.Dispose();
    }

    /// <inheritdoc/>
    public EncodedBody? TakeNext(in LinkCapabilities capabilities)
    {
        lock (this)
        {
            if (_phase != RecipientPhase.Offered) return null;
            try
            {
                var body = NextCommon(capabilities.BodyBytesMax) ?? NextBody(capabilities.BodyBytesMax);
                _phase = body is null ? RecipientPhase.Idle : RecipientPhase.InFlight;
                return body;
            }
            catch (Exception failure)
            {
                // A bug may cost this participant a pause. Thrown further, it would cost the path its place in the
                // window for good, and soon everybody.
                FanoutMetrics.BodyFailures.Inc();
                _conference.Engine.NoteBodyFailed(_conference, failure);
                Pause(retryAfter: null);
                return null;
            }
        }
    }

    internal Focus.DeliveryDescription Describe()
    {
        lock (this)
        {
            return new Focus.DeliveryDescription(
                Participant, _cursor, PhaseLabel(_phase), _lastStatus, _aside?.Attempts ?? 0);
        }
    }

    /// <summary>Nothing to do, or nobody to do it for.</summary>
    internal bool IsSettled(out bool isBehind)
    {
        lock (this)
        {
            isBehind = _phase == RecipientPhase.Parked && HasWork();
            return _phase is RecipientPhase.Parked or RecipientPhase.Gone
                || (_phase == RecipientPhase.Idle && !HasWork());
        }
    }

    // Under the lock. The caller offers, or has its link do so.
    private bool TryOffer()
    {
        if (_phase != RecipientPhase.Idle || !HasWork()) return false;
        _phase = RecipientPhase.Offered;
        return true;
    }

    private void Enqueue<T>(Queue<T> queue, T item)
    {
        if (queue.Count >= _conference.Options.DirectedMax)
        {
            queue.Dequeue();
            FanoutMetrics.DirectedOverflow.Inc();
        }

        queue.Enqueue(item);
    }

    private static string PhaseLabel(RecipientPhase phase) => phase switch
    {
        RecipientPhase.Idle => "idle",
        RecipientPhase.Offered => "waiting",
        RecipientPhase.InFlight => "in_flight",
        RecipientPhase.BackingOff => "backing_off",
        RecipientPhase.Parked => "parked",
        RecipientPhase.Gone => "gone",
        _ => throw new System.Diagnostics.UnreachableException($"No label for {phase}"),
    };
}
