using Conference.Actors.Ports;
using Conference.Protocol;

namespace Conference.Actors.Fanout;

/// <content>What an outcome means to a participant: its cursor moves, it pauses, it is parked, it gets another form.
/// </content>
internal sealed partial class Recipient
{
    /// <inheritdoc/>
    public bool OnDelivered(in DeliveryResult result)
    {
        FanoutMetrics.Tally.Ended(result.Outcome);
        lock (this)
        {
            // Offered: a fault before anything was taken, which is a failed try as any other.
            if (_phase is not (RecipientPhase.InFlight or RecipientPhase.Offered)) return false;
            _phase = RecipientPhase.Idle;
            _lastStatus = (short)result.Status;
            var isWoken = _isWokenInFlight;
            _isWokenInFlight = false;
            switch (result.Outcome)
            {
                case DeliveryOutcome.Delivered:
                    if (_aside is { } failed) (failed.Attempts, failed.CarriedAtLast) = (0, 0);
                    Unlist();
                    Confirm(result.At);
                    break;
                case DeliveryOutcome.TryLater:
                case DeliveryOutcome.NoContact when isWoken:
                    // What failed was sent before the participant came back: it says nothing about now.
                    if (isWoken && _aside is { } aside) aside.Attempts = 0;
                    Pause(result.RetryAfter);
                    break;
                // It registered between the look for its contact and now, when nobody was there to be woken.
                case DeliveryOutcome.NoContact when _link.Capabilities.HasContact:
                    if (_aside is { } back) back.Attempts = 0;
                    break;
                case DeliveryOutcome.TooLarge when _link.Capabilities.BodyBytesMax is var carried
                    && result.Status == 0 && _flight.Bytes > carried:
                    TakeAnew(carried);
                    break;
                case DeliveryOutcome.TooLarge:
                    ShrinkForm();
                    break;
                case DeliveryOutcome.TypeRefused when !_isPlainText && _flight.Kind != FlightKind.None:
                    _isPlainText = true;
                    _aside?.DropWork();
                    break;
                default:
                    Park();
                    break;
            }

            _flight = default;
            if (_aside is { ResyncTo: >= 0 and var since }) ApplyResync(since);
            DropAside();
            return TryOffer();
        }
    }

    private void ApplyResync(long sinceRevision)
    {
        if (_aside is { } aside) aside.ResyncTo = -1;
        if (_aside?.Transfer is { IsSnapshot: true } begun)
        {
            begun.Sent = 0; // Who asks may have lost the parts that it confirmed.
            return;
        }

        lock (_conference.Gate)
        {
            // A newcomer is sent a snapshot anyway; so is who asks for what is not held any more.
            _wantsSnapshot |= sinceRevision <= 0 || !_conference.Window.Covers(sinceRevision);
        }

        if (!_wantsSnapshot) _cursor = sinceRevision;
    }

    private void Confirm(long now)
    {
        switch (_flight.Kind)
        {
            case FlightKind.Events:
                var events = _flight.Events!;
                FanoutMetrics.Tally.Confirmed(
                    Math.Max(0, events.To - _cursor), _conference.Engine.Time.GetElapsedTime(events.PublishedAt, now));
                MoveCursor(events.To);
                break;
            case FlightKind.Directed:
                _aside?.Directed?.TryDequeue(out _);
                break;
            case FlightKind.Transfer:
                ConfirmTransfer();
                break;
        }
    }

    private void MoveCursor(long revision)
    {
        if (revision <= _cursor) return;
        _cursor = revision;
        if (_isCursorDirty) return;
        _isCursorDirty = true;
        _conference.NoteDirty(this);
    }

    private void Pause(TimeSpan? retryAfter)
    {
        var attempts = ++NeedAside().Attempts;
        if (RetryPolicy.Next(attempts, retryAfter, Random.Shared.NextDouble(), _conference.Options) is not { } pause)
        {
            Park();
            return;
        }

        _phase = RecipientPhase.BackingOff;
        List();
        _conference.Engine.Timers.Add(this, pause);
    }

    private void Park()
    {
        _phase = RecipientPhase.Parked;
        FanoutMetrics.Parked.Inc();
        List();
        var probe = RetryPolicy.Probe(Random.Shared.NextDouble(), _conference.Options);
        if (probe > TimeSpan.Zero) _conference.Engine.Timers.Add(this, probe);
    }

    private void List()
    {
        var aside = NeedAside();
        if (aside.IsListed) return;
        aside.IsListed = true;
        _conference.Engine.Failing.Add(this);
    }

    private void Unlist()
    {
        if (_aside is not { IsListed: true } aside) return;
        aside.IsListed = false;
        _conference.Engine.Failing.Remove(this);
    }

    private void LeavePause()
    {
        if (_phase == RecipientPhase.Parked) FanoutMetrics.Parked.Dec();
        FanoutTimers.Remove(this);
        _phase = RecipientPhase.Idle;
    }

    // 413 or 513: half of what was refused, until it is too little to carry anything. What is over the limit learned
    // before could not be cut further (one event, a reference): sent again at once it would be refused for ever.
    private void ShrinkForm()
    {
        var aside = NeedAside();
        var isUncuttable = _flight.Bytes > aside.LearnedBytesMax;
        aside.LearnedBytesMax = Math.Min(aside.LearnedBytesMax, _flight.Bytes / 2);
        DropForm(aside);
        if (aside.LearnedBytesMax < BodyBytesMin || (isUncuttable && _flight.Kind != FlightKind.Directed)) Park();
    }

    // Nobody refused it: the path carries less than when it was taken, for now, as no stream can be had. Nothing is
    // learned from that. What was made for what it carries, and is larger all the same, cannot be cut further.
    private void TakeAnew(int carried)
    {
        var aside = NeedAside();
        var isUncuttable = aside.CarriedAtLast == carried;
        aside.CarriedAtLast = carried;
        DropForm(aside);
        if (isUncuttable && _flight.Kind != FlightKind.Directed) Park();
    }

    private void DropForm(Aside aside)
    {
        if (_flight.Kind == FlightKind.Directed && aside.Directed?.TryDequeue(out _) == true)
            FanoutMetrics.DirectedTooLarge.Inc();
        if (aside.Transfer is { Page: { } page })
            (aside.Fetches ??= new Queue<PageDescriptor>()).Enqueue(page);
        aside.Transfer = null;
    }

    /// <summary>Takes the cursor for storing if it moved.</summary>
    internal bool TryTakeDirtyCursor(out StoredCursor cursor)
    {
        lock (this)
        {
            cursor = new StoredCursor(Participant, _cursor);
            var wasDirty = _isCursorDirty;
            _isCursorDirty = false;
            return wasDirty;
        }
    }

    /// <summary>A cursor write failed: it is still to be stored.</summary>
    /// <returns>False when it was to be stored again already.</returns>
    internal bool TryMarkCursorDirty()
    {
        lock (this)
        {
            if (_isCursorDirty) return false;
            return _isCursorDirty = true;
        }
    }
}
