using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using AppServer.Configuration;
using AppServer.Links;
using AppServer.Registrations;
using Conference.Actors.Ports;
using Conference.Protocol;
using Microsoft.Extensions.Logging.Abstractions;
using Sip.Stack;
using Sip.Stack.Delivery;
using Sip.Stack.Messages;
using Sip.Stack.Transport;
using Xunit;

namespace AppServer.Tests.Links;

public class SipLinksTests
{
    private static readonly ConferenceUri Meeting = ConferenceUri.Parse("sip:conf-1@conf.example");
    private static readonly ParticipantUri Bob = ParticipantUri.Parse("sip:bob@ims.example");

    [Theory]
    [InlineData(80_000, DeliveryOutcome.TooLarge)]
    [InlineData(2_000, DeliveryOutcome.TryLater)]
    public async Task Stream_ClosedByTheCoreUnanswered_EndsTheDeliveryAtOnce(int bytes, DeliveryOutcome expected)
    {
        using var core = new TcpListener(IPAddress.Loopback, 0);
        core.Start();
        var options = new SipStackOptions
        {
            Transport = new SipTransportOptions
            {
                Endpoints = [new SipListenEndpoint { Address = IPAddress.Loopback, Port = 0 }],
            },
        };
        await using var stack = new SipStack(options, new NoRequests(), TimeProvider.System, NullLoggerFactory.Instance);
        await stack.StartAsync();
        using var slots = new DeliverySlots(
            new DeliverySlotsOptions(), DeliveryToken.CreateRandom(), TimeProvider.System);
        var links = new SipLinks(
            new LinkOptions().For(ServerMode.Ims), new Core((IPEndPoint)core.LocalEndpoint), () => stack.Transports,
            slots, "node.example", TimeProvider.System, NullLogger<SipLinks>.Instance);
        using var link = links.Open(Meeting, Bob);
        var source = new Source(new EncodedBody("text/plain", new byte[bytes]));

        link.Offer(source);
        using (var stream = await core.AcceptTcpClientAsync())
        {
            var read = new byte[1_000];
            Assert.NotEqual(0, await stream.GetStream().ReadAsync(read));
        }

        var result = await source.Results.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(expected, result.Outcome);
    }

    [Theory]
    [InlineData(ServerMode.Standalone, 0, 1_048_576)]
    [InlineData(ServerMode.Ims, 0, 60_000)]
    [InlineData(ServerMode.Ims, 200_000, 200_000)]
    public void BodyLimit_LeftOut_FollowsTheMode(ServerMode mode, int configured, int expected) =>
        Assert.Equal(expected, new LinkOptions { StreamBodyBytesMax = configured }.For(mode).StreamBodyBytesMax);

    private sealed class Source(EncodedBody body) : IDeliverySource
    {
        private EncodedBody? _body = body;

        internal Channel<DeliveryResult> Results { get; } = Channel.CreateUnbounded<DeliveryResult>();

        public EncodedBody? TakeNext() => Interlocked.Exchange(ref _body, null);

        public void OnDelivered(in DeliveryResult result) => Results.Writer.TryWrite(result);
    }

    private sealed class Core(IPEndPoint address) : IContactDirectory
    {
        private readonly ContactRoute _route = new(
            new SipDestination(SipTransportKind.Udp, address), null, ImmutableArray.Create($"<sip:{address};lr>"), true,
            DateTimeOffset.MaxValue);

        public event Action<ParticipantUri>? BecameReachable
        {
            add { }
            remove { }
        }

        public bool TryLocate(ParticipantUri participant, [NotNullWhen(true)] out ContactRoute? route)
        {
            route = _route;
            return true;
        }
    }

    private sealed class NoRequests : ISipRequestHandler
    {
        public ValueTask HandleAsync(SipServerExchange exchange) => throw new InvalidOperationException("none is sent");

        public void OnAck(SipRequest ack, in SipPeer peer)
        {
        }
    }
}
