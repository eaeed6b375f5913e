using AppServer.Configuration;
using AppServer.Tests.Fakes;
using Xunit;

namespace AppServer.Tests.FrontDoor;

public sealed class ThirdPartyRegisterDeskTests : IDisposable
{
    private readonly FrontDoorRig _rig = new(ServerMode.Ims);

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Report_OfTheScscf_IsAnswered200WithExpires_AndKept()
    {
        var exchange = await _rig.SendAsync(Report("call-a", "Expires: 720"));
        Assert.Equal(200, exchange.Answer!.StatusCode);
        Assert.Equal("720", exchange.Header("Expires"));
        Assert.Equal("tag", exchange.Answer.To!.Tag);
        Assert.True(_rig.ThirdParty.IsRegistered("sip:alice@ims.example"));
        Assert.True(_rig.ThirdParty.IsRegistered("tel:+15550001")); // from a malformed P-Associated-URI
    }

    [Fact]
    public async Task Report_WithExpires0_TakesTheRegistrationBack()
    {
        await _rig.SendAsync(Report("call-a", "Expires: 720"));
        var exchange = await _rig.SendAsync(Report("call-b", "Expires: 0"));
        Assert.Equal(200, exchange.Answer!.StatusCode);
        Assert.False(_rig.ThirdParty.IsRegistered("sip:alice@ims.example"));
    }

    [Fact]
    public async Task Report_FromElsewhere_ChangesNothing()
    {
        var exchange = await _rig.SendAsync(Report("call-a", "Expires: 720"), peer: "198.51.100.1");
        Assert.Equal(403, exchange.Answer!.StatusCode);
        Assert.False(_rig.ThirdParty.IsRegistered("sip:alice@ims.example"));
    }

    private static string Report(string callId, string header) => $"""
        REGISTER sip:192.0.2.9:5060 SIP/2.0
        Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK{callId}
        To: <sip:alice@ims.example>
        From: <sip:192.0.2.1:5060>;tag=128db0869d01
        CSeq: 10 REGISTER
        Call-ID: {callId}
        Content-Length: 0
        Event: registration
        Max-Forwards: 10
        {header}
        Path: <sip:192.0.2.1:5060;lr>,<sip:term@192.0.2.2:5060;lr>
        Contact: <sip:192.0.2.1:5060>
        P-Associated-URI: <sip:alice@ims.example, tel:+15550001>


        """;
}
