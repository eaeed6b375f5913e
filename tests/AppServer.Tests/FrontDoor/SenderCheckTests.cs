using AppServer.Configuration;
using AppServer.Tests.Fakes;
using Xunit;

namespace AppServer.Tests.FrontDoor;

/// <summary>The trust boundary of both modes (R8), attacked.</summary>
public sealed class SenderCheckTests
{
    [Fact]
    public async Task Message_WithoutCredentials_IsChallenged_WithBothAlgorithms()
    {
        using var rig = new FrontDoorRig(ServerMode.Standalone);
        var exchange = await rig.SendOnceAsync(rig.Message());
        Assert.Equal(401, exchange.Answer!.StatusCode);
        Assert.Contains("SHA-256", exchange.Header("WWW-Authenticate"), StringComparison.Ordinal);
        Assert.Empty(rig.Gateway.Reachable);
    }

    [Fact]
    public async Task Message_WithTheRightPassword_IsFromThatUser()
    {
        using var rig = new FrontDoorRig(ServerMode.Standalone);
        var exchange = await rig.SendAsync(rig.Message());
        Assert.Equal(202, exchange.Answer!.StatusCode);
        Assert.Equal("sip:alice@conf.example", rig.Gateway.Commands[0].Sender.Value);
    }

    [Theory]
    [InlineData("sip:alice@127.0.0.1")] // an alias of the domain
    [InlineData("sip:alice@CONF.example:5060;transport=tcp")]
    public async Task Message_FromTheUserInAnotherSpelling_IsAccepted(string from)
    {
        using var rig = new FrontDoorRig(ServerMode.Standalone);
        var exchange = await rig.SendAsync(rig.Message(from: from));
        Assert.Equal(202, exchange.Answer!.StatusCode);
        Assert.Equal("sip:alice@conf.example", rig.Gateway.Commands[0].Sender.Value);
    }

    [Theory]
    [InlineData("sip:bob@conf.example")]
    [InlineData("sip:alice@elsewhere.example")]
    [InlineData("sip:Alice@conf.example")]
    [InlineData("tel:+15550001")]
    public async Task Message_WithSpoofedFrom_Rejects403(string from)
    {
        using var rig = new FrontDoorRig(ServerMode.Standalone);
        var exchange = await rig.SendAsync(rig.Message(from: from));
        Assert.Equal((403, "From is not the authenticated user"),
            (exchange.Answer!.StatusCode, exchange.Answer.ReasonPhrase));
        Assert.Empty(rig.Gateway.Commands);
        Assert.Empty(rig.Gateway.Reachable);
    }

    [Fact]
    public async Task Message_InStandaloneMode_AssertedIdentityIsNotBelieved()
    {
        using var rig = new FrontDoorRig(ServerMode.Standalone);
        await rig.SendAsync(rig.Message(headers: "P-Asserted-Identity: <sip:bob@conf.example>"));
        Assert.Equal("sip:alice@conf.example", rig.Gateway.Commands[0].Sender.Value);
    }

    [Fact]
    public async Task Message_WithTheSameCredentialsAgain_IsChallengedAnew()
    {
        using var rig = new FrontDoorRig(ServerMode.Standalone);
        var message = rig.Message();
        var challenged = await rig.SendOnceAsync(message);
        var authorised = rig.Authorise(message, challenged);
        Assert.Equal(202, (await rig.SendOnceAsync(authorised)).Answer!.StatusCode);
        var replayed = await rig.SendOnceAsync(authorised.Replace("z9hG4bK", "z9hG4bKx", StringComparison.Ordinal));
        Assert.Equal(401, replayed.Answer!.StatusCode);
        Assert.Single(rig.Gateway.Commands);
    }

    [Fact]
    public async Task Message_WithAWrongPassword_IsRefused_AndGuessingEnds()
    {
        using var rig = new FrontDoorRig(ServerMode.Standalone);
        var statuses = new List<int>();
        for (var i = 0; i < 30; i++)
        {
            var message = rig.Message();
            var challenged = await rig.SendOnceAsync(message);
            if (challenged.Answer!.StatusCode != 401) break;
            var wrong = rig.Authorise(message, challenged)
                .Replace("response=\"", "response=\"00", StringComparison.Ordinal);
            statuses.Add((await rig.SendOnceAsync(wrong)).Answer!.StatusCode);
        }

        Assert.Equal(401, statuses[0]);
        Assert.Equal(403, statuses[^1]);
        Assert.Empty(rig.Gateway.Commands);
    }

    [Theory]
    [InlineData("X-Nothing: here")]
    [InlineData("P-Preferred-Identity: <sip:alice@conf.example>")]
    [InlineData("P-Asserted-Identity: <mailto:alice@conf.example>")]
    public async Task Message_WithoutAssertedIdentity_Rejects403(string header)
    {
        using var rig = new FrontDoorRig(ServerMode.Ims);
        var exchange = await rig.SendAsync(rig.Message(headers: header));
        Assert.Equal((403, "No asserted identity"), (exchange.Answer!.StatusCode, exchange.Answer.ReasonPhrase));
    }

    [Theory]
    [InlineData("P-Asserted-Identity: <tel:+1-555-0001>, \"Alice\" <sip:alice@ims.example>", "sip:alice@ims.example")]
    [InlineData("P-Asserted-Identity: <tel:+1-555-0001>", "tel:+15550001")]
    public async Task Message_AssertedIdentity_TheSipOneCounts_FromDoesNot(string header, string sender)
    {
        using var rig = new FrontDoorRig(ServerMode.Ims);
        await rig.SendAsync(rig.Message(from: "sip:mallory@evil.example", headers: header));
        Assert.Equal(sender, rig.Gateway.Commands[0].Sender.Value);
    }
}
