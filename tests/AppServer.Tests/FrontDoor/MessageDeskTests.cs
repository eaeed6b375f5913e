using AppServer.Configuration;
using AppServer.FrontDoor;
using AppServer.Tests.Fakes;
using Conference.Actors.Focus;
using Conference.Protocol;
using Conference.Protocol.Requests;
using Xunit;

namespace AppServer.Tests.FrontDoor;

public sealed class MessageDeskTests : IDisposable
{
    private const string Asserted = "P-Asserted-Identity: <sip:alice@conf.example>";

    private readonly FrontDoorRig _rig = new(ServerMode.Ims);

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Message_Accepted_Gets202WithRevision_AndWakesTheSender()
    {
        var exchange = await _rig.SendAsync(_rig.Message(headers: Asserted));
        Assert.Equal(202, exchange.Answer!.StatusCode);
        Assert.Equal("7", exchange.Header(MessageDesk.RevisionHeader));
        Assert.Null(exchange.Header(MessageDesk.UriHeader));
        Assert.True(exchange.Answer.Body.IsEmpty);
        var command = Assert.Single(_rig.Gateway.Commands);
        Assert.Equal("sip:conf-lobby@conf.example", command.Conference.Value);
        Assert.Equal("sip:alice@conf.example", command.Sender.Value);
        Assert.False(command.IsOperator);
        Assert.Equal("sip:alice@conf.example", Assert.Single(_rig.Gateway.Reachable).Value);
    }

    [Fact]
    public async Task Create_ToTheFactory_GetsAnUnguessableUri_TheSameForTheSameRequest()
    {
        var body = FrontDoorRig.Xml(FrontDoorRig.Create(), "create-1");
        var first = await _rig.SendAsync(_rig.Message("sip:factory@conf.example", headers: Asserted, body: body));
        var again = await _rig.SendAsync(_rig.Message("sip:factory@conf.example", headers: Asserted, body: body));
        var other = await _rig.SendAsync(_rig.Message(
            "sip:factory@conf.example", headers: Asserted, body: FrontDoorRig.Xml(FrontDoorRig.Create(), "create-2")));
        Assert.Equal(202, first.Answer!.StatusCode);
        var uri = first.Header(MessageDesk.UriHeader)!;
        Assert.Matches("^<sip:conf-[a-z2-7]{26}@conf\\.example>$", uri);
        Assert.True(uri.Length < 60);
        Assert.Equal(uri, again.Header(MessageDesk.UriHeader));
        Assert.NotEqual(uri, other.Header(MessageDesk.UriHeader));
        Assert.Equal(_rig.Gateway.Commands[0].ContentHash, _rig.Gateway.Commands[1].ContentHash);
        Assert.NotEqual(_rig.Gateway.Commands[0].ContentHash, _rig.Gateway.Commands[2].ContentHash);
    }

    [Fact]
    public async Task Create_BySomebodyElseWithTheSameId_IsAnotherConference()
    {
        var body = FrontDoorRig.Xml(FrontDoorRig.Create(), "create-1");
        await _rig.SendAsync(_rig.Message("sip:factory@conf.example", headers: Asserted, body: body));
        await _rig.SendAsync(_rig.Message(
            "sip:factory@conf.example", headers: "P-Asserted-Identity: <sip:mallory@conf.example>", body: body));
        Assert.NotEqual(_rig.Gateway.Commands[0].Conference, _rig.Gateway.Commands[1].Conference);
    }

    [Fact]
    public async Task Create_ToAConference_AndOthersToTheFactory_AreRefusedByName()
    {
        var create = await _rig.SendAsync(_rig.Message(
            headers: Asserted, body: FrontDoorRig.Xml(FrontDoorRig.Create())));
        Assert.Equal((400, "Create goes to the factory"), (create.Answer!.StatusCode, create.Answer.ReasonPhrase));
        var say = await _rig.SendAsync(_rig.Message("sip:factory@conf.example", headers: Asserted));
        Assert.Equal((400, "The factory takes only create"), (say.Answer!.StatusCode, say.Answer.ReasonPhrase));
        Assert.Empty(_rig.Gateway.Commands);
    }

    [Theory]
    [InlineData("sip:bob@conf.example")]
    [InlineData("sip:conf-lobby@elsewhere.example")]
    [InlineData("sip:CONF-lobby@conf.example")] // the user part is compared with case
    [InlineData("sip:conf-@conf.example")]
    [InlineData("sip:conf-lobby%0d%0aEvil@conf.example")]
    [InlineData("sip:conf-lobby@evil.conf.example")]
    public async Task Message_ToSomethingElse_Rejects404(string to)
    {
        var exchange = await _rig.SendAsync(_rig.Message(to, headers: Asserted));
        Assert.Equal(404, exchange.Answer!.StatusCode);
        Assert.Equal("No conference has this address", exchange.Answer.ReasonPhrase);
    }

    [Theory]
    [InlineData("sip:conf-lobby@conf.example:5060")]
    [InlineData("sips:conf-lobby@CONF.example;gr=abc")]
    [InlineData("sip:conf-lobby@conf.example?Subject=x")]
    [InlineData("sip:conf-lobby@127.0.0.1:5060")] // an alias of the domain
    public async Task Message_ToTheConferenceInAnySpelling_ReachesIt(string to)
    {
        var exchange = await _rig.SendAsync(_rig.Message(to, headers: Asserted));
        Assert.Equal(202, exchange.Answer!.StatusCode);
        Assert.Equal(_rig.Lobby, _rig.Gateway.Commands[0].Conference);
    }

    [Fact]
    public async Task Message_TerminatingCase_TakesTheConferenceFromPServedUser()
    {
        var headers = Asserted + "\nP-Served-User: <sip:conf-other@conf.example>;sescase=term;regstate=unreg";
        await _rig.SendAsync(_rig.Message(headers: headers));
        Assert.Equal("sip:conf-other@conf.example", _rig.Gateway.Commands[0].Conference.Value);
    }

    [Fact]
    public async Task Message_OriginatingCase_TakesTheConferenceFromTheRequestUri()
    {
        var headers = Asserted + "\nP-Served-User: <sip:alice@conf.example>;sescase=orig;regstate=reg";
        await _rig.SendAsync(_rig.Message(headers: headers));
        Assert.Equal(_rig.Lobby, _rig.Gateway.Commands[0].Conference);
        Assert.Equal("sip:alice@conf.example", _rig.Gateway.Commands[0].Sender.Value);
    }

    [Fact]
    public async Task Message_InStandaloneMode_PServedUserIsNotBelieved()
    {
        using var rig = new FrontDoorRig(ServerMode.Standalone);
        await rig.SendAsync(rig.Message(
            headers: "P-Served-User: <sip:conf-other@conf.example>;sescase=term;regstate=unreg"));
        Assert.Equal(rig.Lobby, rig.Gateway.Commands[0].Conference);
    }

    [Theory]
    [InlineData("sip:conf-lobby@conf.example")]
    [InlineData("sip:factory@conf.example")]
    public async Task Message_FromAConference_Rejects403(string sender)
    {
        var exchange = await _rig.SendAsync(_rig.Message(headers: $"P-Asserted-Identity: <{sender}>"));
        Assert.Equal(403, exchange.Answer!.StatusCode);
        Assert.Empty(_rig.Gateway.Commands);
    }

    [Fact]
    public async Task PlainText_BecomesAChatLine_WithAnIdFromCallIdAndCSeq()
    {
        var message = _rig.Message(
            headers: Asserted, type: "text/plain;charset=UTF-8", body: "Guten Tag, grüß Gott\r\n");
        await _rig.SendAsync(message);
        await _rig.SendAsync(message); // in another transaction
        await _rig.SendAsync(_rig.Message(headers: Asserted, type: "text/plain", body: "x"));
        var requests = _rig.Gateway.Commands.Select(command => command.Request).ToArray();
        Assert.Equal(new Say("Guten Tag, grüß Gott"), requests[0].Action);
        Assert.Equal(requests[0].Id, requests[1].Id);
        Assert.NotEqual(requests[0].Id, requests[2].Id);
        Assert.Matches("^[A-Za-z0-9._-]{1,64}$", requests[0].Id);
    }

    [Theory]
    [InlineData("text/plain;charset=UTF-16", "hello", 415)]
    [InlineData("text/plain", "a\u0001b", 400)]
    [InlineData("text/plain", "\n\n", 400)]
    [InlineData("application/json", "{}", 415)]
    [InlineData("message/cpim", "x", 415)]
    public async Task Body_ThatIsNotTaken_IsRefused(string type, string body, int status)
    {
        var exchange = await _rig.SendAsync(_rig.Message(headers: Asserted, type: type, body: body));
        Assert.Equal(status, exchange.Answer!.StatusCode);
        Assert.Equal(status == 415, exchange.Header("Accept") is not null);
        Assert.NotNull(exchange.Header("Warning"));
        Assert.Empty(_rig.Gateway.Commands);
    }

    [Fact]
    public async Task PlainText_LongerThanALine_Rejects413()
    {
        var exchange = await _rig.SendAsync(_rig.Message(
            headers: Asserted, type: "text/plain", body: new string('x', 4097)));
        Assert.Equal((413, "The text is too long"), (exchange.Answer!.StatusCode, exchange.Answer.ReasonPhrase));
    }

    [Theory]
    [InlineData("message/imdn+xml", "Content-Encoding: deflate")]
    [InlineData("application/im-iscomposing+xml", "Subject: x")]
    public async Task Report_OfAClient_IsAcknowledgedAndDropped(string type, string header)
    {
        var exchange = await _rig.SendAsync(_rig.Message(headers: $"{Asserted}\n{header}", type: type, body: "junk"));
        Assert.Equal(202, exchange.Answer!.StatusCode);
        Assert.Empty(_rig.Gateway.Commands);
    }

    [Fact]
    public async Task Body_Encoded_Rejects415WithAcceptEncoding()
    {
        var exchange = await _rig.SendAsync(_rig.Message(headers: $"{Asserted}\nContent-Encoding: gzip"));
        Assert.Equal(415, exchange.Answer!.StatusCode);
        Assert.Equal("identity", exchange.Header("Accept-Encoding"));
    }

    [Fact]
    public async Task Body_OverTheLimit_Rejects413()
    {
        using var rig = new FrontDoorRig(ServerMode.Ims, new FrontDoorOptions { BodyBytesMax = 100 });
        var exchange = await rig.SendAsync(rig.Message(
            headers: Asserted, type: "text/plain", body: new string('x', 101)));
        Assert.Equal(413, exchange.Answer!.StatusCode);
    }

    [Fact]
    public async Task Body_NotWellFormed_Rejects400_AndTheWarningSaysWhere()
    {
        var exchange = await _rig.SendAsync(_rig.Message(headers: Asserted, body: "<request"));
        Assert.Equal(400, exchange.Answer!.StatusCode);
        Assert.Equal("The body is not well-formed XML", exchange.Answer.ReasonPhrase);
        Assert.Matches("^399 conf\\.example \"[^\"]*\\(line 1, column \\d+\\)\"$", exchange.Header("Warning"));
    }

    [Fact]
    public async Task Conference_Refuses_EveryReasonHasItsAnswer()
    {
        foreach (var reason in Enum.GetValues<RefuseReason>())
        {
            _rig.Gateway.Refuse(reason, "more \"about\"\r\nX-Injected: yes");
            var exchange = await _rig.SendAsync(_rig.Message(headers: Asserted));
            var (status, _, text) = RefuseReasons.Describe(reason);
            Assert.Equal((status, text), (exchange.Answer!.StatusCode, exchange.Answer.ReasonPhrase));
            Assert.Equal("399 conf.example \"more 'about'??X-Injected: yes\"", exchange.Header("Warning"));
            Assert.Null(exchange.Header("X-Injected"));
            var expected = status switch { 480 => "^[2-4]$", 503 => "^([5-9]|10)$", _ => "^$" };
            Assert.Matches(expected, exchange.Header("Retry-After") ?? "");
        }
    }

    [Fact]
    public async Task Conference_ThatDoesNotAnswer_Gives503WithinTheTimeout()
    {
        _rig.Gateway.Answer = _ => new ValueTask<CommandOutcome>(new TaskCompletionSource<CommandOutcome>().Task);
        var exchange = FakeExchange.From(_rig.Message(headers: Asserted), "192.0.2.1");
        var handled = _rig.Door.HandleAsync(exchange);
        _rig.Time.Advance(TimeSpan.FromMilliseconds(1799));
        Assert.False(exchange.IsAnswered);
        _rig.Time.Advance(TimeSpan.FromMilliseconds(1));
        await handled;
        Assert.Equal(503, exchange.Answer!.StatusCode);
        Assert.Matches("^([5-9]|10)$", exchange.Header("Retry-After"));
    }

    [Fact]
    public async Task Messages_ThatNobodyAnswers_SayNothingAboutQueueing()
    {
        _rig.Gateway.Answer = _ => new ValueTask<CommandOutcome>(new TaskCompletionSource<CommandOutcome>().Task);
        await SendOverAndOverAsync(TimeSpan.FromMilliseconds(1_800));
        Assert.Equal((4096, TimeSpan.Zero), _rig.Admission.Describe());
    }

    [Fact]
    public async Task Messages_ThatAStoreThatFailsKeptWaiting_AreNotTakenForQueueing()
    {
        var waited = TimeSpan.FromMilliseconds(1_200);
        var refused = new CommandOutcome.Refused(RefuseReason.StoreUnavailable) { StoreTime = waited };
        _rig.Gateway.Answer = async _ =>
        {
            await Task.Delay(waited, _rig.Time);
            return refused;
        };
        await SendOverAndOverAsync(waited);
        var (places, wait) = _rig.Admission.Describe();
        Assert.Equal(4096, places);
        Assert.True(wait < TimeSpan.FromMilliseconds(1));
    }

    // Three times 40 at once; the last ones judge what those before them waited.
    private async Task SendOverAndOverAsync(TimeSpan waiting)
    {
        for (var round = 0; round < 3; round++)
        {
            var sent = Enumerable.Range(0, 40)
                .Select(_ => FakeExchange.From(_rig.Message(headers: Asserted), "192.0.2.1").ReadAt(_rig.Time))
                .Select(exchange => _rig.Door.HandleAsync(exchange).AsTask())
                .ToArray();
            _rig.Time.Advance(waiting);
            await Task.WhenAll(sent);
        }
    }

    [Fact]
    public async Task Message_WithALargePage_IsReadOffTheReceiveThread_AndReachesTheConference()
    {
        var content = new byte[200_000];
        var page = new PageDescriptor(
            new PageRef("d", 1), 100, 100, "image/png", content.Length,
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content)));
        var body = FrontDoorRig.Xml(new SharePage(page, 1, 1, content));
        var exchange = await _rig.SendAsync(_rig.Message(headers: Asserted, body: body));
        Assert.Equal(202, exchange.Answer!.StatusCode);
        Assert.IsType<SharePage>(_rig.Gateway.Commands[0].Request.Action);
    }
}
