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
    private readonly Dictionary<ParticipantUri, ParticipantPath> _paths = [];
    private readonly Dictionary<ConferenceUri, (ConferenceHead Head, int Users)> _heads = [];
    private readonly ConcurrentDictionary<IPEndPoint, DeliveryWindow> _coreWindows = new();
    private readonly DeliveryWindow _udpWindow;
    private readonly DeliveryWindow _streamWindow;
    private readonly Lazy<SipTransports> _transports;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly long _start;
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
        (Options, Contacts, _transports, Slots, _time) = (options, contacts, new(Watched), slots, time);
        _start = time.GetTimestamp();
        // Tokens repeat after a restart only by chance; the start makes the Call-ID unique over time as well.
        _callIdHost = $"{Guid.NewGuid():N}.{nodeName}";
        _udpWindow = new DeliveryWindow(options.UdpOutstandingMax);
        _streamWindow = new DeliveryWindow(options.StreamOutstandingMax);
        _log = log;
        contacts.BecameReachable += OnReachable;

        SipTransports Watched()
        {
            var found = transports();
            found.ConnectionClosed += OnConnectionClosed;
            return found;
        }
    }

    internal LinkOptions Options { get; }

    internal IContactDirectory Contacts { get; }

    internal SipTransports Transports => _transports.Value;

    internal DeliverySlots Slots { get; }

    /// <summary>Milliseconds of the clock that never goes back.</summary>
    internal long Now => _time.GetElapsedTime(_start).Ticks / TimeSpan.TicksPerMillisecond;

    /// <inheritdoc/>
    public IParticipantLink Open(ConferenceUri conference, ParticipantUri participant)
    {
        lock (_paths)
        {
            if (!_paths.TryGetValue(participant, out var path))
                _paths[participant] = path = new ParticipantPath(this, participant);
            path.Users++;
            return new ConferenceLink(this, path, conference, HeadOf(conference));
        }
    }

    /// <inheritdoc/>
    public void BeginBatch() => SendBatch.Begin();

    /// <inheritdoc/>
    public void EndBatch() => SendBatch.End();

    internal void Close(ParticipantPath path, ConferenceUri conference)
    {
        lock (_paths)
        {
            if (--path.Users == 0) _paths.Remove(path.Participant);
            var (head, users) = _heads[conference];
            if (users == 1) _heads.Remove(conference);
            else _heads[conference] = (head, users - 1);
        }
    }

    internal void NoteConnectFailed(Exception failure) => LinkLog.ConnectFailed(_log, failure);

    /// <summary>The window of the next hop: each S-CSCF has its own, all UDP contacts share one, and so do all streams.
    /// </summary>
    internal DeliveryWindow WindowFor(ContactRoute? route)
    {
        if (route is null) return _udpWindow;
        if (!route.AssertsIdentity)
            return route.Destination.Transport == SipTransportKind.Udp ? _udpWindow : _streamWindow;
        // As many as there are S-CSCFs in the configuration.
        return _coreWindows.GetOrAdd(
            route.Destination.Address, static (_, max) => new DeliveryWindow(max), Options.CoreOutstandingMax);
    }

    private void OnReachable(ParticipantUri participant)
    {
        ParticipantPath? path;
        lock (_paths) _paths.TryGetValue(participant, out path);
        path?.Reroute();
    }

    // The stream of one member is its own affair; a stream to an S-CSCF carries what is on its way to many.
    private void OnConnectionClosed(SipConnection connection, LinkReason reason)
    {
        if (!_coreWindows.ContainsKey(connection.Remote)) return;
        ParticipantPath[] paths;
        lock (_paths) paths = [.. _paths.Values];
        ThreadPool.UnsafeQueueUserWorkItem(
            _ =>
            {
                foreach (var path in paths) path.OnStreamClosed(connection, reason);
            },
            null);
    }

    private ConferenceHead HeadOf(ConferenceUri conference)
    {
        if (!_heads.TryGetValue(conference, out var known))
            known = (new ConferenceHead(conference.Value, _callIdHost), 0);
        _heads[conference] = (known.Head, known.Users + 1);
        return known.Head;
    }
}
