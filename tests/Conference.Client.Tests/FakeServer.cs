using System.Collections.Concurrent;
using System.Net;
using System.Threading.Channels;
using Conference.Protocol.Notifications;
using Conference.Protocol.Requests;
using Conference.Protocol.Xml;
using Microsoft.Extensions.Logging.Abstractions;
using Sip.Stack;
using Sip.Stack.Messages;
using Sip.Stack.Transport;
using Tests.Shared;
using Xunit;

namespace Conference.Client.Tests;

/// <summary>A server over real sockets that answers as the test says, and sends what the test says.</summary>
internal sealed class FakeServer : ISipRequestHandler, IAsyncDisposable
{
    private const string Challenge = "Digest realm=\"conf\", nonce=\"n1\", algorithm=MD5, qop=\"auth\"";

    private readonly SipStack _stack;
    private readonly Channel<ConferenceRequest> _requests = Channel.CreateUnbounded<ConferenceRequest>();
    private uint _cseq;
    private int _registrations;
    private SipPeer _registrant;
    private string? _contact;

    private FakeServer()
    {
        var endpoint = new SipListenEndpoint { Address = IPAddress.Loopback, Port = 0 };
        _stack = new SipStack(
            new SipStackOptions
            {
                Transport = new SipTransportOptions
                {
                    Endpoints = [endpoint],
                    SystemCalls = SystemCallsUnderTest.Chosen,
                },
            },
            this, TimeProvider.System, NullLoggerFactory.Instance);
    }

    /// <summary>Where it listens.</summary>
    internal IPEndPoint Address => _stack.ListenPoints[0].Address;

    /// <summary>Whether requests without credentials are challenged.</summary>
    internal bool Challenges { get; set; }

    /// <summary>Answers that come before the 202s, in order.</summary>
    internal ConcurrentQueue<(int Status, string? RetryAfter)> Refusals { get; } = new();

    /// <summary>How many REGISTERs came with credentials, where those are asked for.</summary>
    internal int Registrations => Volatile.Read(ref _registrations);

    /// <summary>The Expires of the last REGISTER.</summary>
    internal string? LastExpires { get; private set; }

    /// <summary>How many streams are open.</summary>
    internal int StreamCount => _stack.Transports.ConnectionCount;

    /// <summary>Lifetimes to grant, in seconds, in order; then 60. Null refuses with 500.</summary>
    internal ConcurrentQueue<uint?> Grants { get; } = new();

    internal static async Task<FakeServer> StartAsync()
    {
        var server = new FakeServer();
        await server._stack.StartAsync();
        return server;
    }

    /// <summary>The next request that came, in order of arrival, refused ones included.</summary>
    internal async Task<ConferenceRequest> NextAsync() =>
        await _requests.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1));

    /// <summary>Sends a message to the contact that registered last.</summary>
    internal Task<int> SendAsync(ServerMessage message) =>
        SendAsync("MESSAGE", MediaTypes.ConferenceXml, ServerMessageWriter.Write(message));

    /// <summary>Sends any request to the contact that registered last.</summary>
    /// <returns>The status of the answer.</returns>
    internal async Task<int> SendAsync(string method, string? type, byte[] body)
    {
        var contact = SipUri.Parse(_contact!);
        var kind = contact.TransportParameter == "tcp" ? SipTransportKind.Tcp : SipTransportKind.Udp;
        var address = new IPEndPoint(IPAddress.Parse(contact.HostWithoutBrackets), contact.Port!.Value);
        var request = new SipRequestBuilder(method, _contact!)
            .From($"<{ModelData.Here}>").To($"<{ModelData.Ana}>").CSeq(++_cseq);
        if (type is not null) request.WithBody(type, body);
        var result = await _stack.SendAsync(request, new SipDestination(kind, address), CancellationToken.None);
        return result.StatusCode;
    }

    /// <summary>Breaks the stream that the last REGISTER came over.</summary>
    internal void BreakStream()
    {
        Assert.True(_stack.Transports.TryGetConnection(_registrant.ToDestination(), out var connection));
        connection.Close(LinkReason.Shutdown);
    }

    public ValueTask HandleAsync(SipServerExchange exchange)
    {
        if (exchange.Request.Method == SipMethod.Register) _registrant = exchange.Peer;
        exchange.Respond(Answer(exchange.Request));
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _stack.DisposeAsync();

    private SipResponseBuilder Answer(SipRequest request)
    {
        if (Challenges && !request.Headers.Contains(SipHeaderName.Authorization))
        {
            return new SipResponseBuilder(request, 401).With(SipHeaderName.WwwAuthenticate, Challenge);
        }

        if (request.Method == SipMethod.Register)
        {
            _contact = request.Contacts[0].UriText;
            LastExpires = request.Headers.GetText("Expires")?.Trim();
            if (!Grants.TryDequeue(out var seconds)) seconds = 60;
            Interlocked.Increment(ref _registrations);
            return seconds is null
                ? new SipResponseBuilder(request, 500)
                : new SipResponseBuilder(request, 200).With(SipHeaderName.Contact, $"<{_contact}>;expires={seconds}");
        }

        if (RequestReader.TryRead(request.Body, ProtocolLimits.Default, out var read, out _) != ReadOutcome.Ok)
        {
            return new SipResponseBuilder(request, 400);
        }

        _requests.Writer.TryWrite(read!);
        if (Refusals.TryDequeue(out var refusal))
        {
            var refused = new SipResponseBuilder(request, refusal.Status);
            return refusal.RetryAfter is null ? refused : refused.With(SipHeaderName.RetryAfter, refusal.RetryAfter);
        }

        var accepted = new SipResponseBuilder(request, 202).With("Conference-Revision", "2");
        return read!.Action is CreateConference
            ? accepted.With("Conference-Uri", $"<{ModelData.Here}>")
            : accepted;
    }
}
