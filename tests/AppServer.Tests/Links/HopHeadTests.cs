using System.Net;
using System.Text;
using AppServer.Links;
using AppServer.Registrations;
using Conference.Protocol;
using Sip.Stack.Delivery;
using Sip.Stack.Messages;
using Sip.Stack.Transport;
using Xunit;

namespace AppServer.Tests.Links;

public sealed class HopHeadTests
{
    private const string Token = "0123456789abcdef01234567";
    private static readonly ParticipantUri Alice = ParticipantUri.Parse("sip:alice@example.org");
    private static readonly ConferenceHead Conference =
        new(ConferenceUri.Parse("sip:conf-1@conf.example"), "node.as.example");

    [Fact]
    public void Head_IsAWholeMessage_WithTheTokenInBranchTagAndCallId()
    {
        var head = HopHead.Create(Route(null, "<sip:scscf.example;lr>"), SipTransportKind.Tcp, "as.example:5060");

        var request = Read(Write(head, 5) + "hello");

        Assert.Equal("sip:alice@example.org", request.RequestUriText);
        Assert.Equal(Encoding.ASCII.GetString(DeliveryToken.Prefix) + Token, request.TopVia!.Branch);
        Assert.Equal("TCP", request.TopVia.Transport);
        Assert.Equal(Token, request.From!.Tag);
        Assert.Equal($"{Token}@node.as.example", request.CallId);
        Assert.Equal("sip:scscf.example;lr", Assert.Single(request.Route).UriText);
        Assert.Equal("sip:conf-1@conf.example", Assert.Single(request.PAssertedIdentity).UriText);
        Assert.Equal("hello", Encoding.ASCII.GetString(request.Body.Span));
    }

    [Fact]
    public void Head_OutsideOfATrustDomain_AssertsNothing()
    {
        var head = HopHead.Create(
            Route("sip:alice@192.0.2.1", []) with { AssertsIdentity = false }, SipTransportKind.Udp, "as.example:5060");

        var request = Read(Write(head, 0));

        Assert.Equal("sip:alice@192.0.2.1", request.RequestUriText);
        Assert.Empty(request.PAssertedIdentity);
        Assert.Empty(request.Route);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(64_000)]
    public void Bytes_AreTheLengthOfTheHead_AndAtMostBytesMax(int bodyBytes)
    {
        var head = HopHead.Create(Route(null, []), SipTransportKind.Udp, "as.example:5060");

        var length = Write(head, bodyBytes).Length;

        Assert.EndsWith($"\r\nContent-Length: {bodyBytes}\r\n\r\n", Write(head, bodyBytes), StringComparison.Ordinal);
        Assert.InRange(head.BytesMax(Alice, Conference) - length, 0, 10);
    }

    [Fact]
    public void Head_InALargerPlace_IsPaddedInMaxForwards()
    {
        var head = HopHead.Create(Route(null, []), SipTransportKind.Udp, "as.example:5060");

        var padded = Write(head, 3, padding: 7);

        Assert.Contains("\r\nMax-Forwards:        70\r\n", padded, StringComparison.Ordinal);
        Assert.Equal(Write(head, 3), padded.Replace("Max-Forwards:        70", "Max-Forwards: 70"));
        Assert.Equal("hey", Encoding.ASCII.GetString(Read(padded + "hey").Body.Span));
    }

    private static ContactRoute Route(string? requestUri, params string[] routeSet) => new(
        new SipDestination(SipTransportKind.Udp, new IPEndPoint(IPAddress.Loopback, 5060)), requestUri, [.. routeSet],
        AssertsIdentity: true, DateTimeOffset.MaxValue);

    private static string Write(HopHead head, int bodyBytes, int padding = 0)
    {
        var body = LinkRig.Body(bodyBytes);
        var place = new byte[head.Bytes(Alice, Conference, body) + padding];
        head.Write(place, Alice, Conference, Encoding.ASCII.GetBytes(Token), body);
        return Encoding.ASCII.GetString(place);
    }

    private static SipRequest Read(string text)
    {
        var outcome = SipMessageReader.TryRead(
            Encoding.ASCII.GetBytes(text), SipParseLimits.Default, out var message);
        Assert.Equal(SipParseOutcome.Ok, outcome);
        return Assert.IsType<SipRequest>(message);
    }
}
