using System.Net;
using System.Text;
using AppServer.Links;
using AppServer.Registrations;
using Sip.Stack.Delivery;
using Sip.Stack.Messages;
using Sip.Stack.Transport;
using Xunit;

namespace AppServer.Tests.Links;

public sealed class MessageHeadTests
{
    private const string Token = "0123456789abcdef01234567";
    private static readonly ConferenceHead Conference = new("sip:conf-1@conf.example", "node.as.example");

    [Fact]
    public void Head_IsAWholeMessage_WithTheTokenInBranchTagAndCallId()
    {
        var head = PathHead.Create(Route(null, "<sip:scscf.example;lr>"), SipTransportKind.Tcp, "as.example:5060",
            "sip:alice@example.org");

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
        var head = PathHead.Create(
            Route("sip:alice@192.0.2.1", []) with { AssertsIdentity = false }, SipTransportKind.Udp, "as.example:5060",
            "sip:alice@example.org");

        var request = Read(Write(head, 0));

        Assert.Equal("sip:alice@192.0.2.1", request.RequestUriText);
        Assert.Empty(request.PAssertedIdentity);
        Assert.Empty(request.Route);
    }

    [Fact]
    public void Head_InTooSmallABuffer_IsNotWritten()
    {
        var head = PathHead.Create(Route(null, []), SipTransportKind.Udp, "as.example:5060", "sip:alice@example.org");
        Assert.Equal(0, head.Write(new byte[200], Conference, Encoding.ASCII.GetBytes(Token), "text/plain", 0));
    }

    [Fact]
    public void Estimate_IsAtLeastTheLength()
    {
        var head = PathHead.Create(Route(null, []), SipTransportKind.Udp, "as.example:5060", "sip:alice@example.org");
        Assert.InRange(head.EstimateBytes(Conference) - Write(head, 1_000).Length, 0, 64);
    }

    private static ContactRoute Route(string? requestUri, params string[] routeSet) => new(
        new SipDestination(SipTransportKind.Udp, new IPEndPoint(IPAddress.Loopback, 5060)), requestUri, [.. routeSet],
        AssertsIdentity: true, DateTimeOffset.MaxValue);

    private static string Write(PathHead head, int bodyBytes)
    {
        var buffer = new byte[4_096];
        var length = head.Write(
            buffer, Conference, Encoding.ASCII.GetBytes(Token), "application/vnd.ims-conference+xml", bodyBytes);
        return Encoding.ASCII.GetString(buffer, 0, length);
    }

    private static SipRequest Read(string text)
    {
        var outcome = SipMessageReader.TryRead(
            Encoding.ASCII.GetBytes(text), SipParseLimits.Default, out var message);
        Assert.Equal(SipParseOutcome.Ok, outcome);
        return Assert.IsType<SipRequest>(message);
    }
}
