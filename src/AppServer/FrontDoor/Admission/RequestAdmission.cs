using AppServer.Configuration;
using Conference.Actors.Fanout;
using Conference.Actors.Focus;
using Conference.Protocol;
using Prometheus;
using Sip.Stack;
using Sip.Stack.Messages;
using Sip.Stack.Transactions;
using Sip.Stack.Transport;

namespace AppServer.FrontDoor.Admission;

/// <summary>Says for each new request, before it costs a transaction, whether it is taken (ADR-0013).</summary>
/// <remarks>
/// <para>Nobody is refused until the typical request waits longer than <see cref="AdmissionOptions.WaitMax"/>. From
/// then on <see cref="AdmissionWindow"/> says how many may be under way, <see cref="RequestPlaces"/> whose they are. A
/// conference whose members cannot be sent what it produces refuses drawing, on its own.</para>
/// <para>Any thread. A request of a flood costs some hashing here; no lock is taken for it.</para>
/// </remarks>
public sealed class RequestAdmission
{
    // An S-CSCF that reports all its users at once is not refused where clients are; yet everything has an end.
    private const long ExemptFactor = 2;

    private readonly FrontDoorOptions _options;
    private readonly AdmissionOptions _admission;
    private readonly bool _isBehindScscf;
    private readonly FocusRouter _router;
    private readonly Func<bool> _isAnyBehind;
    private readonly Func<ConferenceUri, DeliveryLag?> _lagOf;
    private readonly StoreQueue _storeQueue;
    private readonly TimeProvider _time;
    private readonly long _startedAt;
    private readonly RequestPlaces _places;
    private readonly RecentTargets _running = new();
    private readonly StatelessRefusal[] _refusals;
    private readonly Counter.Child[] _counters;

    // Guards the window; taken once for each decided request.
    private readonly Lock _lock = new();
    private readonly AdmissionWindow _window;

    /// <summary>Puts it together.</summary>
    /// <param name="admission">Waits and shares.</param>
    /// <param name="options">Limits that always hold, Retry-After.</param>
    /// <param name="server">The mode: from an S-CSCF, REGISTER is a report.</param>
    /// <param name="router">Finds the conference of a request.</param>
    /// <param name="isAnyBehind">Whether the members of any conference are; asked for each request.</param>
    /// <param name="lagOf">How far the members of a conference are behind; null when they are not.</param>
    /// <param name="storeQueue">How many wait for the store.</param>
    /// <param name="time">Measures waits.</param>
    public RequestAdmission(
        AdmissionOptions admission, FrontDoorOptions options, ServerOptions server, FocusRouter router,
        Func<bool> isAnyBehind, Func<ConferenceUri, DeliveryLag?> lagOf, StoreQueue storeQueue,
        TimeProvider time)
    {
        _admission = admission;
        _options = options;
        _isBehindScscf = server.Mode == ServerMode.Ims;
        _router = router;
        _isAnyBehind = isAnyBehind;
        _lagOf = lagOf;
        _storeQueue = storeQueue;
        _time = time;
        _startedAt = time.GetTimestamp();
        _places = new RequestPlaces(admission);
        _window = new AdmissionWindow(admission, options.RequestsMax);
        _refusals = [.. Enum.GetValues<FrontDoorReason>().Select(Prepare)];
        _counters = [.. _refusals.Select(refusal => FrontDoorMetrics.Refusals.WithLabels(refusal.Label))];
    }

    /// <summary>Requests under way.</summary>
    internal int UnderWay => _places.Total;

    /// <summary>Decides on a request that has no transaction yet; counts it.</summary>
    /// <returns>The refusal; null when it is admitted.</returns>
    internal StatelessRefusal? Refuse(SipRequest request, in SipPeer peer, RequestMark mark)
    {
        var place = PlaceOf(request, peer);
        var reason = Judge(request, peer, mark, place);
        AdmissionMetrics.Count(place.Kind, isAdmitted: reason is null);
        if (reason is not { } known) return null;
        _counters[(int)known].Inc();
        return _refusals[(int)known];
    }

    /// <summary>Whether a request that has entered is one more than there may be, however short they wait. What is
    /// exempt and what is not do not count for each other.</summary>
    internal bool IsBeyondLimit(in Place place)
    {
        var exempt = _places.Exempt;
        return place.Kind == AdmissionKind.Exempt
            ? exempt > ExemptFactor * _options.RequestsMax
            : _places.Total - exempt > _options.RequestsMax;
    }

    /// <summary>A request is under way from here on.</summary>
    internal Place Enter(SipRequest request, in SipPeer peer)
    {
        var place = PlaceOf(request, peer);
        FrontDoorMetrics.UnderWay.Set(_places.Enter(place));
        return place;
    }

    /// <summary>It is answered.</summary>
    internal void Leave(in Place place) => FrontDoorMetrics.UnderWay.Set(_places.Leave(place));

    /// <summary>A conference has decided a request.</summary>
    /// <param name="peer">When it was read, and how long it lay in the kernel before.</param>
    /// <param name="storeTime">The part of its time that the store is to blame for.</param>
    /// <param name="running">How requests name the conference if it has accepted this one, so that it is a running one;
    /// null when it has not.</param>
    internal void NoteDecided(in SipPeer peer, TimeSpan storeTime, string? running)
    {
        if (running is not null) _running.Add(AdmissionKeys.Target(running));
        var wait = WaitOf(peer);
        AdmissionMetrics.WaitSeconds.Observe(Math.Max(0, (wait - storeTime).TotalSeconds));
        AdmissionMetrics.KernelWaitSeconds.Observe(peer.KernelWait.TotalSeconds);
        lock (_lock)
        {
            _window.NoteDecided(Now, wait, peer.KernelWait, storeTime, _places.Messages, _storeQueue.Count);
        }
    }

    /// <summary>A conference had its turn at a worker of the fan-out.</summary>
    internal void NoteTurn(TimeSpan waited)
    {
        lock (_lock) _window.NoteTurn(Now, waited);
    }

    /// <summary>Requests that may be under way now, and what the typical one waits; for metrics.</summary>
    internal (int Places, TimeSpan Wait) Describe()
    {
        lock (_lock) return _window.Describe(Now);
    }

    /// <summary>How long a request has waited since it came to this machine.</summary>
    internal TimeSpan WaitOf(in SipPeer peer) =>
        peer.KernelWait + (peer.ReadAt == 0 ? TimeSpan.Zero : _time.GetElapsedTime(peer.ReadAt));

    private TimeSpan Now => _time.GetElapsedTime(_startedAt);

    private FrontDoorReason? Judge(SipRequest request, in SipPeer peer, RequestMark mark, in Place place)
    {
        if (place.Kind == AdmissionKind.Exempt) return null;

        // Its sender is about to give up on this server (R9), and has sent it again since.
        if (WaitOf(peer) > _options.AnswerTimeout) return FrontDoorReason.WaitedTooLong;
        if (place.Kind == AdmissionKind.Drawing && IsBehind(request, mark)) return FrontDoorReason.ConferenceBehind;
        if (!_window.IsReduced(Now)) return null;
        var (taken, reason) = _places.Taken(place, _window.Size);
        if (mark.Chance < AdmissionWindow.Chance(taken)) return null;

        // Who has had a share does not say that all together wait too long.
        if (reason == FrontDoorReason.NoPlace) _window.NoteRefused();
        return reason;
    }

    private bool IsBehind(SipRequest request, RequestMark mark)
    {
        if (!_isAnyBehind()) return false;
        if (_router.Route(request) is not { } target || _lagOf(target.Uri) is not { } lag) return false;
        // At half of the history it is time, too: behind all of it, everybody gets snapshots.
        var taken = Math.Max(lag.Age / _admission.DeliveryLagMax, lag.HistoryShare * 2);
        return mark.Chance >= AdmissionWindow.Chance(taken);
    }

    private Place PlaceOf(SipRequest request, in SipPeer peer)
    {
        var target = AdmissionKeys.Target(request.RequestUriText);
        var sender = AdmissionKeys.Sender(request, peer.Remote.Address, _isBehindScscf);
        return new Place(KindOf(request, target), sender, target, request.Method == SipMethod.Message);
    }

    private AdmissionKind KindOf(SipRequest request, int target) => request.Method switch
    {
        SipMethod.Message when !_running.Contains(target) => AdmissionKind.Newcomer,
        SipMethod.Message => AdmissionKeys.IsDrawing(request) ? AdmissionKind.Drawing : AdmissionKind.Steering,

        // BYE ends work. OPTIONS costs as much to refuse as to answer, and asks whether this server is alive. An S-CSCF
        // whose third-party REGISTER fails may throw the user out (TS 24.229 5.4.1.7).
        SipMethod.Bye or SipMethod.Options => AdmissionKind.Exempt,
        SipMethod.Register when _isBehindScscf => AdmissionKind.Exempt,
        _ => AdmissionKind.Newcomer,
    };

    private StatelessRefusal Prepare(FrontDoorReason reason)
    {
        var (status, label, text) = FrontDoorReasons.Describe(reason);
        return new StatelessRefusal(status, text, label, _options.RetryAfter(status));
    }
}
