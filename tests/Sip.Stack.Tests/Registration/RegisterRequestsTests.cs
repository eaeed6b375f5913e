using Sip.Stack.Messages;
using Sip.Stack.Registration;

namespace Sip.Stack.Tests.Registration;

public sealed class RegisterRequestsTests
{
    private static SipRequest ThirdParty(string to, string associated, string expires = "Expires: 720") =>
        SipText.ParseRequest($"""
            REGISTER sip:127.0.0.30:5060 SIP/2.0
            Via: SIP/2.0/UDP 127.0.0.12;branch=z9hG4bKea09.72169467000000000000000000000000.0
            To: {to}
            From: <sip:127.0.0.12:5060>;tag=128db0869d012b9c2adee6bf7dd80e74-f165a029
            CSeq: 10 REGISTER
            Call-ID: 36d1fe9703dc12a7-32743@127.0.0.12
            Content-Length: 0
            Event: registration
            Max-Forwards: 10
            {expires}
            Path: <sip:127.0.0.12:5060;lr>,<sip:term@127.0.0.10:5060;lr;received=sip:127.0.0.41:53976%3btransport%3dudp>
            Contact: <sip:127.0.0.12:5060>
            P-Visited-Network-ID: "ims.example"
            P-Associated-URI: {associated}


            """);

    [Fact] // Kamailio closes the bracket behind the last identity
    public void TryReadReport_OfMalformedBrackets_FindsAllIdentities()
    {
        var request = ThirdParty("<sip:alice@IMS.example>", "<sip:alice@ims.example, tel:+1-555-0001>");

        Assert.True(RegisterRequests.TryReadReport(request, out var report));
        Assert.Equal("sip:alice@ims.example", report.Identity);
        Assert.Equal(["sip:alice@ims.example", "tel:+15550001"], report.Associated);
        Assert.Equal(720u, report.Expires);
        Assert.Equal("36d1fe9703dc12a7-32743@127.0.0.12", report.CallId);
        Assert.Equal("z9hG4bKea09.72169467000000000000000000000000.0", report.Branch);
    }

    [Theory]
    [InlineData("Expires: 0", 0u)]
    [InlineData("X-Expires: 1", null)]
    public void TryReadReport_OfExpiry_TellsZeroFromNone(string line, uint? expected)
    {
        Assert.True(RegisterRequests.TryReadReport(
            ThirdParty("<sip:alice@ims.example>", "<sip:alice@ims.example>", line), out var report));
        Assert.Equal(expected, report.Expires);
    }

    [Fact]
    public void TryReadReport_OfToWithoutIdentity_IsFalse() =>
        Assert.False(RegisterRequests.TryReadReport(ThirdParty("<urn:service:sos>", "<sip:a@b>"), out _));

    [Fact]
    public void Build_OfReport_AnswersAsTheCaptureDid()
    {
        var request = ThirdParty("<sip:alice@ims.example>", "<sip:alice@ims.example>");

        var response = SipText.Response(RegisterResponses.Build(request, ThirdPartyOutcome.Registered, 10));

        Assert.Equal((200, 720u), (response.StatusCode, response.Expires));
        Assert.Equal("<sip:127.0.0.12:5060>", Assert.Single(response.Contacts).ToString());
    }

    [Fact]
    public void Build_OfFullTable_Is503WithRetryAfter()
    {
        var request = ThirdParty("<sip:alice@ims.example>", "<sip:alice@ims.example>");

        var response = SipText.Response(RegisterResponses.Build(request, ThirdPartyOutcome.TableFull, 10));

        Assert.Equal((503, "10"), (response.StatusCode, response.Headers.GetText(SipHeaderName.RetryAfter)));
    }
}
