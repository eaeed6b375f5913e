using System.Text;
using Sip.Stack.Messages;

namespace Sip.Stack.Tests.Messages;

public sealed class SipMessageIndexTests
{
    private readonly SipMessageIndex _index = new();

    [Fact]
    public void Parse_Request_FindsStartLineHeadersAndBody()
    {
        var bytes = TestMessages.Wire(TestMessages.Invite);

        Assert.Equal(SipParseOutcome.Ok, _index.Parse(bytes, SipParseLimits.Default));

        Assert.True(_index.IsRequest);
        Assert.Equal("INVITE", Text(bytes, _index.Method));
        Assert.Equal("sip:conf-1@conf.ims.example", Text(bytes, _index.RequestUri));
        Assert.Equal(21, _index.HeaderCount);
        Assert.Equal(90, _index.BodyLength);
        Assert.Equal(bytes.Length - _index.BodyLength, _index.BodyStart);
        Assert.Equal("66", Text(bytes, _index[_index.FindFirst(SipHeaderName.MaxForwards)].Value));
    }

    [Fact]
    public void Parse_Response_FindsStatusAndPhrase()
    {
        var bytes = TestMessages.Wire(TestMessages.Options.Replace(
            "OPTIONS sip:conf-1@conf.example SIP/2.0", "sip/2.0 486 Besetzt ☎", StringComparison.Ordinal));

        Assert.Equal(SipParseOutcome.Ok, _index.Parse(bytes, SipParseLimits.Default));

        Assert.False(_index.IsRequest);
        Assert.Equal(486, _index.StatusCode);
        Assert.Equal("Besetzt ☎", Text(bytes, _index.ReasonPhrase));
    }

    [Fact]
    public void Parse_FoldedCompactSpacedNames_AreTheSameHeaders()
    {
        var bytes = TestMessages.Wire("""
            OPTIONS sip:a@b.example SIP/2.0
            v:
              SIP / 2.0 / UDP 192.0.2.1
              ;branch=z9hG4bK1
            mAX-fORWARDS   : 0068
            f	:	<sip:a@b.example>
             ;tag=1
            TO :
             sip:b@b.example
            i: x
            cseq: 0009
              OPTIONS
            l: 0


            """);

        Assert.Equal(SipParseOutcome.Ok, _index.Parse(bytes, SipParseLimits.Default));
        Assert.Equal(7, _index.HeaderCount);
        Assert.Equal("sip:b@b.example", Text(bytes, _index[_index.FindFirst(SipHeaderName.To)].Value));
        Assert.True(_index[0].IsFolded);
        Assert.False(_index[1].IsFolded);
    }

    [Fact]
    public void Parse_LineEndsAhead_AreSkipped()
    {
        var bytes = TestMessages.Wire("\n\n" + TestMessages.Options);

        Assert.Equal(SipParseOutcome.Ok, _index.Parse(bytes, SipParseLimits.Default));
        Assert.Equal(4, _index.Start);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n")]
    [InlineData("\r\n\r\n")]
    public void Parse_LineEndsAlone_IsKeepAlive(string text) =>
        Assert.Equal(SipParseOutcome.KeepAlive, _index.Parse(Encoding.ASCII.GetBytes(text), SipParseLimits.Default));

    [Theory]
    [InlineData("OPTIONS", SipParseOutcome.BadStartLine)]
    [InlineData("OPTIONS sip:a@b.example", SipParseOutcome.BadStartLine)]
    [InlineData("OPTIONS  sip:a@b.example SIP/2.0", SipParseOutcome.BadRequestUri)]
    [InlineData("OPTIONS sip:a@b.example  SIP/2.0", SipParseOutcome.BadRequestUri)]
    [InlineData("OPTIONS sip:a@b.example SIP/2.0 ", SipParseOutcome.BadStartLine)]
    [InlineData(" OPTIONS sip:a@b.example SIP/2.0", SipParseOutcome.BadStartLine)]
    [InlineData("OPTIONS sip:a@b.example;\tlr SIP/2.0", SipParseOutcome.BadRequestUri)]
    [InlineData("OPTIONS <sip:a@b.example> SIP/2.0", SipParseOutcome.BadRequestUri)]
    [InlineData("OPT(IONS sip:a@b.example SIP/2.0", SipParseOutcome.BadStartLine)]
    [InlineData("OPTIONS sip:a@b.example SIP/7.0", SipParseOutcome.BadVersion)]
    [InlineData("OPTIONS sip:a@b.example SIP/2.00", SipParseOutcome.BadVersion)]
    [InlineData("OPTIONS sip:a@b.example SIP/2", SipParseOutcome.BadStartLine)]
    [InlineData("OPTIONS sip:a@b.example HTTP/1.1", SipParseOutcome.BadStartLine)]
    [InlineData("SIP/2.0 4294967301 x", SipParseOutcome.BadStatusLine)]
    [InlineData("SIP/2.0 99 x", SipParseOutcome.BadStatusLine)]
    [InlineData("SIP/2.0 099 x", SipParseOutcome.BadStatusLine)]
    [InlineData("SIP/2.0 700 x", SipParseOutcome.BadStatusLine)]
    [InlineData("SIP/2.0 -20 x", SipParseOutcome.BadStatusLine)]
    [InlineData("SIP/3.0 200 OK", SipParseOutcome.BadStatusLine)]
    [InlineData("SIP/2.0  200 OK", SipParseOutcome.BadStatusLine)]
    [InlineData("SIP/2.0 100 ", SipParseOutcome.Ok)]
    [InlineData("SIP/2.0 100", SipParseOutcome.Ok)]
    [InlineData("options sip:a@b.example sip/2.0", SipParseOutcome.Ok)]
    public void Parse_StartLine_GivesTheOutcome(string line, SipParseOutcome outcome)
    {
        var bytes = TestMessages.OptionsWhere("OPTIONS sip:conf-1@conf.example SIP/2.0", line);

        Assert.Equal(outcome, _index.Parse(bytes, SipParseLimits.Default));
    }

    [Theory]
    [InlineData("no colon here", SipParseOutcome.BadHeaderLine)]
    [InlineData(": no name", SipParseOutcome.BadHeaderLine)]
    [InlineData("bad name: x", SipParseOutcome.BadHeaderLine)]
    [InlineData("bad(name: x", SipParseOutcome.BadHeaderLine)]
    [InlineData("Bad\r\n Name: x", SipParseOutcome.BadHeaderLine)]
    [InlineData("X: a\rb", SipParseOutcome.BadLineEnd)]
    [InlineData("X: a\0b", SipParseOutcome.BadCharacter)]
    [InlineData("X: \"\\\0\"", SipParseOutcome.Ok)]
    [InlineData("X:", SipParseOutcome.Ok)]
    [InlineData("X: ;;,,;;,;", SipParseOutcome.Ok)]
    [InlineData("eXtension-!.%*+_`'~: x", SipParseOutcome.Ok)]
    [InlineData("To: <sip:b@b.example>", SipParseOutcome.RepeatedTo)]
    [InlineData("t: <sip:b@b.example>", SipParseOutcome.RepeatedTo)]
    [InlineData("f: <sip:b@b.example>", SipParseOutcome.RepeatedFrom)]
    [InlineData("i: other", SipParseOutcome.RepeatedCallId)]
    [InlineData("CSeq: 8 OPTIONS", SipParseOutcome.RepeatedCSeq)]
    [InlineData("Max-Forwards: 5", SipParseOutcome.RepeatedMaxForwards)]
    [InlineData("l: 0", SipParseOutcome.RepeatedContentLength)]
    [InlineData("Expires: 1\r\nExpires: 2", SipParseOutcome.RepeatedHeader)]
    [InlineData("Content-Type: a/b\r\nc: a/b", SipParseOutcome.RepeatedContentType)]
    [InlineData("Via: SIP/2.0/UDP 192.0.2.2", SipParseOutcome.Ok)]
    public void Parse_HeaderLine_GivesTheOutcome(string line, SipParseOutcome outcome)
    {
        var text = TestMessages.Options.ReplaceLineEndings("\r\n")
            .Replace("Content-Length", $"{line}\r\nContent-Length", StringComparison.Ordinal);

        Assert.Equal(outcome, _index.Parse(Encoding.UTF8.GetBytes(text), SipParseLimits.Default));
    }

    [Fact]
    public void Parse_BareLineFeed_IsRefused()
    {
        var text = TestMessages.Options.ReplaceLineEndings("\r\n")
            .Replace("\r\nMax-Forwards", "\nMax-Forwards", StringComparison.Ordinal);

        Assert.Equal(SipParseOutcome.BadLineEnd, _index.Parse(Encoding.UTF8.GetBytes(text), SipParseLimits.Default));
    }

    [Theory]
    [InlineData("Via:", SipParseOutcome.MissingVia)]
    [InlineData("From:", SipParseOutcome.MissingFrom)]
    [InlineData("To:", SipParseOutcome.MissingTo)]
    [InlineData("Call-ID:", SipParseOutcome.MissingCallId)]
    [InlineData("CSeq:", SipParseOutcome.MissingCSeq)]
    [InlineData("Max-Forwards:", SipParseOutcome.Ok)]
    [InlineData("Content-Length:", SipParseOutcome.Ok)]
    public void Parse_HeaderMissing_GivesTheOutcome(string name, SipParseOutcome outcome) =>
        Assert.Equal(outcome, _index.Parse(TestMessages.OptionsWhere(name, "X-Other:"), SipParseLimits.Default));

    [Theory]
    [InlineData("-1", SipParseOutcome.BadContentLength)]
    [InlineData("", SipParseOutcome.BadContentLength)]
    [InlineData("0x0", SipParseOutcome.BadContentLength)]
    [InlineData("0, 0", SipParseOutcome.BadContentLength)]
    [InlineData("1", SipParseOutcome.BodyTooShort)]
    [InlineData("99999999999999999999999", SipParseOutcome.BodyTooShort)]
    [InlineData("   000", SipParseOutcome.Ok)]
    public void Parse_ContentLength_GivesTheOutcome(string value, SipParseOutcome outcome)
    {
        var bytes = TestMessages.OptionsWhere("Content-Length: 0", $"Content-Length: {value}");

        Assert.Equal(outcome, _index.Parse(bytes, SipParseLimits.Default));
    }

    [Fact]
    public void Parse_WithoutContentLength_BodyIsTheRest()
    {
        var bytes = TestMessages.OptionsWhere("Content-Length: 0\n\n", "\nhello").AsSpan().ToArray();

        Assert.Equal(SipParseOutcome.Ok, _index.Parse(bytes, SipParseLimits.Default));
        var body = Text(bytes, new ByteRange(_index.BodyStart, _index.BodyLength));
        Assert.StartsWith("hello", body, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_HeadWithoutEnd_IsRefused()
    {
        var bytes = TestMessages.Wire(TestMessages.Options);

        for (var missing = 2; missing < 5; missing++)
        {
            var outcome = _index.Parse(bytes.AsSpan(0, bytes.Length - missing), SipParseLimits.Default);
            Assert.Equal(SipParseOutcome.HeadNotTerminated, outcome);
        }
    }

    [Fact]
    public void Parse_BeyondLimits_NamesTheLimit()
    {
        var bytes = TestMessages.Wire(TestMessages.Invite);
        var limits = SipParseLimits.Default;

        Assert.Equal(SipParseOutcome.TooManyHeaders, _index.Parse(bytes, limits with { HeaderCountMax = 20 }));
        Assert.Equal(SipParseOutcome.Ok, _index.Parse(bytes, limits with { HeaderCountMax = 21 }));
        Assert.Equal(SipParseOutcome.HeadTooLarge, _index.Parse(bytes, limits with { HeadBytesMax = 500 }));
        Assert.Equal(SipParseOutcome.StartLineTooLong, _index.Parse(bytes, limits with { StartLineBytesMax = 41 }));
        Assert.Equal(SipParseOutcome.Ok, _index.Parse(bytes, limits with { StartLineBytesMax = 42 }));
    }

    [Fact]
    public void Parse_InviteSizedMessage_AllocatesNothing()
    {
        var bytes = TestMessages.Wire(TestMessages.Invite);
        var limits = SipParseLimits.Default;
        for (var i = 0; i < 100; i++) _index.Parse(bytes, limits);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) _index.Parse(bytes, limits);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static string Text(byte[] bytes, ByteRange range) => Encoding.UTF8.GetString(range.Of(bytes));
}
