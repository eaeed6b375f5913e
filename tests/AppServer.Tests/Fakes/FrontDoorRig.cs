using System.Collections.Immutable;
using AppServer.Configuration;
using AppServer.FrontDoor;
using AppServer.FrontDoor.Admission;
using AppServer.Lifetime;
using AppServer.Provisioning;
using Conference.Actors.Fanout;
using Conference.Actors.Focus;
using Conference.Protocol;
using Conference.Protocol.Requests;
using Conference.Protocol.Xml;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sip.Stack.Authentication;
using Sip.Stack.Core;
using Sip.Stack.Registration;

namespace AppServer.Tests.Fakes;

/// <summary>The whole front door on a fake gateway, without sockets, on a virtual clock.</summary>
internal sealed class FrontDoorRig : IDisposable
{
    internal const string Domain = "conf.example";
    internal const string Password = "alice-secret";

    private readonly DigestClient _client = new("alice", Password, new RandomBytes(bytes => bytes.Fill(7)));
    private int _sequence;

    internal FrontDoorRig(
        ServerMode mode, FrontDoorOptions? options = null, string peers = "192.0.2.0/24",
        AdmissionOptions? admission = null)
    {
        var server = new ServerOptions { Mode = mode, Domain = Domain };
        options ??= new FrontDoorOptions();
        var secret = new ServerSecret([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);
        var domains = new DomainNames(server);
        var refusals = new RefusalWriter(options, domains, NullLogger<RefusalWriter>.Instance);
        Uris = new ConferenceUris(server, secret);
        Registrar = new Registrar(new RegistrarOptions(), null, Time, NullLogger<Registrar>.Instance);
        ThirdParty = new ThirdPartyRegistrations(
            new ThirdPartyOptions(), Time, NullLogger<ThirdPartyRegistrations>.Instance);
        var users = new PasswordCredentialStore(
            Domain, [new("alice", Password), new("bob", "bob-secret")]);
        var digest = new DigestAuthenticator(
            new DigestOptions { Realm = Domain }, users, secret.KeyFor("n"), bytes => bytes.Fill((byte)++_sequence));
        var list = mode == ServerMode.Ims ? new PeerList([peers]) : null;
        ISenderCheck senders = list is null
            ? new DigestSenderCheck(digest, domains, Time)
            : new AssertedSenderCheck(list);
        IRegisterDesk registers = list is null
            ? new RegistrarDesk(senders, Registrar, domains, refusals, Time)
            : new ThirdPartyRegisterDesk(ThirdParty, refusals);
        var router = new FocusRouter(Uris, domains, trustsServedUser: mode == ServerMode.Ims);
        Admission = new RequestAdmission(
            admission ?? new AdmissionOptions(), options, server, router, () => Lag is not null, _ => Lag,
            StoreQueue, Time);
        var bodies = new MessageBodyReader(ProtocolLimits.Default with { BodyBytesMax = options.BodyBytesMax });
        var messages = new MessageDesk(
            options, senders, router, bodies, Uris, Gateway, Admission, refusals, Time,
            NullLogger<MessageDesk>.Instance);
        var core = new UasCore(new UasCapabilities
        {
            MediaTypes = MessageBodyReader.Accept,
            BodyBytesMax = options.BodyBytesMax,
        });
        Door = new FrontDoorHandler(
            Status, Admission, core, messages, registers, refusals, NullLogger<FrontDoorHandler>.Instance, list);
        Status.Enter(ServerPhase.Ready);
    }

    internal FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero));

    internal FakeGateway Gateway { get; } = new();

    internal ServerStatus Status { get; } = new();

    internal ConferenceUris Uris { get; }

    internal Registrar Registrar { get; }

    internal ThirdPartyRegistrations ThirdParty { get; }

    internal FrontDoorHandler Door { get; }

    internal RequestAdmission Admission { get; }

    internal StoreQueue StoreQueue { get; } = new();

    /// <summary>How far all conferences are behind.</summary>
    internal DeliveryLag? Lag { get; set; }

    internal ConferenceUri Lobby => Uris.Named("lobby");

    public void Dispose()
    {
        Registrar.Dispose();
        ThirdParty.Dispose();
    }

    /// <summary>A chat line as the protocol writes it.</summary>
    internal static string Xml(RequestAction? action = null, string id = "r1") => System.Text.Encoding.UTF8.GetString(
        RequestWriter.Write(new ConferenceRequest(id, action ?? new Say("hello"))));

    /// <summary>A create request as the protocol writes it.</summary>
    internal static CreateConference Create() => new("Test", ImmutableArray<Invitee>.Empty, Rights.Draw, true);

    /// <summary>A MESSAGE as it comes from the wire.</summary>
    internal string Message(
        string? to = null, string from = "sip:alice@conf.example", string body = "", string type = "",
        string headers = "", string method = "MESSAGE")
    {
        to ??= Lobby.Value;
        if (body.Length == 0) body = Xml();
        if (type.Length == 0) type = MediaTypes.ConferenceXml;
        var number = ++_sequence;
        var extra = headers.Length == 0 ? "" : headers + "\n";
        var length = System.Text.Encoding.UTF8.GetByteCount(body.ReplaceLineEndings("\r\n"));
        return $"""
            {method} {to} SIP/2.0
            Via: SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bK{number}
            Max-Forwards: 70
            From: <{from}>;tag=1
            To: <{to}>
            Call-ID: call-{number}
            CSeq: {number} {method}
            {extra}Content-Type: {type}
            Content-Length: {length}

            {body}
            """;
    }

    internal static string WithHeader(string message, string header) =>
        message.Replace("Max-Forwards: 70", "Max-Forwards: 70\n" + header, StringComparison.Ordinal);

    /// <summary>Sends a request and, when it is challenged, once more with the password.</summary>
    internal async Task<FakeExchange> SendAsync(string message, string peer = "192.0.2.1", bool isMerged = false)
    {
        var exchange = FakeExchange.From(message, peer, isMerged);
        await Door.HandleAsync(exchange);
        if (exchange.Answer is not { StatusCode: 401 }) return exchange;
        return await SendOnceAsync(Authorise(message, exchange), peer);
    }

    internal async Task<FakeExchange> SendOnceAsync(string message, string peer = "192.0.2.1")
    {
        var exchange = FakeExchange.From(message, peer);
        await Door.HandleAsync(exchange);
        return exchange;
    }

    /// <summary>The message with credentials for the challenge.</summary>
    internal string Authorise(string message, FakeExchange challenged)
    {
        var challenges = new List<string>();
        foreach (var line in challenged.Answer!.Headers)
        {
            if (line.Name == Sip.Stack.Messages.SipHeaderName.WwwAuthenticate) challenges.Add(line.ValueText);
        }

        var request = challenged.Request;
        var outcome = _client.Answer(challenges, request.MethodName, request.RequestUriText, false, out var value);
        if (outcome != DigestClientOutcome.Answered) throw new InvalidOperationException(outcome.ToString());
        return WithHeader(message, $"Authorization: {value}");
    }
}
