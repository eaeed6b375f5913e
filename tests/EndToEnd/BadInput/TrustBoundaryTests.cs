using Xunit;

namespace EndToEnd.BadInput;

/// <summary>Who somebody is not, in Ims mode: P-Asserted-Identity of the trust domain counts, nothing else (R8).
/// </summary>
[Collection(ImsAttacks.Name)]
public sealed class TrustBoundaryTests(ImsTarget target)
{
    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task AssertedIdentity_FromAnUntrustedPeer_IsRefused403(string transport)
    {
        using var raw = await RawSip.OpenAsync(transport, target.Server.Sip, ImsTarget.Outside);
        var before = await target.Metrics.RefusedAsync();

        var reply = await target.SendAsync(raw, BadInputTarget.Chair, BadBodies.Request("<end/>"));

        Assert.Equal((403, "This peer is not trusted"), (reply.Status, reply.Reason));
        Assert.Equal("reason=\"untrusted_peer\" 1", await target.Metrics.RefusedSinceAsync(before));
        await target.AssertOthersAreServedAsync();
    }

    [Fact]
    public async Task Datagrams_OfAFloodFromUntrustedPeers_AreNotRead()
    {
        const string NotRead = "conference_as_sip_messages_dropped_total{reason=\"untrusted_source\"}";
        using var raw = await RawSip.OpenAsync("udp", target.Server.Sip, ImsTarget.Outside);
        var before = await target.Metrics.ValueAsync(NotRead);
        for (var number = 0; number < 5_000; number++)
            await raw.SendAsync((Say("x") with { CallId = BadBodies.NewId() }).Text(raw));

        await target.AssertOthersAreServedAsync();
        Assert.True(await target.Metrics.ValueAsync(NotRead) > before);
    }

    [Theory]
    [InlineData("udp", "")]
    [InlineData("tcp", "")]
    [InlineData("udp", "P-Asserted-Identity: \"nobody\" <http://example.org>\r\n")]
    [InlineData("udp", "P-Preferred-Identity: <sip:user1@conference.example>\r\n")]
    [InlineData("tcp", "P-Asserted-Identity: <sip:user1@\r\n")]
    public async Task Request_WithoutAssertedIdentity_IsRefused403(string transport, string header)
    {
        using var raw = await RawSip.OpenAsync(transport, target.Server.Sip);
        var before = await target.Metrics.RefusedAsync();

        var reply = await raw.AskAsync((Say("x") with
        {
            From = target.User(BadInputTarget.Chair),
            MoreHeaders = header,
        }).Text(raw));

        Assert.Equal((403, "No asserted identity"), (reply.Status, reply.Reason));
        Assert.Equal("reason=\"not_asserted\" 1", await target.Metrics.RefusedSinceAsync(before));
        await target.AssertOthersAreServedAsync();
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task From_OfTheChair_GivesAnObserverNoRight(string transport)
    {
        using var raw = await RawSip.OpenAsync(transport, target.Server.Sip);
        var before = await target.Metrics.RefusedAsync();

        var reply = await target.SendAsync(raw, BadInputTarget.Observer, Say("x") with
        {
            From = target.User(BadInputTarget.Chair),
            Body = BadBodies.Request("<end/>"),
        });

        Assert.Equal((403, "Not allowed in this conference"), (reply.Status, reply.Reason));
        Assert.Equal("reason=\"no_right\" 1", await target.Metrics.RefusedSinceAsync(before));
        await target.AssertOthersAreServedAsync();
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task From_OfSomebodyElse_IsNotShownToTheOthers(string transport)
    {
        using var raw = await RawSip.OpenAsync(transport, target.Server.Sip);
        var text = BadBodies.NewId();

        var reply = await target.SendAsync(
            raw, BadInputTarget.Attacker, Say(text) with { From = target.User(BadInputTarget.Chair) });

        Assert.Equal(202, reply.Status);
        var body = await target.SeesAsync(text);
        var said = body[..body.IndexOf(text, StringComparison.Ordinal)];
        Assert.EndsWith($"author=\"{target.User(BadInputTarget.Attacker)}\"", said[..said.LastIndexOf(" request=",
            StringComparison.Ordinal)], StringComparison.Ordinal);
        await target.AssertOthersAreServedAsync();
    }

    private RawMessage Say(string text) => new()
    {
        Target = target.Conference.Value,
        From = target.User(BadInputTarget.Attacker),
        Body = BadBodies.Request($"<say>{text}</say>"),
    };
}
