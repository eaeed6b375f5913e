using System.Text;
using AppServer.FrontDoor;
using Conference.Protocol.Requests;
using Conference.Protocol.Xml;
using Sip.Stack.Messages;
using Xunit;

namespace AppServer.Tests.FrontDoor;

public sealed class MessageBodyReaderTests
{
    private readonly MessageBodyReader _reader = new(ProtocolLimits.Default with { TextCharactersMax = 10 });

    [Theory]
    [InlineData("one\r\ntwo\rthree\r\n", "one\ntwo\nthree", 100)]
    [InlineData("\ta\n", "\ta", 10)]
    [InlineData("0123456789\r\n", "0123456789", 10)] // the line end of the sender's editor does not count
    [InlineData("\U0001F44D\U0001F44D", "\U0001F44D\U0001F44D", 10)]
    public void Text_BecomesALineWithOurLineEnds(string sent, string line, int charactersMax)
    {
        var reader = new MessageBodyReader(ProtocolLimits.Default with { TextCharactersMax = charactersMax });
        Assert.Equal(new Say(line), Request(reader.Read(Message("text/plain", sent))).Value.Action);
    }

    [Theory]
    [InlineData("01234567890", "text_too_long")]
    [InlineData("\r\n\r\n", "body_empty")]
    [InlineData("", "body_empty")]
    [InlineData("a\u0000", "bad_text")]
    [InlineData("a\u0008", "bad_text")]
    [InlineData("a\u001Bb", "bad_text")]
    [InlineData("a\u007F", "bad_text")]
    [InlineData("a\uFFFE", "bad_text")]
    public void Text_ThatIsNoLine_IsRefusedByName(string sent, string label) =>
        Assert.Equal(label, Refused(_reader.Read(Message("text/plain", sent))).Label);

    [Theory]
    [InlineData(new byte[] { 0xC3, 0x28 })] // not UTF-8
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })] // a surrogate
    [InlineData(new byte[] { 0x61, 0xFF })]
    public void Text_ThatIsNotUtf8_IsRefused(byte[] sent) =>
        Assert.Equal("bad_text", Refused(_reader.Read(Message("text/plain", sent))).Label);

    [Theory]
    [InlineData("text/plain", true)]
    [InlineData("TEXT/Plain ; Charset=\"utf-8\"", true)]
    [InlineData("text/plain;charset=US-ASCII", true)]
    [InlineData("text/plain;charset=iso-8859-1", false)]
    [InlineData("text/html", false)]
    [InlineData("text", false)]
    public void MediaType_AndCharset_DecideWhetherItIsRead(string type, bool isTaken)
    {
        var body = _reader.Read(Message(type, "hello"));
        if (isTaken)
        {
            Request(body);
            return;
        }

        var refusal = Refused(body);
        Assert.Equal((415, "unsupported_media"), (refusal.Status, refusal.Label));
        var (name, value) = Assert.Single(refusal.Headers);
        Assert.Equal(("Accept", string.Join(", ", MessageBodyReader.Accept)), (name, value));
    }

    [Fact] // RFC 3428 4: Call-ID and CSeq tell a message from another, not its text.
    public void TextRequest_IsNamedByCallIdAndCSeq_AndToldApartByItsBytes()
    {
        var first = Request(_reader.Read(Message("text/plain", "a", callId: "c1")));
        var again = Request(_reader.Read(Message("text/plain", "a", callId: "c1")));
        var changed = Request(_reader.Read(Message("text/plain", "b", callId: "c1")));
        var next = Request(_reader.Read(Message("text/plain", "a", callId: "c1", cseq: 2)));
        Assert.Equal((first.Value.Id, first.ContentHash), (again.Value.Id, again.ContentHash));
        Assert.Equal(first.Value.Id, changed.Value.Id);
        Assert.NotEqual(first.ContentHash, changed.ContentHash);
        Assert.NotEqual(first.Value.Id, next.Value.Id);
        Assert.Null(first.Owner);
    }

    [Fact]
    public void Xml_HasTheIdOfItsSenderAndAnOwner()
    {
        var xml = RequestWriter.Write(new ConferenceRequest("my-id", new Say("hello")));
        var request = Request(_reader.Read(Message(MediaTypes.ConferenceXml, xml)));
        Assert.Equal(new ConferenceRequest("my-id", new Say("hello")), request.Value);
        using var owner = request.Owner;
        Assert.Same(request.Value, owner!.Request);
        Assert.Equal(400, Refused(_reader.Read(Message(MediaTypes.ConferenceXml, "hello"))).Status);
    }

    [Theory]
    [InlineData("message/imdn+xml")]
    [InlineData("application/im-iscomposing+xml")]
    public void Report_IsNotRead(string type)
    {
        Assert.Equal(new MessageBody.Report(type), _reader.Read(Message(type, "\u0001 not even XML")));
        Assert.Equal(new MessageBody.Report(type), _reader.Read(Message(type, "")));
    }

    private static MessageBody.Request Request(MessageBody body) => Assert.IsType<MessageBody.Request>(body);

    private static Refusal Refused(MessageBody body) => Assert.IsType<MessageBody.Refused>(body).Refusal;

    private static SipRequest Message(string type, string body, string callId = "c", uint cseq = 1) =>
        Message(type, Encoding.UTF8.GetBytes(body), callId, cseq);

    private static SipRequest Message(string type, byte[] body, string callId = "c", uint cseq = 1)
    {
        var bytes = new SipRequestBuilder("MESSAGE", "sip:conf@a").From("sip:b@a").To("sip:conf@a").CallId(callId)
            .CSeq(cseq).WithBody(type, body).Build("SIP/2.0/UDP a;branch=z9hG4bK1");
        Assert.Equal(SipParseOutcome.Ok, SipMessageReader.TryRead(bytes, SipParseLimits.Default, out var message));
        return (SipRequest)message!;
    }
}
