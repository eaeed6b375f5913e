using System.Net;
using AppServer.FrontDoor.Admission;
using Sip.Stack.Messages;
using Xunit;

namespace AppServer.Tests.FrontDoor.Admission;

public sealed class AdmissionKeysTests
{
    private static readonly IPAddress Source = IPAddress.Parse("192.0.2.1");

    [Fact]
    public void Sender_OfTwoRequestsOfOneUser_IsTheSame() => Assert.Equal(
        Sender("From: \"Al\" <sip:al@x>;tag=1"), Sender("From: <sip:al@x>;tag=2"));

    [Theory]
    [InlineData("From: <sip:bo@x>;tag=1", "192.0.2.1")]
    [InlineData("From: <sip:al@x>;tag=1", "192.0.2.2")] // nobody can take places from somebody elsewhere
    [InlineData("From: <sip:al@x>;tag=1\nP-Asserted-Identity: <sip:bo@x>", "192.0.2.1")]
    public void Sender_OfAnotherUserOrPlace_Differs(string headers, string source) => Assert.NotEqual(
        Sender("From: <sip:al@x>;tag=1"),
        AdmissionKeys.Sender(Request(headers), IPAddress.Parse(source), isAsserted: true));

    [Fact]
    public void Sender_IsTheAssertedOneWhateverFromSays() => Assert.Equal(
        Sender("From: <sip:anonymous@anonymous.invalid>;tag=1\nP-Asserted-Identity: \"Al\" <sip:al@x>"),
        Sender("From: <sip:other@x>;tag=2\nP-Asserted-Identity: <sip:al@x>"));

    [Theory]
    [InlineData("sip:al@x;tag=1")]
    [InlineData("<sip:al@x")]
    [InlineData("> <")]
    [InlineData("")]
    public void Sender_OfAnythingWritten_IsFound(string from) => Sender($"From: {from}");

    [Theory]
    [InlineData("application/vnd.ims-conference+xml", false)]
    [InlineData("Application/VND.ims-conference+xml;charset=utf-8", false)]
    [InlineData("text/plain", true)] // a chat line, whatever it says
    [InlineData("TEXT/plain", true)]
    [InlineData("message/imdn+xml", true)]
    [InlineData("application/xml", true)]
    public void IsDrawing_OfAnotherTypeThanOurs_IsTrue(string type, bool expected) => Assert.Equal(
        expected,
        AdmissionKeys.IsDrawing(
            Request($"From: <sip:al@x>\nContent-Type: {type}", "<request id='1'><turn/></request>")));

    [Fact]
    public void IsDrawing_WithoutAType_IsTrue() =>
        Assert.True(AdmissionKeys.IsDrawing(Request("From: <sip:al@x>", "<request id='1'><turn/></request>")));

    [Fact]
    public void Sender_WhereNothingIsAsserted_IsFrom() => Assert.Equal(
        AdmissionKeys.Sender(Request("From: <sip:al@x>\nP-Asserted-Identity: <sip:bo@x>"), Source, isAsserted: false),
        AdmissionKeys.Sender(Request("From: <sip:al@x>"), Source, isAsserted: false));

    private static int Sender(string headers) => AdmissionKeys.Sender(Request(headers), Source, isAsserted: true);

    // Malformed ones, too: read to be refused.
    private static SipRequest Request(string headers, string body = "")
    {
        var text = $"MESSAGE sip:conf-a@x SIP/2.0\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\n{headers}\nTo: <sip:conf-a@x>\n"
            + $"Call-ID: c\nCSeq: 1 MESSAGE\nContent-Length: {body.Length}\n\n{body}";
        var bytes = System.Text.Encoding.ASCII.GetBytes(text.ReplaceLineEndings("\r\n"));
        SipMessageReader.TryRead(bytes, SipParseLimits.Default, out var read);
        if (read is SipRequest request) return request;
        Assert.True(SipMessageReader.TryReadForRefusal(bytes, SipParseLimits.Default, out var malformed));
        return malformed!;
    }
}
