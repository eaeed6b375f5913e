using Sip.Stack.Messages;
using Tests.Shared;
using Xunit;

namespace EndToEnd.Sipp;

/// <summary>SIPp registers some hundred users with digest while 1 % of all messages are dropped.</summary>
public sealed class SippRegisterTests
{
    private const int Users = 200;
    private const int MembersPerConference = 10;

    [WhenInstalled("sipp")]
    public Task Register_OverUdp_WithLoss_EveryUserHasOneContact_UntilItTakesItAway() => RunAsync(isTcp: false);

    [WhenInstalled("sipp")]
    public Task Register_OverTcp_WithLoss_EveryUserHasOneContact_UntilItTakesItAway() => RunAsync(isTcp: true);

    private static async Task RunAsync(bool isTcp)
    {
        // SIPp 3.6 looks at the first challenge only, and knows MD5.
        string[] options = ["--Standalone:DigestAlgorithms=Md5,Sha256"];
        await using var server = await ServerUnderTest.StartAsync(
            Users, isTcp ? [.. options, SippProcess.ShortT1] : options);
        using var admin = new AdminClient(server);
        var users = Enumerable.Range(1, Users).Select(number => $"user{number}").ToList();
        var port = FreePort.Take();

        var first = await RegisterAsync(server, users, port, isTcp, expires: 600, firstCSeq: 1);
        Assert.All(first.Answers, answer => Assert.InRange(Assert.Single(answer.Contacts).Expires!.Value, 1u, 600u));

        var second = await RegisterAsync(server, users, port, isTcp, expires: 1200, firstCSeq: 1_000);
        Assert.All(second.Answers,
            answer => Assert.InRange(Assert.Single(answer.Contacts).Expires!.Value, 601u, 1200u));

        await using (var members = SippProcess.Start(new SippPlan("deliver", isTcp, port)))
        {
            var conferences = await CreateAsync(admin, "registered", users);
            foreach (var conference in conferences) Assert.Equal(1, await admin.ConfirmedAsync(conference));
            var views = MemberView.All(members.Log);
            Assert.Equal(Users, views.Count);
            Assert.All(views.Values, view => Assert.Equal(1, view.Revision));
        }

        var last = await RegisterAsync(server, users, port, isTcp, expires: 0, firstCSeq: 2_000);
        Assert.All(last.Answers, answer => Assert.Empty(answer.Contacts));
        Assert.Equal(0, await admin.MetricAsync("conference_as_sip_registered_addresses"));
        foreach (var conference in await CreateAsync(admin, "gone", users)) await admin.ParkedAsync(conference);

        Assert.True(first.Lost + second.Lost + last.Lost > 0, "SIPp dropped nothing");
    }

    // The same Call-ID and a higher CSeq for each user each time (RFC 3261 10.2).
    private static async Task<(List<SipMessage> Answers, int Lost)> RegisterAsync(
        ServerUnderTest server, List<string> users, int port, bool isTcp, int expires, int firstCSeq)
    {
        var (log, lost) = await SippProcess.RunAsync(new SippPlan("register", isTcp, port)
        {
            Server = server.Sip,
            Calls = [.. users.Select(user => $"{user};{SippPlan.Authentication(user)}")],
            CallsPerSecond = 200,
            Keys = new Dictionary<string, string> { ["domain"] = server.Domain, ["expires"] = $"{expires}" },
            AuthenticationUri = server.Domain,
            CallId = "%u-register@%s",
            FirstCSeq = firstCSeq,
        });
        var answers = SippLog.Messages(log);
        Assert.Equal(users.Order(), answers.Select(answer => answer.To!.Uri!.User).Order());
        return (answers, lost);
    }

    private static async Task<List<string>> CreateAsync(AdminClient admin, string name, List<string> users)
    {
        var conferences = new List<string>();
        foreach (var members in users.Chunk(MembersPerConference))
            conferences.Add(await admin.CreateAsync($"{name}-{conferences.Count}", members));
        return conferences;
    }
}
