using System.Text;
using Conference.Client.Pages;
using Conference.Client.Requests;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Requests;
using Conference.Protocol.Xml;
using Sip.Stack.Transport;
using Tests.Shared;
using Xunit;
using static Conference.Client.Tests.ModelData;

namespace Conference.Client.Tests;

public sealed class ConferenceClientTests
{
    [Theory]
    [InlineData(SipTransportKind.Udp)]
    [InlineData(SipTransportKind.Tcp)]
    public async Task Register_Challenged_AnswersWithDigest(SipTransportKind transport)
    {
        await using var server = await FakeServer.StartAsync();
        server.Challenges = true;
        await using var client = await StartAsync(server, transport);

        var result = await client.RegisterAsync();

        Assert.True(result.IsRegistered, result.Reason);
        Assert.Equal(TimeSpan.FromSeconds(60), result.Lifetime);
        Assert.Equal(1, server.Registrations);
    }

    [Fact]
    public async Task Register_WithoutPassword_IsNotRegistered()
    {
        await using var server = await FakeServer.StartAsync();
        server.Challenges = true;
        await using var client = await StartAsync(server, SipTransportKind.Udp, password: null);

        var result = await client.RegisterAsync();

        Assert.Equal((false, 401), (result.IsRegistered, result.Status));
        Assert.Throws<InvalidOperationException>(() => result.OrThrow());
    }

    [Theory]
    [InlineData(SipTransportKind.Udp)]
    [InlineData(SipTransportKind.Tcp)]
    public async Task Create_JoinsAndTakesTheSnapshot(SipTransportKind transport)
    {
        await using var server = await FakeServer.StartAsync();
        await using var client = await StartAsync(server, transport);
        await client.RegisterAsync();

        var creating = client.CreateAsync("Ward round", [new Invitee(Ana)], Rights.Draw);
        var create = Assert.IsType<CreateConference>((await server.NextAsync()).Action);
        var join = Assert.IsType<JoinConference>((await server.NextAsync()).Action);
        var status = await server.SendAsync(SnapshotOf(AfterCreation() with { Revision = 2 }));
        var session = await creating;

        Assert.Equal(("Ward round", 200, true), (create.Subject, status, join.WantsOwnEvents));
        Assert.Equal((Here, 2L), (session.Uri, session.Model.Revision));
    }

    [Fact]
    public async Task Notification_IsAppliedBeforeItIsAnswered()
    {
        await using var server = await FakeServer.StartAsync();
        await using var client = await StartAsync(server, SipTransportKind.Udp);
        await client.RegisterAsync();
        ConferenceSession? invited = null;
        client.Invited += session => invited = session;

        Assert.Equal(200, await server.SendAsync(Notify(Created())));

        Assert.Equal(1, invited!.Model.Revision);
    }

    [Fact]
    public async Task Request_RefusedForNow_IsRepeatedWithTheSameId()
    {
        await using var server = await FakeServer.StartAsync();
        await using var client = await StartAsync(server, SipTransportKind.Udp);
        server.Refusals.Enqueue((503, "1"));
        server.Refusals.Enqueue((480, null));
        server.Refusals.Enqueue((500, null));

        var result = await client.Follow(Here).SayAsync("hello");

        Assert.Equal((RequestOutcome.Accepted, 4, 2L), (result.Outcome, result.Attempts, result.Revision));
        var first = await server.NextAsync();
        for (var i = 1; i < 4; i++) Assert.Equal(first, await server.NextAsync());
        Assert.Equal(result.RequestId, first.Id);
    }

    [Fact]
    public async Task PageRequest_IsAnsweredFromTheSourceInParts()
    {
        await using var server = await FakeServer.StartAsync();
        await using var client = await StartAsync(server, SipTransportKind.Tcp);
        await client.RegisterAsync();
        var content = new byte[2_500];
        new Random(1).NextBytes(content);
        var source = new MemoryPageSource("doc", "Case", [new PageImage(10, 20, MediaTypes.Png, content)]);
        (await client.Follow(Here).ShareAsync(source, pagesNow: 0)).OrThrow();
        Assert.Equal(new ShareDocument("doc", "Case", 1), (await server.NextAsync()).Action);

        await server.SendAsync(new PageRequest(Here, [Page, new PageRef("other", 7)]));

        var parts = new List<SharePage>();
        PageUnavailable? unavailable = null;
        while (parts.Count < 3 || unavailable is null)
        {
            var action = (await server.NextAsync()).Action;
            if (action is SharePage part) parts.Add(part);
            else unavailable = Assert.IsType<PageUnavailable>(action);
        }

        Assert.Equal(content, parts.OrderBy(part => part.Part).SelectMany(part => part.Content.ToArray()));
        Assert.All(parts, part => Assert.Equal((3, ContentDigest.OfHex(content)), (part.Parts, part.Page.Digest)));
        Assert.Equal("other", unavailable.Page.DocumentId);
    }

    [Theory]
    [InlineData("MESSAGE", MediaTypes.ConferenceXml, "<not xml", 400)]
    [InlineData("MESSAGE", "application/pdf", "x", 415)]
    [InlineData("MESSAGE", MediaTypes.PlainText, "hello", 200)]
    [InlineData("OPTIONS", null, "", 200)]
    [InlineData("INFO", null, "", 405)]
    public async Task Message_OfAnyKind_GetsItsStatus(string method, string? type, string body, int status)
    {
        await using var server = await FakeServer.StartAsync();
        await using var client = await StartAsync(server, SipTransportKind.Udp);
        await client.RegisterAsync();
        var text = string.Empty;
        client.TextReceived += notice => text = notice;

        Assert.Equal(status, await server.SendAsync(method, type, Encoding.UTF8.GetBytes(body)));

        Assert.Equal(type == MediaTypes.PlainText ? body : string.Empty, text);
    }

    [Fact]
    public async Task Session_EndedByItsUser_IsForgottenAndMayBeFollowedAgain()
    {
        await using var server = await FakeServer.StartAsync();
        await using var client = await StartAsync(server, SipTransportKind.Udp);
        await client.RegisterAsync();
        var ended = client.Follow(Here);

        await ended.DisposeAsync();
        Assert.Empty(client.Sessions);
        Assert.Equal(200, await server.SendAsync(Notify(Created())));

        var session = client.Follow(Here);
        Assert.NotSame(ended, session);
        Assert.Equal((0L, 1L), (ended.Model.Revision, session.Model.Revision));
        Assert.True((await session.SayAsync("back")).IsAccepted);
    }

    private static async Task<ConferenceClient> StartAsync(
        FakeServer server, SipTransportKind transport, string? password = "secret")
    {
        var client = new ConferenceClient(new ConferenceClientOptions
        {
            Identity = Ana,
            Password = password,
            Server = server.Address,
            Transport = transport,
            SystemCalls = SystemCallsUnderTest.Chosen,
            PartBytesMax = 1_000,
            Retry = new RetryOptions { FirstDelay = TimeSpan.Zero, DelayMax = TimeSpan.FromMilliseconds(1) },
            FollowUpTimeout = TimeSpan.FromMinutes(1),
        });
        await client.StartAsync();
        return client;
    }
}
