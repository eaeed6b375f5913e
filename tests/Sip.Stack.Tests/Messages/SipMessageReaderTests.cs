using System.Text;
using Sip.Stack.Messages;

namespace Sip.Stack.Tests.Messages;

public sealed class SipMessageReaderTests
{
    private const string ViaLine = "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1";
    private const string FromLine = "From: <sip:alice@example.com>;tag=a1";
    private const string ToLine = "To: <sip:conf-1@conf.example>";

    [Theory]
    [InlineData(ViaLine, "Via: SIP/2.0/UDP 192.0.2.1;;,;,,", SipParseOutcome.BadVia)]
    [InlineData(ViaLine, "Via: SIP/2.0/UDP", SipParseOutcome.BadVia)]
    [InlineData(ViaLine, "Via: SIP/2.0/UDP 192.0.2.1:0", SipParseOutcome.BadVia)]
    [InlineData(ViaLine, "Via: SIP/2.0/UDP 192.0.2.1:65536", SipParseOutcome.BadVia)]
    [InlineData(ViaLine, "Via: SIP/2.0/UDP a;branch=1;branch=2", SipParseOutcome.BadVia)]
    [InlineData(ViaLine, "Via: SIP/2.0/UDP a;branch", SipParseOutcome.BadVia)]
    [InlineData(ViaLine, "Via: SIP/2.0/UDP [::g]", SipParseOutcome.BadVia)]
    [InlineData(ViaLine, "Via:", SipParseOutcome.BadVia)]
    [InlineData(ViaLine, "Via: SIP/2.0/UDP [2001:db8::9:1]:5062;branch=z9hG4bK", SipParseOutcome.Ok)]
    [InlineData(ViaLine, "Via: SIP/2.0/WS  xyz.invalid", SipParseOutcome.Ok)]
    [InlineData(FromLine, "From: <sip:alice@example.com>;tag=a;tag=b", SipParseOutcome.BadFrom)]
    [InlineData(FromLine, "From: <sip:alice@example.com>;tag=", SipParseOutcome.BadFrom)]
    [InlineData(FromLine, "From: <sip:alice@example.com>;tag", SipParseOutcome.BadFrom)]
    [InlineData(FromLine, "From: <sip:a@b>, <sip:c@d>", SipParseOutcome.BadFrom)]
    [InlineData(FromLine, "From: Bell, A <sip:a@b>;tag=1", SipParseOutcome.BadFrom)]
    [InlineData(FromLine, "From: \"Bell, A\" <sip:a@b>;tag=1", SipParseOutcome.Ok)]
    [InlineData(FromLine, "From: Bell<sip:a@b>;tag=1", SipParseOutcome.Ok)]
    [InlineData(FromLine, "From: Jörg <sip:a@b>;tag=1", SipParseOutcome.Ok)]
    [InlineData(FromLine, "From: sip:a@b", SipParseOutcome.Ok)]
    [InlineData(ToLine, "To: \"Mr. User <sip:a@b>", SipParseOutcome.BadTo)]
    [InlineData(ToLine, "To: < sip:a@b >", SipParseOutcome.BadTo)]
    [InlineData(ToLine, "To: <sip:a@b", SipParseOutcome.BadTo)]
    [InlineData(ToLine, "To: sip:a@b?Subject=x", SipParseOutcome.BadTo)]
    [InlineData(ToLine, "To: conf-1", SipParseOutcome.BadTo)]
    [InlineData(ToLine, "To: isbn:2983792873", SipParseOutcome.Ok)]
    [InlineData("Call-ID: c1@example.com", "Call-ID: a b", SipParseOutcome.BadCallId)]
    [InlineData("Call-ID: c1@example.com", "Call-ID:", SipParseOutcome.BadCallId)]
    [InlineData("Call-ID: c1@example.com", "Call-ID: word%ZK-!.*_+'@word`~)(><:\\/\"][?}{", SipParseOutcome.Ok)]
    [InlineData("CSeq: 7 OPTIONS", "CSeq: 7 INVITE", SipParseOutcome.CSeqMethodMismatch)]
    [InlineData("CSeq: 7 OPTIONS", "CSeq: 7 options", SipParseOutcome.CSeqMethodMismatch)]
    [InlineData("CSeq: 7 OPTIONS", "CSeq: 36893488147419103232 OPTIONS", SipParseOutcome.BadCSeq)]
    [InlineData("CSeq: 7 OPTIONS", "CSeq: 4294967296 OPTIONS", SipParseOutcome.BadCSeq)]
    [InlineData("CSeq: 7 OPTIONS", "CSeq: -7 OPTIONS", SipParseOutcome.BadCSeq)]
    [InlineData("CSeq: 7 OPTIONS", "CSeq: OPTIONS", SipParseOutcome.BadCSeq)]
    [InlineData("CSeq: 7 OPTIONS", "CSeq: 7", SipParseOutcome.BadCSeq)]
    [InlineData("CSeq: 7 OPTIONS", "CSeq: 4294967295 \t OPTIONS", SipParseOutcome.Ok)]
    [InlineData("Max-Forwards: 70", "Max-Forwards: 256", SipParseOutcome.BadMaxForwards)]
    [InlineData("Max-Forwards: 70", "Max-Forwards: -1", SipParseOutcome.BadMaxForwards)]
    [InlineData("Max-Forwards: 70", "Max-Forwards: 0255", SipParseOutcome.Ok)]
    public void TryRead_Value_GivesTheOutcome(string text, string other, SipParseOutcome outcome) =>
        Assert.Equal(outcome, TestMessages.Outcome(TestMessages.OptionsWhere(text, other)));

    [Theory]
    [InlineData("Contact: \"Joe\" <sip:joe@example.org>;;;;", SipParseOutcome.BadContact)]
    [InlineData("Contact: sip:user@example.com?Route=%3Csip:x%3E", SipParseOutcome.BadContact)]
    [InlineData("Contact: *, <sip:a@b>", SipParseOutcome.BadContact)]
    [InlineData("Contact: <sip:a@b>,", SipParseOutcome.BadContact)]
    [InlineData("Contact:", SipParseOutcome.BadContact)]
    [InlineData("Contact: *", SipParseOutcome.Ok)]
    [InlineData("Contact: <sip:user@example.com?Route=%3Csip:x%3E>", SipParseOutcome.Ok)]
    [InlineData("Route: <sip:a;lr>, nonsense", SipParseOutcome.BadRoute)]
    [InlineData("Route: <sip:a;lr>,<sip:b;lr>", SipParseOutcome.Ok)]
    [InlineData("Record-Route: <sip:a b>", SipParseOutcome.BadRecordRoute)]
    [InlineData("Date: Fri, 01 Jan 2010 16:00:00 EST", SipParseOutcome.Ok)]
    [InlineData("Authorization: NoOneKnowsThisScheme opaque-data=here", SipParseOutcome.Ok)]
    [InlineData("P-Associated-URI: <sip:alice@ims.example, tel:+15550001>", SipParseOutcome.Ok)]
    public void TryRead_HeaderLine_GivesTheOutcome(string line, SipParseOutcome outcome) =>
        Assert.Equal(outcome, TestMessages.Outcome(TestMessages.OptionsWith(line)));

    [Theory]
    [InlineData("sip:a@b?Route=%3Csip:evil%3E", SipParseOutcome.Ok)]
    [InlineData("nobodyKnowsThisScheme:totallyopaquecontent", SipParseOutcome.Ok)]
    [InlineData("soap.beep://192.0.2.103:3002", SipParseOutcome.Ok)]
    [InlineData("sip:", SipParseOutcome.BadRequestUri)]
    [InlineData("sip:@b", SipParseOutcome.BadRequestUri)]
    [InlineData("sip:a@b:99999", SipParseOutcome.BadRequestUri)]
    [InlineData("sip:a%4@b", SipParseOutcome.BadRequestUri)]
    [InlineData("conf-1", SipParseOutcome.BadRequestUri)]
    public void TryRead_RequestUri_GivesTheOutcome(string uri, SipParseOutcome outcome) =>
        Assert.Equal(
            outcome, TestMessages.Outcome(TestMessages.OptionsWhere("sip:conf-1@conf.example SIP", uri + " SIP")));

    [Fact]
    public void TryRead_TooManyVias_IsRefusedByName()
    {
        var vias = "Via: " + string.Join(", ", Enumerable.Repeat("SIP/2.0/UDP a", 101));

        Assert.Equal(SipParseOutcome.TooManyValues, TestMessages.Outcome(TestMessages.OptionsWith(vias)));
    }

    [Fact]
    public void TryRead_TooManyParameters_IsRefused()
    {
        var contact = "Contact: <sip:a@b>" + string.Concat(Enumerable.Range(0, 65).Select(i => $";p{i}"));

        Assert.Equal(SipParseOutcome.BadContact, TestMessages.Outcome(TestMessages.OptionsWith(contact)));
    }

    [Fact]
    public void TryRead_ExcessBehindTheBody_IsNotSeen()
    {
        byte[] bytes = [.. TestMessages.Wire(TestMessages.Options), .. TestMessages.Wire(TestMessages.Invite)];

        var request = TestMessages.Read(bytes);

        Assert.Equal(0, request.Body.Length);
        Assert.Equal(TestMessages.Wire(TestMessages.Options), request.Bytes.ToArray());
    }

    [Fact]
    public void TryRead_MalformedResponse_HasNoMessageAndNoRefusal()
    {
        var bytes = TestMessages.Wire(TestMessages.Options.Replace(
            "OPTIONS sip:conf-1@conf.example SIP/2.0", "SIP/2.0 200 OK", StringComparison.Ordinal)
            .Replace("CSeq: 7", "CSeq: x", StringComparison.Ordinal));

        Assert.Equal(SipParseOutcome.BadCSeq, SipMessageReader.TryRead(bytes, SipParseLimits.Default, out var message));
        Assert.Null(message);
        Assert.False(SipMessageReader.TryReadForRefusal(bytes, SipParseLimits.Default, out _));
    }

    [Theory]
    [InlineData("OPTIONS sip", "ACK sip")]
    [InlineData("CSeq: 7 OPTIONS", "CSeq: 7 ACK")]
    [InlineData("Via:", "Vie:")]
    [InlineData("Via: SIP/2.0/UDP 192.0.2.1", "Via: SIP/2.0/UDP ???")]
    public void TryReadForRefusal_AckOrNowhereToAnswer_IsFalse(string text, string other) =>
        Assert.False(SipMessageReader.TryReadForRefusal(
            TestMessages.OptionsWhere(text, other), SipParseLimits.Default, out _));

    [Fact]
    public void TryReadForRefusal_LineEndsAheadAndBadStartLine_GivesARequest()
    {
        var options = TestMessages.Options.ReplaceLineEndings("\n");
        var bytes = TestMessages.Wire("\n\n" + options.Replace(" SIP/2.0\n", "\n", StringComparison.Ordinal));

        Assert.True(SipMessageReader.TryReadForRefusal(bytes, SipParseLimits.Default, out var request));
        Assert.True(request!.IsMalformed);
        Assert.Equal("", request.RequestUriText);
        Assert.Null(request.RequestUri);
        Assert.Equal("192.0.2.1", request.TopVia!.Host);
    }

    [Fact]
    public void TryReadForRefusal_BadVersionInVia_StillHasTopVia()
    {
        var bytes = TestMessages.Wire(TestMessages.Options.Replace("SIP/2.0", "SIP/7.0", StringComparison.Ordinal));

        Assert.Equal(SipParseOutcome.BadVersion, TestMessages.Outcome(bytes));
        Assert.True(SipMessageReader.TryReadForRefusal(bytes, SipParseLimits.Default, out var request));
        Assert.Equal("z9hG4bK1", request!.TopVia!.Branch);
    }

    [Fact]
    public void Folded_Value_HasSpacesInTheMessage()
    {
        var request = TestMessages.ReadWith("Subject: one\n  two\n\tthree");

        Assert.Equal("one    two  \tthree", request.Headers.GetText(SipHeaderName.Subject));
        Assert.False(request.Bytes.Span.IndexOf("one\r\n"u8) >= 0);
    }

    [Fact]
    public void Unknown_Header_PassesThroughUntouched()
    {
        var request = TestMessages.ReadWith("X-Odd: ;;,,;;,; \"\\\"\" \t 大停電");

        Assert.True(request.Headers.TryGetFirst("x-odd", out var value));
        Assert.Equal(";;,,;;,; \"\\\"\" \t 大停電", Encoding.UTF8.GetString(value));
    }
}
