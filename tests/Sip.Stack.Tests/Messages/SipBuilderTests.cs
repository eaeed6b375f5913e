using System.Net;
using System.Text;
using Sip.Stack.Messages;

namespace Sip.Stack.Tests.Messages;

public sealed class SipBuilderTests
{
    [Fact]
    public void Response_CopiesViasFromToCallIdCSeq()
    {
        var request = TestMessages.Read(TestMessages.Wire(TestMessages.Invite));

        var text = Text(new SipResponseBuilder(request, 202).WithToTag("t1").With("Conference-Revision", 7).Build());

        Assert.StartsWith("SIP/2.0 202 Accepted\r\nVia: SIP/2.0/UDP 192.0.2.12;", text, StringComparison.Ordinal);
        Assert.Equal(request.Vias.Select(v => v.Branch), ReadResponse(text).Vias.Select(v => v.Branch));
        Assert.Contains("\r\nTo: <sip:conf-1@conf.ims.example>;tag=t1\r\n", text, StringComparison.Ordinal);
        Assert.Contains("\r\nConference-Revision: 7\r\n", text, StringComparison.Ordinal);
        Assert.Equal(3, ReadResponse(text).RecordRoute.Count);
        Assert.EndsWith("\r\nContent-Length: 0\r\n\r\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Response_OfRefusal_HasNoRecordRoute()
    {
        var request = TestMessages.Read(TestMessages.Wire(TestMessages.Invite));

        var text = Text(new SipResponseBuilder(request, 486).Build());

        Assert.DoesNotContain("Record-Route", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Response_ViaLines_AreByteIdentical()
    {
        var bytes = TestMessages.OptionsWhere(
            "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1",
            "v :   SIP / 2.0/ udp  192.0.2.1 ;branch=z9hG4bK1 ,  SIP/2.0/TCP b ; x=\"a,b\"\nVIA: SIP/2.0/WS c.invalid");

        var text = Text(new SipResponseBuilder(TestMessages.Read(bytes), 200).Build());

        Assert.Contains(
            "\r\nVia: SIP / 2.0/ udp  192.0.2.1 ;branch=z9hG4bK1 ,  SIP/2.0/TCP b ; x=\"a,b\"\r\n"
            + "Via: SIP/2.0/WS c.invalid\r\n",
            text,
            StringComparison.Ordinal);
    }

    [Fact] // RFC 3261 20.42: an IPv6address; the name of an interface of ours says nothing to anybody else.
    public void Response_WithReceivedOfALinkLocalAddress_HasNoZone()
    {
        var request = TestMessages.Read(TestMessages.OptionsWhere("SIP/2.0/UDP 192.0.2.1", "SIP/2.0/UDP a"));

        var source = new IPEndPoint(IPAddress.Parse("fe80::1%3"), 99);
        var via = ReadResponse(Text(new SipResponseBuilder(request, 200).WithReceived(source).Build())).TopVia!;
        Assert.Equal("fe80::1", via.Received);
    }

    [Theory] // What stands without brackets is a URI, and its parameters are the URI's (unlike RFC 3261 20.10).
    [InlineData("sip:alice@example.com;tag=1")]
    [InlineData("<sip:alice@example.com;tag=1>")]
    public void Request_FromAUriWithATagOfItsOwn_HasATagStill(string from)
    {
        var builder = new SipRequestBuilder("MESSAGE", "sip:a@b").From(from).To("sip:a@b");

        var read = TestMessages.Read(builder.Build("SIP/2.0/UDP a;branch=b")).From!;
        Assert.Equal("sip:alice@example.com;tag=1", read.UriText);
        Assert.NotNull(read.Tag);
    }

    [Theory]
    [InlineData("SIP/2.0/UDP a;rport;branch=z9hG4bK1", "SIP/2.0/UDP a;branch=z9hG4bK1;received=192.0.2.9;rport=99")]
    [InlineData("SIP/2.0/UDP a;branch=z9hG4bK1", "SIP/2.0/UDP a;branch=z9hG4bK1;received=192.0.2.9")]
    [InlineData(
        "SIP/2.0/UDP a ; RPort=1 ;received=6.6.6.6 ;x, SIP/2.0/UDP b;rport",
        "SIP/2.0/UDP a ;x;received=192.0.2.9;rport=99, SIP/2.0/UDP b;rport")]
    public void Response_WithReceived_StampsTheTopViaOnly(string via, string stamped)
    {
        var request = TestMessages.Read(TestMessages.OptionsWhere("SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1", via));

        var source = IPEndPoint.Parse("[::ffff:192.0.2.9]:99");
        var text = Text(new SipResponseBuilder(request, 200).WithReceived(source).Build());

        Assert.Contains(
            stamped.Replace(" ", "", StringComparison.Ordinal),
            text.Replace(" ", "", StringComparison.Ordinal),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<sip:a@b>;tag=9", "<sip:a@b>;tag=9")]
    [InlineData("<sip:a@b;tag=9>", "<sip:a@b;tag=9>;tag=t")]
    [InlineData("\";tag=9\" <sip:a@b>", "\";tag=9\" <sip:a@b>;tag=t")]
    [InlineData("sip:a@b;x", "sip:a@b;x;tag=t")]
    public void Response_ToTag_IsAddedWhereThereIsNone(string to, string answered)
    {
        var request = TestMessages.Read(TestMessages.OptionsWhere("<sip:conf-1@conf.example>\n", $"{to}\n"));

        var text = Text(new SipResponseBuilder(request, 200).WithToTag("t").Build());

        Assert.Contains($"\r\nTo: {answered}\r\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Response_WithoutGivenTag_MakesOneAndTryingNone()
    {
        var request = TestMessages.Read(TestMessages.Wire(TestMessages.Options));

        var final = Text(new SipResponseBuilder(request, 404).Build());
        var trying = Text(new SipResponseBuilder(request, 100).Build());

        Assert.Matches("\r\nTo: <sip:conf-1@conf.example>;tag=[0-9a-f]{16}\r\n", final);
        Assert.Contains("\r\nTo: <sip:conf-1@conf.example>\r\n", trying, StringComparison.Ordinal);
    }

    [Fact]
    public void Response_ToRequestWithNearlyNothing_HasWhatThereIs()
    {
        var bytes = TestMessages.Wire(
            "INVITE sip:a@b SIP/2.0\nCSeq: 1 INVITE\nVia: SIP/2.0/UDP 192.0.2.95;branch=z9hG4bKx\nl: 0\n\n");

        Assert.True(SipMessageReader.TryReadForRefusal(bytes, SipParseLimits.Default, out var request));
        Assert.Equal(
            "SIP/2.0 400 Missing From\r\nVia: SIP/2.0/UDP 192.0.2.95;branch=z9hG4bKx\r\nCSeq: 1 INVITE\r\n"
            + "Content-Length: 0\r\n\r\n",
            Text(new SipResponseBuilder(request!, 400, "Missing From").Build()));
    }

    [Fact]
    public void Response_HeaderOfTheStack_CannotBeSet()
    {
        var request = TestMessages.Read(TestMessages.Wire(TestMessages.Options));

        var response = new SipResponseBuilder(request, 200);

        Assert.Throws<ArgumentException>(() => response.With("v", "x"));
        Assert.Throws<ArgumentException>(() => response.With(SipHeaderName.ContentLength, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SipResponseBuilder(request, 99));
    }

    [Fact]
    public void Request_Built_ReadsBack()
    {
        var via = "SIP/2.0/UDP 192.0.2.30:5060;branch=z9hG4bK7;rport";
        var builder = new SipRequestBuilder("MESSAGE", "sip:bob@ims.example")
            .From("sip:conf-1@conf.example").To("Bob <sip:bob@ims.example>")
            .CallId("c9").CSeq(41)
            .Route("<sip:192.0.2.12;lr;orig>").Route("sip:192.0.2.13;lr").Contact("sip:me@192.0.2.1")
            .With(SipHeaderName.PAssertedIdentity, "<sip:conf-1@conf.example>")
            .WithBody("text/plain", "hi"u8.ToArray());

        var request = TestMessages.Read(builder.Build(via));

        Assert.Equal("sip:bob@ims.example", request.RequestUriText);
        Assert.Equal(["<sip:192.0.2.12;lr;orig>", "<sip:192.0.2.13;lr>"], request.Route.Select(r => r.ToString()));
        Assert.Equal((70, "c9", 41u), (request.MaxForwards, request.CallId, request.CSeq!.Value.Number));
        Assert.Equal("Bob", request.To!.DisplayName);
        Assert.Matches("^[0-9a-f]{16}$", request.From!.Tag);
        Assert.Equal("hi", Text(request.Body.ToArray()));
        Assert.Equal("sip:me@192.0.2.1", request.Contacts[0].UriText);
        Assert.Equal(request.Bytes.Length - $"Via: {via}\r\n".Length, builder.LengthWithoutVia);
    }

    [Fact]
    public void Request_Head_EndsBeforeTheBody()
    {
        var builder = new SipRequestBuilder("MESSAGE", "sip:a@b")
            .From("sip:a@b", "t").To("sip:c@d", "u").WithBody("a/b", new byte[5]);
        var via = "SIP/2.0/TCP a;branch=z9hG4bK7";

        Assert.Equal(builder.Build(via), builder.BuildHead(via).Concat(new byte[5]));
    }

    [Fact]
    public void Request_WithInjectedLine_Throws()
    {
        var builder = new SipRequestBuilder("MESSAGE", "sip:a@b").From("sip:a@b").To("sip:c@d").CallId("x\r\nX: y");

        Assert.Throws<ArgumentException>(() => builder.Build("SIP/2.0/UDP a"));
    }

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);

    private static SipResponse ReadResponse(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Assert.Equal(SipParseOutcome.Ok, SipMessageReader.TryRead(bytes, SipParseLimits.Default, out var message));
        return Assert.IsType<SipResponse>(message);
    }
}
