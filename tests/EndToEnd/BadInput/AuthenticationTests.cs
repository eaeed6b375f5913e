using Xunit;

namespace EndToEnd.BadInput;

/// <summary>Who somebody is not, in Standalone mode: the password counts, not From, nor any other header.</summary>
[Collection(StandaloneAttacks.Name)]
public sealed class AuthenticationTests(StandaloneTarget target)
{
    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task From_OfSomebodyElse_IsRefused403(string transport)
    {
        using var raw = await RawSip.OpenAsync(transport, target.Server.Sip);
        await target.CredentialsAsync(raw, BadInputTarget.Attacker, target.Conference.Value);
        var before = await target.Metrics.RefusedAsync();

        var reply = await target.SendAsync(
            raw, BadInputTarget.Attacker, Say() with { From = target.User(BadInputTarget.Chair) });

        Assert.Equal((403, "From is not the authenticated user"), (reply.Status, reply.Reason));
        Assert.Equal("reason=\"from_mismatch\" 1", await target.Metrics.RefusedSinceAsync(before));
        await target.AssertOthersAreServedAsync();
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task Password_ThatIsWrong_IsRefused401WithANewChallenge(string transport)
    {
        using var raw = await RawSip.OpenAsync(transport, target.Server.Sip);
        var right = await target.CredentialsAsync(raw, BadInputTarget.Attacker, target.Conference.Value);
        var at = right.IndexOf("response=\"", StringComparison.Ordinal) + 10;
        var digit = right[at] == '0' ? '1' : '0';
        var wrong = right[..at] + digit + right[(at + 1)..];
        var before = await target.Metrics.RefusedAsync();

        var reply = await raw.AskAsync((Say() with { MoreHeaders = wrong }).Text(raw));

        Assert.Equal((401, "Unauthorized"), (reply.Status, reply.Reason));
        Assert.NotEmpty(reply.Values("WWW-Authenticate"));
        Assert.DoesNotContain("stale=true", reply.Head, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("reason=\"digest_wrong_credentials\" 1", await target.Metrics.RefusedSinceAsync(before));
        await target.AssertOthersAreServedAsync();
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task Credentials_ThatWereOverheard_AreRefused401TheSecondTime(string transport)
    {
        using var raw = await RawSip.OpenAsync(transport, target.Server.Sip);
        var (message, first) = await SayAsync(raw);
        for (var attempt = 1; first.Status == 503 && attempt < 50; attempt++) // the store was slow for a moment
            (message, first) = await SayAsync(raw);
        Assert.Equal(202, first.Status);
        var before = await target.Metrics.RefusedAsync();

        using var thief = await RawSip.OpenAsync(transport, target.Server.Sip, "127.0.0.3");
        var again = message with { Body = BadBodies.Request("<say>stolen</say>"), CallId = BadBodies.NewId() };
        var reply = await thief.AskAsync(again.Text(thief));

        Assert.Equal((401, "Unauthorized"), (reply.Status, reply.Reason));
        Assert.Equal("reason=\"digest_replayed\" 1", await target.Metrics.RefusedSinceAsync(before));
        await target.AssertOthersAreServedAsync();
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task AssertedIdentity_WithoutPassword_IsNobody(string transport)
    {
        using var raw = await RawSip.OpenAsync(transport, target.Server.Sip);
        var series = "conference_as_sip_digest_outcomes_total{outcome=\"no_credentials\"}";
        var before = await target.Metrics.ValueAsync(series);
        var accepted = await target.Metrics.ValueAsync("conference_as_requests_accepted_total{kind=\"request\"}");

        var reply = await raw.AskAsync((Say() with
        {
            MoreHeaders = $"P-Asserted-Identity: <{target.User(BadInputTarget.Chair)}>\r\n",
        }).Text(raw));

        Assert.Equal(401, reply.Status);
        Assert.Equal(before + 1, await target.Metrics.ValueAsync(series));
        Assert.Equal(
            accepted, await target.Metrics.ValueAsync("conference_as_requests_accepted_total{kind=\"request\"}"));
        await target.AssertOthersAreServedAsync();
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task AssertedIdentity_OfTheChair_GivesAnObserverNoRight(string transport)
    {
        using var raw = await RawSip.OpenAsync(transport, target.Server.Sip);
        await target.CredentialsAsync(raw, BadInputTarget.Observer, target.Conference.Value);
        var before = await target.Metrics.RefusedAsync();

        var reply = await target.SendAsync(raw, BadInputTarget.Observer, new RawMessage
        {
            Target = target.Conference.Value,
            From = target.User(BadInputTarget.Observer),
            Body = BadBodies.Request("<end/>"),
            MoreHeaders = $"P-Asserted-Identity: <{target.User(BadInputTarget.Chair)}>\r\n",
        });

        Assert.Equal((403, "Not allowed in this conference"), (reply.Status, reply.Reason));
        Assert.Equal("reason=\"no_right\" 1", await target.Metrics.RefusedSinceAsync(before));
        await target.AssertOthersAreServedAsync();
    }

    private async Task<(RawMessage Sent, RawReply Reply)> SayAsync(RawSip raw)
    {
        var credentials = await target.CredentialsAsync(raw, BadInputTarget.Attacker, target.Conference.Value);
        var message = Say() with { MoreHeaders = credentials };
        return (message, await raw.AskAsync(message.Text(raw)));
    }

    private RawMessage Say() => new()
    {
        Target = target.Conference.Value,
        From = target.User(BadInputTarget.Attacker),
        Body = BadBodies.Request("<say>x</say>"),
    };
}
