using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using AppServer.Links;
using AppServer.Registrations;
using Conference.Actors.Fanout;
using Conference.Actors.Focus;
using Conference.Actors.Ports;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Xml;
using Conference.Store.InMemory;
using Microsoft.Extensions.Logging.Abstractions;
using Sip.Stack;
using Sip.Stack.Delivery;
using Sip.Stack.Messages;
using Sip.Stack.Transport;

namespace AppServer.Tests.Links;

/// <summary>Rooms 10 and 11 and the way of the answers back: one conference behind one next hop, which is a stream that
/// ends in memory, or a UDP socket. For what a delivery costs and allocates; the benchmarks use it, too.</summary>
internal sealed class DeliveryRig : IContactDirectory, IAsyncDisposable
{
    private static readonly ParticipantUri Author = ParticipantUri.Parse("sip:author@ims.example");

    private readonly SipStack _stack;
    private readonly FanoutEngine _engine;
    private readonly IConferenceFanout _fanout;
    private readonly IncomingMessages _incoming;
    private readonly StreamReceiver? _receiver; // Null for UDP.
    private readonly ContactRoute _route;
    private readonly DeliveryHop _hop;
    private readonly SipPeer _peer;
    private readonly int _members;
    private ConferenceState _state;

    private DeliveryRig(int members, DeliveryHop hop, int udpSegmentsMax)
    {
        (_members, _hop) = (members, hop);
        Slots = new DeliverySlots(new DeliverySlotsOptions(), DeliveryToken.CreateRandom(), TimeProvider.System);
        var responses = new FanoutResponses(Slots);
        var transport = new SipTransportOptions
        {
            Endpoints = [new SipListenEndpoint { Address = IPAddress.Loopback, Port = 0 }],
            UdpSegmentsMax = udpSegmentsMax,
        };
        _stack = new SipStack(
            new SipStackOptions { Transport = transport, ResponseInterceptor = responses }, new Nobody(),
            TimeProvider.System, NullLoggerFactory.Instance);
        _incoming = new IncomingMessages(new Nobody(), responses, NullLogger.Instance);
        SipConnection? stream = null;
        if (hop.Transport == SipTransportKind.Tcp)
        {
            var table = new ConnectionTable(transport, TimeProvider.System, NullLogger.Instance, (_, _) => { });
            stream = table.TryAdd(SipTransportKind.Tcp, hop.Address, hop.Address)!;
            stream.Open(hop, hop.Address);
            _receiver = new StreamReceiver(stream, _incoming, SipParseLimits.Default);
        }

        _peer = new SipPeer(hop.Transport, hop.Address, hop.Address, stream);
        _route = new ContactRoute(
            new SipDestination(hop.Transport, hop.Address, stream), null, [$"<sip:{hop.Address};lr>"],
            AssertsIdentity: true, DateTimeOffset.MaxValue);
        var options = new LinkOptions
        {
            CoreOutstandingMin = 1_000_000, CoreOutstandingMax = 1_000_000, StreamBodyBytesMax = 1_000_000,
        };
        var links = new SipLinks(
            options, this,
            () => _stack.Transports, Slots, "as.example", TimeProvider.System, NullLogger<SipLinks>.Instance);
        _engine = new FanoutEngine(
            new FanoutOptions { Workers = 1, CursorFlush = TimeSpan.FromHours(1) }, links, new NoReferences(),
            new InMemoryConferenceStore(), new InMemoryBlobStore(TimeProvider.System), TimeProvider.System,
            NullLogger<FanoutEngine>.Instance);
        _state = WithMembers(members);
        _fanout = _engine.Open(_state, 1, [.. _state.Roster.Keys.Select(p => new StoredCursor(p, 1))]);
    }

    /// <inheritdoc/>
    public event Action<ParticipantUri>? BecameReachable
    {
        add { }
        remove { }
    }

    internal DeliverySlots Slots { get; }

    /// <summary>How far each member has confirmed, without repetitions.</summary>
    internal IReadOnlyCollection<long> Cursors => [.. _fanout.Describe().Select(d => d.Cursor).Distinct()];

    internal long Revision => _state.Revision;

    /// <summary>Starts it.</summary>
    /// <param name="members">Of the conference.</param>
    /// <param name="transport">Towards the next hop.</param>
    /// <param name="udpSegmentsMax">Datagrams per system call.</param>
    internal static async Task<DeliveryRig> StartAsync(
        int members, SipTransportKind transport = SipTransportKind.Tcp, int udpSegmentsMax = 32)
    {
        var rig = new DeliveryRig(members, new DeliveryHop(transport), udpSegmentsMax);
        await rig._stack.StartAsync();
        return rig;
    }

    /// <summary>Publishes an event of about 300 bytes and waits until a request to everybody has begun.</summary>
    internal void Publish()
    {
        _hop.Clear();
        var happened = new ConferenceEvent(
            _state.Revision + 1, Author, "r", DateTimeOffset.UnixEpoch, new ChatSaid(new string('x', 200)));
        _state = _state.Apply(happened);
        _fanout.Publish(_state, [new PublishedEvent(happened, EventWriter.WriteFragment(happened))]);
        while (Slots.InFlight < _members) Thread.Yield();
    }

    /// <summary>The answers to all of them. Waits until the last one has left; that and the writing of answers is not
    /// what is measured.</summary>
    internal DeliveryHop.Answers Answers() => _hop.AnswersTo(_members);

    /// <summary>Takes answers in, as a receive loop does.</summary>
    internal void Take(DeliveryHop.Answers answers)
    {
        if (_receiver is not null)
        {
            _receiver.Take(answers.Bytes);
            return;
        }

        for (var i = 0; i < answers.Ends.Count;)
        {
            _incoming.BeginBatch();
            for (var end = Math.Min(i + 64, answers.Ends.Count); i < end; i++)
                _incoming.OnMessage(answers[i], _peer);
            _incoming.EndBatch();
        }
    }

    /// <inheritdoc/>
    public bool TryLocate(ParticipantUri participant, [NotNullWhen(true)] out ContactRoute? route)
    {
        route = _route;
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _receiver?.Dispose();
        await _engine.DisposeAsync();
        await _stack.DisposeAsync();
        Slots.Dispose();
        _hop.Dispose();
    }

    private static ConferenceState WithMembers(int members)
    {
        var roster = Enumerable.Range(0, members).Select(i => new RosterEntry(
            ParticipantUri.Parse($"sip:member{i:D6}@ims.example"), null, Role.Participant, Rights.Draw));
        return ConferenceState.Before(ConferenceUri.Parse("sip:conf-7f3a@conf.example")).Apply(new ConferenceEvent(
            1, Author, "s", DateTimeOffset.UnixEpoch,
            new ConferenceCreated(null, Rights.Draw, false, roster.ToImmutableArray())));
    }

    private sealed class NoReferences : IContentReferences
    {
        public ContentReference? Make(ParticipantUri participant, string digest, string mediaType, string? fileName) =>
            null;
    }

    private sealed class Nobody : ISipRequestHandler, ISipMessageSink
    {
        public ValueTask HandleAsync(SipServerExchange exchange) => default;

        public void OnAck(SipRequest ack, in SipPeer peer)
        {
        }

        public void OnMessage(ReadOnlySpan<byte> message, in SipPeer peer) =>
            throw new InvalidOperationException("An answer that the fan-out does not know.");

        public void OnMalformed(SipParseOutcome outcome, ReadOnlySpan<byte> message, in SipPeer peer) =>
            throw new InvalidOperationException($"An answer that is {outcome}.");

        public void OnConnectionClosed(SipConnection connection)
        {
        }
    }
}
