using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;
using System.Threading.Channels;
using AppServer.Configuration;
using AppServer.Links;
using AppServer.Registrations;
using Conference.Actors.Ports;
using Conference.Protocol;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sip.Stack;
using Sip.Stack.Delivery;
using Sip.Stack.Messages;
using Sip.Stack.Transport;
using Tests.Shared;

namespace AppServer.Tests.Links;

/// <summary>Links over a real stack on loopback, with contacts and time in the test's hand.</summary>
internal sealed class LinkRig : IContactDirectory, ISipRequestHandler, IAsyncDisposable
{
    internal static readonly ConferenceUri Conference = ConferenceUri.Parse("sip:conf-1@conf.example");
    internal static readonly ParticipantUri Alice = ParticipantUri.Parse("sip:alice@example.org");
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly SipStack _stack;

    private LinkRig(LinkOptions options, ServerMode mode, SipTransportOptions transport)
    {
        Slots = new DeliverySlots(new DeliverySlotsOptions(), DeliveryToken.CreateRandom(), Time);
        var endpoint = new SipListenEndpoint { Address = IPAddress.Loopback, Port = 0 };
        var stackOptions = new SipStackOptions
        {
            Transport = transport with { Endpoints = [endpoint], SystemCalls = SystemCallsUnderTest.Chosen },
            ResponseInterceptor = new FanoutResponses(Slots),
        };
        _stack = new SipStack(stackOptions, this, TimeProvider.System, NullLoggerFactory.Instance);
        Links = new SipLinks(
            options.For(mode), this, () => _stack.Transports, Slots, "as.example", Time,
            NullLogger<SipLinks>.Instance);
    }

    /// <inheritdoc/>
    public event Action<ParticipantUri>? BecameReachable;

    internal FakeTimeProvider Time { get; } = new();

    internal DeliverySlots Slots { get; }

    internal SipLinks Links { get; }

    /// <summary>Where everybody is; null for nowhere.</summary>
    internal ContactRoute? Route { get; set; }

    internal static async Task<LinkRig> StartAsync(
        LinkOptions? options = null, ServerMode mode = ServerMode.Standalone, SipTransportOptions? transport = null)
    {
        var rig = new LinkRig(options ?? new LinkOptions(), mode, transport ?? new SipTransportOptions());
        await rig._stack.StartAsync();
        return rig;
    }

    internal static ContactRoute At(SipTransportKind transport, EndPoint address) => new(
        new SipDestination(transport, (IPEndPoint)address), "sip:alice@client.example", [], AssertsIdentity: false,
        DateTimeOffset.MaxValue);

    /// <summary>A body of so many bytes.</summary>
    internal static EncodedBody Body(int bytes) =>
        new("application/vnd.ims-conference+xml", Encoding.ASCII.GetBytes(new string('x', bytes)));

    /// <summary>The 200 to a request of the fan-out.</summary>
    internal static byte[] OkTo(string request)
    {
        var copied = request.Split("\r\n").Where(line => line.StartsWith("Via:", StringComparison.Ordinal)
            || line.StartsWith("From:", StringComparison.Ordinal) || line.StartsWith("To:", StringComparison.Ordinal)
            || line.StartsWith("Call-ID:", StringComparison.Ordinal)
            || line.StartsWith("CSeq:", StringComparison.Ordinal));
        return Encoding.ASCII.GetBytes(
            $"SIP/2.0 200 OK\r\n{string.Join("\r\n", copied)}\r\nContent-Length: 0\r\n\r\n");
    }

    internal void Register(ContactRoute route)
    {
        Route = route;
        BecameReachable?.Invoke(Alice);
    }

    public bool TryLocate(ParticipantUri participant, [NotNullWhen(true)] out ContactRoute? route)
    {
        route = Route;
        return route is not null;
    }

    public ValueTask HandleAsync(SipServerExchange exchange) => default;

    public void OnAck(SipRequest ack, in SipPeer peer)
    {
    }

    public async ValueTask DisposeAsync()
    {
        await _stack.DisposeAsync();
        Slots.Dispose();
    }

    /// <summary>What a conference has for one participant, and what became of it.</summary>
    internal sealed class Source : IDeliverySource
    {
        private readonly Queue<EncodedBody> _bodies = new();
        private readonly Channel<DeliveryResult> _results = Channel.CreateUnbounded<DeliveryResult>();

        internal Source(params EncodedBody[] bodies)
        {
            foreach (var body in bodies) _bodies.Enqueue(body);
        }

        /// <summary>Thrown instead of giving a body.</summary>
        internal Exception? Fault { get; init; }

        public DeliveryPriority Priority { get; init; } = DeliveryPriority.Normal;

        internal bool HasResult => _results.Reader.TryPeek(out _);

        /// <summary>Whether what is left is offered by saying so, as a conference does.</summary>
        internal bool GoesOn { get; init; }

        public EncodedBody? TakeNext(in LinkCapabilities capabilities) =>
            Fault is null ? _bodies.TryDequeue(out var body) ? body : null : throw Fault;

        public bool OnDelivered(in DeliveryResult result)
        {
            _results.Writer.TryWrite(result);
            return GoesOn && _bodies.Count > 0;
        }

        /// <summary>The next result, without its time.</summary>
        internal async Task<DeliveryResult> ResultAsync()
        {
            using var patience = new CancellationTokenSource(Patience);
            return await _results.Reader.ReadAsync(patience.Token) with { At = 0 };
        }
    }
}
