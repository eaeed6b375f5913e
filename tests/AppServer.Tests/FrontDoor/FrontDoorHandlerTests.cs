using System.Globalization;
using AppServer.Configuration;
using AppServer.Lifetime;
using AppServer.Tests.Fakes;
using Xunit;

namespace AppServer.Tests.FrontDoor;

public sealed class FrontDoorHandlerTests
{
    [Fact]
    public async Task Message_WhileDraining_Rejects503WithRetryAfter()
    {
        using var rig = new FrontDoorRig(ServerMode.Ims);
        rig.Status.Enter(ServerPhase.Draining);
        var exchange = await rig.SendAsync(Ims(rig));
        Assert.Equal(503, exchange.Answer!.StatusCode);
        Assert.InRange(int.Parse(exchange.Header("Retry-After")!, CultureInfo.InvariantCulture), 5, 10);
        Assert.Empty(rig.Gateway.Commands);
    }

    [Fact]
    public async Task Message_WhileLeaving_IsStillServed()
    {
        using var rig = new FrontDoorRig(ServerMode.Ims);
        rig.Status.Enter(ServerPhase.Leaving);
        Assert.Equal(202, (await rig.SendAsync(Ims(rig))).Answer!.StatusCode);
    }

    [Fact]
    public async Task Message_BeyondTheLimitUnderWay_Rejects503_AndOthersGoOn()
    {
        using var rig = new FrontDoorRig(ServerMode.Ims, new FrontDoorOptions { RequestsMax = 1 });
        var pending = new TaskCompletionSource<Conference.Actors.Focus.CommandOutcome>();
        rig.Gateway.Answer = _ => new ValueTask<Conference.Actors.Focus.CommandOutcome>(pending.Task);
        var first = FakeExchange.From(Ims(rig), "192.0.2.1");
        var handled = rig.Door.HandleAsync(first);
        Assert.False(rig.Door.IsSettled);

        var second = await rig.SendAsync(Ims(rig));
        Assert.Equal(503, second.Answer!.StatusCode);
        Assert.Equal("The server is overloaded", second.Answer.ReasonPhrase);

        pending.SetResult(new Conference.Actors.Focus.CommandOutcome.Accepted(1));
        await handled;
        Assert.Equal(202, first.Answer!.StatusCode);
        Assert.True(rig.Door.IsSettled);
    }

    [Theory]
    [InlineData("OPTIONS")]
    [InlineData("REGISTER")] // of the S-CSCF, which may throw the user out
    [InlineData("BYE")]
    public async Task MethodThatIsExempt_BeyondTheLimitUnderWay_IsNotRefusedBeforeThereAreTwiceAsMany(string method)
    {
        using var rig = new FrontDoorRig(ServerMode.Ims, new FrontDoorOptions { RequestsMax = 1 });
        var message = FakeExchange.From(Ims(rig), "192.0.2.1");
        for (var i = 0; i < 3; i++) rig.Admission.Enter(message.Request, message.Peer);
        var exempt = FakeExchange.From(rig.Message(method: method), "192.0.2.1");
        Assert.NotEqual(503, (await rig.SendAsync(rig.Message(method: method))).Answer!.StatusCode);
        rig.Admission.Enter(exempt.Request, exempt.Peer);
        Assert.NotEqual(503, (await rig.SendAsync(rig.Message(method: method))).Answer!.StatusCode);
        rig.Admission.Enter(exempt.Request, exempt.Peer);
        Assert.Equal(503, (await rig.SendAsync(rig.Message(method: method))).Answer!.StatusCode);
    }

    [Fact]
    public async Task Message_WhileExemptRequestsAreUnderWay_IsNotRefusedForThem()
    {
        using var rig = new FrontDoorRig(ServerMode.Ims, new FrontDoorOptions { RequestsMax = 1 });
        var exempt = FakeExchange.From(rig.Message(method: "REGISTER"), "192.0.2.1");
        for (var i = 0; i < 5; i++) rig.Admission.Enter(exempt.Request, exempt.Peer);
        Assert.Equal(202, (await rig.SendAsync(Ims(rig))).Answer!.StatusCode);
    }

    [Fact]
    public async Task Message_WhoseHandlingThrows_Gets500_AndIsSettled()
    {
        using var rig = new FrontDoorRig(ServerMode.Ims);
        rig.Gateway.Answer = _ => throw new InvalidOperationException("bug");
        var exchange = await rig.SendAsync(Ims(rig));
        Assert.Equal(500, exchange.Answer!.StatusCode);
        Assert.DoesNotContain("bug", exchange.Header("Warning"), StringComparison.Ordinal);
        Assert.True(rig.Door.IsSettled);
    }

    [Theory]
    [InlineData("MESSAGE")]
    [InlineData("REGISTER")]
    [InlineData("OPTIONS")]
    [InlineData("INVITE")]
    public async Task AnyRequest_FromUntrustedPeer_Rejects403(string method)
    {
        using var rig = new FrontDoorRig(ServerMode.Ims);
        var message = rig.Message(method: method, headers: "P-Asserted-Identity: <sip:alice@conf.example>");
        var exchange = await rig.SendAsync(message, peer: "198.51.100.1");
        Assert.Equal(403, exchange.Answer!.StatusCode);
        Assert.Equal("399 conf.example \"This peer is not trusted\"", exchange.Header("Warning"));
        Assert.Empty(rig.Gateway.Commands);
        Assert.Empty(rig.Gateway.Reachable);
    }

    [Theory]
    [InlineData("::ffff:192.0.2.9", 202)]
    [InlineData("192.0.3.1", 403)]
    [InlineData("2001:db8::1", 403)]
    public async Task Message_FromPeer_IsJudgedByItsAddress(string peer, int status)
    {
        using var rig = new FrontDoorRig(ServerMode.Ims);
        Assert.Equal(status, (await rig.SendAsync(Ims(rig), peer)).Answer!.StatusCode);
    }

    [Fact]
    public async Task Options_IsAnsweredWithCapabilities()
    {
        using var rig = new FrontDoorRig(ServerMode.Standalone);
        var exchange = await rig.SendAsync(rig.Message(method: "OPTIONS", type: "text/plain", body: "x"));
        Assert.Equal(200, exchange.Answer!.StatusCode);
        Assert.Contains("MESSAGE", exchange.Header("Allow"), StringComparison.Ordinal);
        Assert.Contains("application/vnd.ims-conference+xml", exchange.Header("Accept"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SUBSCRIBE", 405, "Allow")]
    [InlineData("FROBNICATE", 501, "Allow")]
    public async Task Method_NotOffered_IsRefusedWithAllow(string method, int status, string header)
    {
        using var rig = new FrontDoorRig(ServerMode.Standalone);
        var exchange = await rig.SendAsync(rig.Message(method: method));
        Assert.Equal(status, exchange.Answer!.StatusCode);
        Assert.NotNull(exchange.Header(header));
    }

    [Fact]
    public async Task Message_MergedOrInUnknownDialogOrWithUnknownExtension_IsRefusedAsTheRfcSays()
    {
        using var rig = new FrontDoorRig(ServerMode.Ims);
        Assert.Equal(482, (await rig.SendAsync(Ims(rig), isMerged: true)).Answer!.StatusCode);
        var inDialog = Ims(rig).Replace(
            "To: <sip:conf-lobby@conf.example>", "To: <sip:a@b>;tag=9", StringComparison.Ordinal);
        Assert.Equal(481, (await rig.SendAsync(inDialog)).Answer!.StatusCode);
        var extension = await rig.SendAsync(FrontDoorRig.WithHeader(Ims(rig), "Require: teleport"));
        Assert.Equal(420, extension.Answer!.StatusCode);
        Assert.Equal("teleport", extension.Header("Unsupported"));
        var spent = Ims(rig).Replace("Max-Forwards: 70", "Max-Forwards: 0", StringComparison.Ordinal);
        Assert.Equal(483, (await rig.SendAsync(spent)).Answer!.StatusCode);
    }

    private static string Ims(FrontDoorRig rig) =>
        rig.Message(headers: "P-Asserted-Identity: <sip:alice@conf.example>");
}
