using System.Collections.Concurrent;
using System.Net;
using AppServer.Registrations;
using Conference.Actors.Ports;
using Conference.Protocol;
using Sip.Stack.Delivery;
using Sip.Stack.Transport;

namespace AppServer.Links;

/// <summary>All outbound paths to participants over SIP.</summary>
public sealed class SipLinks : IParticipantLinks
{
    // Addresses of S-CSCFs that are kept apart, idle ones included.
    private const int CoreWindowsMax = 16;

    private readonly Dictionary<ParticipantUri, ParticipantPath> _paths = [];
    private readonly Dictionary<ConferenceUri, (ConferenceHead Head, int Users)> _heads = [];
    private readonly ConcurrentDictionary<IPEndPoint, DeliveryWindow> _coreWindows = new();
    private readonly Lock _forgetting = new();
    private LimitChanges _changesForgotten; // Under _forgetting. Counters do not go back with the windows they are of.
    private volatile HopOfRoute? _lastHop; // Most often there is one S-CSCF, and one route object for all behind it.

    private readonly HopHead?[] _sharedHeads = new HopHead?[Enum.GetValues<SipTransportKind>().Length];

    // Who sent over which stream, until it ends or the path does; each path knows its place in the list. Bounded by
    // paths and streams.
    private readonly Dictionary<SipConnection, List<ParticipantPath>> _usersOfStreams = [];
    private readonly DeliveryWindow _udpWindow;
    private readonly DeliveryWindow _streamWindow;
    private readonly Lazy<SipTransports> _transports;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly Func<long> _now;
    private readonly string _callIdHost;

    /// <param name="options">Limits.</param>
    /// <param name="contacts">Where participants are.</param>
    /// <param name="transports">Gives the way out at the first delivery: the stack needs the front door, the front door
    /// the conferences, and the conferences these links.</param>
    /// <param name="slots">Client transactions.</param>
    /// <param name="nodeName">Makes Call-IDs unique among nodes; a host name.</param>
    /// <param name="time">For how long a stream is not tried again.</param>
    /// <param name="log">For what should not happen.</param>
    public SipLinks(
        LinkOptions options, IContactDirectory contacts, Func<SipTransports> transports, DeliverySlots slots,
        string nodeName, TimeProvider time, ILogger<SipLinks> log)
    {
        (Options, Contacts, Slots, _time) = (options, contacts, slots, time);
        _transports = new(() => Listen(transports()));
        _start = time.GetTimestamp();
        // Tokens repeat after a restart only by chance; the start makes the Call-ID unique over time as well.
        _callIdHost = $"{Guid.NewGuid():N}.{nodeName}";
        _now = () => _time.GetElapsedTime(_start, Timestamp).Ticks / TimeSpan.TicksPerMillisecond;
        _udpWindow = new DeliveryWindow(options.UdpBounds, _now);
        _streamWindow = new DeliveryWindow(options.StreamBounds, _now);
        _log = log;
        contacts.BecameReachable += OnReachable;
    }

    internal LinkOptions Options { get; }

    internal IContactDirectory Contacts { get; }

    internal SipTransports Transports => _transports.Value;

    internal DeliverySlots Slots { get; }

    /// <summary>Milliseconds of the clock that never goes back.</summary>
    internal long Now => _time.GetElapsedTime(_start).Ticks / TimeSpan.TicksPerMillisecond;

    /// <summary>The same clock for what is handled together, in its own unit.</summary>
    internal long Timestamp => SendBatch.Timestamp(_time);

    /// <inheritdoc/>
    public IParticipantLink Open(ConferenceUri conference, ParticipantUri participant)
    {
        lock (_paths)
        {
            if (!_paths.TryGetValue(participant, out var path))
                _paths[participant] = path = new ParticipantPath(this, participant);
            path.Users++;
            return new ConferenceLink(path, HeadOf(conference));
        }
    }

    /// <inheritdoc/>
    public void BeginBatch() => SendBatch.Begin();

    /// <inheritdoc/>
    public void EndBatch() => SendBatch.End();

    /// <inheritdoc/>
    public void Raise(ConferenceUri conference, DeliveryPriority priority)
    {
        ConferenceFlows? flows;
        lock (_paths) flows = _heads.GetValueOrDefault(conference).Head?.Flows;
        flows?.Raise(priority);
    }

    internal void Close(ParticipantPath path, ConferenceUri conference)
    {
        lock (_paths)
        {
            // One that has a MESSAGE out stays until that has ended: a path made anew would send a second one (R4).
            if (--path.Users == 0 && path.IsIdle) Remove(path);
            var (head, users) = _heads[conference];
            if (users == 1) _heads.Remove(conference);
            else _heads[conference] = (head, users - 1);
        }
    }

    /// <summary>A path without links has nothing out any more.</summary>
    internal void Retire(ParticipantPath path)
    {
        lock (_paths)
        {
            if (path.Users == 0 && path.IsIdle) Remove(path);
        }
    }

    internal void NoteSendFailed(ParticipantUri participant, Exception failure)
    {
        LinkMetrics.Faults.Inc();
        LinkLog.SendFailed(_log, participant.Value, failure);
    }

    /// <summary>A path is about to send over a stream: it is told when that ends.</summary>
    internal void NoteStream(SipConnection stream, ParticipantPath path)
    {
        lock (_usersOfStreams)
        {
            if (path.KnownStream == stream) return;
            ForgetStream(path);
            if (!_usersOfStreams.TryGetValue(stream, out var users)) _usersOfStreams[stream] = users = [];
            (path.KnownStream, path.PlaceInStream) = (stream, users.Count);
            users.Add(path);
        }
    }

    /// <summary>The head of what goes this way; null when nothing listens for the answers. Where routes are not of
    /// one participant each, one for all.</summary>
    internal HopHead? HeadFor(ContactRoute route, SipTransportKind transport)
    {
        ref var shared = ref _sharedHeads[(int)transport];
        if (Volatile.Read(ref shared) is { } known && ReferenceEquals(known.Route, route)) return known;
        var destination = route.Destination with { Transport = transport };
        if (!Transports.TryGetListenPoint(destination, out var point)) return null;
        var head = HopHead.Create(route, transport, $"{point.AdvertisedHost}:{point.AdvertisedPort}");
        if (route.RequestUri is null) Volatile.Write(ref shared, head);
        return head;
    }

    /// <summary>The window of the next hop: each S-CSCF has its own, all UDP contacts share one, and so do all streams.
    /// </summary>
    internal DeliveryWindow WindowFor(ContactRoute? route)
    {
        if (route is null) return _udpWindow;
        if (!route.AssertsIdentity)
            return route.Destination.Transport == SipTransportKind.Udp ? _udpWindow : _streamWindow;
        if (_lastHop is { } last && ReferenceEquals(last.Route, route)) return last.Window;
        var window = _coreWindows.GetOrAdd(
            route.Destination.Address,
            static (_, links) => new DeliveryWindow(links.Options.CoreBounds, links._now), this);
        _lastHop = new HopOfRoute(route, window);
        if (_coreWindows.Count > CoreWindowsMax) ForgetIdleHops(window);
        return window;
    }

    // The name of the S-CSCF is resolved again and again, and may have another address each time. Who is about to enter
    // a window that is forgotten here enters it still.
    private void ForgetIdleHops(DeliveryWindow present)
    {
        foreach (var (address, window) in _coreWindows)
        {
            if (window == present || window.Describe() is not { InUse: 0, High: 0, Normal: 0, Low: 0 } idle) continue;
            if (!_coreWindows.TryRemove(KeyValuePair.Create(address, window))) continue;
            window.IsForgotten = true;
            lock (_forgetting) _changesForgotten = _changesForgotten.And(idle.Changes);
        }
    }

    /// <summary>What all windows are like now.</summary>
    internal IEnumerable<(string Hop, WindowDescription Window)> DescribeWindows() =>
    [
        ("udp", _udpWindow.Describe()),
        ("stream", _streamWindow.Describe()),
        .. _coreWindows.Values.Select(window => ("core", window.Describe())),
        .. Forgotten(),
    ];

    private IEnumerable<(string Hop, WindowDescription Window)> Forgotten()
    {
        LimitChanges changes;
        lock (_forgetting) changes = _changesForgotten;
        return changes == default ? [] : [("core", new WindowDescription(0, 0, 0, 0, 0, changes))];
    }

    private sealed record HopOfRoute(ContactRoute Route, DeliveryWindow Window);

    private SipTransports Listen(SipTransports transports)
    {
        transports.ConnectionClosed += OnStreamClosed;
        return transports;
    }

    // Off the thread that closes it, which may be in the middle of a write: failing a request can begin the next one.
    private void OnStreamClosed(SipConnection stream, LinkReason reason)
    {
        List<ParticipantPath>? users;
        lock (_usersOfStreams)
        {
            if (!_usersOfStreams.Remove(stream, out users)) return;
            foreach (var path in users) path.KnownStream = null;
        }

        ThreadPool.UnsafeQueueUserWorkItem(
            _ =>
            {
                foreach (var path in users) TellClosed(path, stream, reason);
            },
            null);
    }

    private void TellClosed(ParticipantPath path, SipConnection stream, LinkReason reason)
    {
        try
        {
            path.OnStreamClosed(stream, reason);
        }
        catch (Exception failure)
        {
            NoteSendFailed(path.Participant, failure); // Out of a pool thread it would end the process.
        }
    }

    // Under the lock of _usersOfStreams.
    private void ForgetStream(ParticipantPath path)
    {
        if (path.KnownStream is not { } stream) return;
        path.KnownStream = null;
        if (!_usersOfStreams.TryGetValue(stream, out var users)) return;
        var last = users[^1];
        (users[path.PlaceInStream], last.PlaceInStream) = (last, path.PlaceInStream);
        users.RemoveAt(users.Count - 1);
        if (users.Count == 0) _usersOfStreams.Remove(stream);
    }

    // Under the lock of _paths.
    private void Remove(ParticipantPath path)
    {
        if (_paths.GetValueOrDefault(path.Participant) == path) _paths.Remove(path.Participant);
        lock (_usersOfStreams) ForgetStream(path);
    }

    private void OnReachable(ParticipantUri participant)
    {
        ParticipantPath? path;
        lock (_paths) _paths.TryGetValue(participant, out path);
        path?.Reroute();
    }

    private ConferenceHead HeadOf(ConferenceUri conference)
    {
        if (!_heads.TryGetValue(conference, out var known))
            known = (new ConferenceHead(conference, _callIdHost), 0);
        _heads[conference] = (known.Head, known.Users + 1);
        return known.Head;
    }
}
