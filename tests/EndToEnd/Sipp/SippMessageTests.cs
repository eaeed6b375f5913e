using Conference.Protocol;
using Conference.Protocol.Requests;
using Tests.Shared;
using Xunit;

namespace EndToEnd.Sipp;

/// <summary>SIPp sends requests as some members and takes the deliveries to all, and drops 1 % of all messages both
/// ways: each request that got its 202 is one event, at every member, in one order (R1, R2, R3).</summary>
public sealed class SippMessageTests
{
    private const int Senders = 6;
    private const int RequestsPerSender = 40;
    private const int RequestsPerSecond = 40;

    [WhenInstalled("sipp")]
    public Task Say_AssertedByTheCore_OverUdp_WithLoss_NothingIsLostOrTwice() => AssertedAsync(isTcp: false);

    [WhenInstalled("sipp")]
    public Task Say_AssertedByTheCore_OverTcp_WithLoss_NothingIsLostOrTwice() => AssertedAsync(isTcp: true);

    [WhenInstalled("sipp")]
    public Task Draw_WithDigest_OverUdp_WithLoss_NothingIsLostOrTwice() => DigestAsync(isTcp: false);

    [WhenInstalled("sipp")]
    public Task Draw_WithDigest_OverTcp_WithLoss_NothingIsLostOrTwice() => DigestAsync(isTcp: true);

    private static async Task AssertedAsync(bool isTcp)
    {
        var core = FreePort.Take();
        string[] options =
        [
            "--Server:Mode=Ims", "--Ims:TrustedPeers=127.0.0.1",
            $"--Ims:ScscfRoute=sip:127.0.0.1:{core}{(isTcp ? ";transport=tcp" : "")}",
        ];
        await using var server = await ServerUnderTest.StartAsync(isTcp ? [.. options, SippProcess.ShortT1] : options);
        using var admin = new AdminClient(server);
        await using var members = SippProcess.Start(new SippPlan("deliver", isTcp, core));
        var users = Enumerable.Range(1, Senders).Select(number => $"user{number}").ToList();
        var conference = await admin.CreateAsync("round", users);
        var begin = await admin.ConfirmedAsync(conference);

        var accepted = await SendAsync(server, isTcp, conference, "request-asserted", users, (user, id) =>
            $"{user};{id};<say>{id} of {user}</say>");

        Assert.Equal(begin + accepted.Count, await admin.ConfirmedAsync(conference));
        AssertSame(accepted, MemberView.All(members.Log, accepted), Senders, isTcp);
        await AssertDroppedAsync(admin, isTcp);
    }

    private static async Task DigestAsync(bool isTcp)
    {
        string[] options = ["--Standalone:DigestAlgorithms=Md5,Sha256"];
        await using var server = await ServerUnderTest.StartAsync(isTcp ? [.. options, SippProcess.ShortT1] : options);
        using var admin = new AdminClient(server);
        var users = Enumerable.Range(2, Senders).Select(number => $"user{number}").ToList();
        var port = FreePort.Take();
        await SippProcess.RunAsync(new SippPlan("register", isTcp, port)
        {
            Server = server.Sip,
            Calls = [.. users.Select(user => $"{user};{SippPlan.Authentication(user)}")],
            Keys = new Dictionary<string, string> { ["domain"] = server.Domain, ["expires"] = "600" },
            AuthenticationUri = server.Domain,
        });
        await using var members = SippProcess.Start(new SippPlan("deliver", isTcp, port));

        // The chair is a client that keeps a board and compares its digest with the server's at each change.
        await using var chair = await server.RegisteredAsync(1);
        var session = await chair.CreateAsync(
            "Round", Enumerable.Range(2, Senders).Select(number => new Invitee(server.User(number))));
        (await session.ShareAsync(TestDocument.Of("drawn", 1, bytes: 200))).OrThrow();
        var conference = session.Uri.Value;
        var begin = await admin.ConfirmedAsync(conference);

        var accepted = await SendAsync(server, isTcp, conference, "request-digest", users, (user, id) =>
            $"{user};{id};<operate document=\"drawn\" page=\"1\"><add id=\"{user}-{id}\" kind=\"line\" "
            + $"points=\"100,100 {200 + id.Length},300\"/></operate>;{SippPlan.Authentication(user)}");

        var last = await admin.ConfirmedAsync(conference);
        Assert.Equal(begin + accepted.Count, last);
        AssertSame(accepted, MemberView.All(members.Log, accepted), Senders, isTcp);
        await session.WaitForRevisionAsync(last, TestParticipants.Patience);
        Assert.Equal(
            accepted.Select(request => $"{NameOf(request.Author)}-{request.Id}").Order(),
            session.Model.BoardOf(new PageRef("drawn", 1)).Marks.Keys.Order());
        Assert.Equal((0, 0), (session.Counters.Gaps, session.Counters.BoardsDiffered));
        await AssertDroppedAsync(admin, isTcp);
    }

    private static async Task<List<AcceptedRequest>> SendAsync(
        ServerUnderTest server, bool isTcp, string conference, string scenario, List<string> users,
        Func<string, string, string> call)
    {
        var calls = Enumerable.Range(0, RequestsPerSender)
            .SelectMany(number => users.Select(user => call(user, $"r-{number}"))).ToList();
        var (log, _) = await SippProcess.RunAsync(new SippPlan(scenario, isTcp, FreePort.Take())
        {
            Server = server.Sip,
            Calls = calls,
            CallsPerSecond = RequestsPerSecond,
            Keys = new Dictionary<string, string> { ["domain"] = server.Domain, ["conference"] = conference },
            AuthenticationUri = conference["sip:".Length..],
        });
        var accepted = SippLog.Accepted(log, server.Domain);
        Assert.Equal(calls.Count, accepted.Count);
        return accepted;
    }

    /// <summary>Each member has each request of the others once, at the revision of its 202, in order.</summary>
    private static void AssertSame(
        List<AcceptedRequest> accepted, Dictionary<ParticipantUri, MemberView> views, int members, bool isTcp)
    {
        Assert.Equal(accepted.Count, accepted.Select(request => request.Revision).Distinct().Count());
        Assert.Equal(accepted.Count, accepted.Select(request => (request.Author, request.Id)).Distinct().Count());
        Assert.Equal(members, views.Count);
        foreach (var (member, view) in views)
        {
            var expected = accepted.Where(request => request.Author != member).OrderBy(request => request.Revision);
            var delivered = view.Events
                .Where(happened => happened.RequestId.StartsWith("r-", StringComparison.Ordinal))
                .Select(happened => new AcceptedRequest(happened.Author, happened.RequestId, happened.Revision));
            Assert.Equal(expected, delivered);

            // An event is sent again only when a transaction ended without an answer: over UDP none does.
            if (!isTcp) Assert.Equal(0, view.Repeated);
        }
    }

    private static async Task AssertDroppedAsync(AdminClient admin, bool isTcp)
    {
        var name = isTcp ? "conference_as_delivery_timeouts_total" : "conference_as_delivery_retransmissions_total";
        Assert.True(await admin.MetricAsync(name) > 0, $"SIPp dropped nothing: {name}");
    }

    private static string NameOf(ParticipantUri user) => user.Value["sip:".Length..user.Value.IndexOf('@')];
}
