using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sip.Stack.Messages;
using Sip.Stack.Registration;
using Sip.Stack.Transport;

namespace Sip.Stack.Tests.Registration;

public sealed class RegisterResponsesTests : IDisposable
{
    private static readonly SipPeer Peer = new(
        SipTransportKind.Udp, IPEndPoint.Parse("198.51.100.4:40000"), IPEndPoint.Parse("192.0.2.30:5060"), null);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly Registrar _registrar;

    public RegisterResponsesTests()
    {
        var options = new RegistrarOptions { AddressesMax = 1 };
        _registrar = new Registrar(options, null, _time, NullLogger<Registrar>.Instance);
    }

    public void Dispose() => _registrar.Dispose();

    private async Task<SipResponse> AnswerAsync(
        string extra, string to = "<sip:alice@example.com>", uint cseq = 1)
    {
        var request = SipText.ParseRequest($"""
            REGISTER sip:example.com SIP/2.0
            Via: SIP/2.0/UDP 10.0.0.4;branch=z9hG4bK1;rport
            Max-Forwards: 70
            From: {to};tag=1
            To: {to}
            Call-ID: r1
            CSeq: {cseq} REGISTER
            {extra}
            Content-Length: 0


            """);
        Assert.True(AddressOfRecord.TryGet(request.To!.Uri, out var addressOfRecord));
        Assert.True(RegisterRequests.TryRead(request, Peer, out var command));
        var step = await _registrar.RegisterAsync(addressOfRecord, command);
        return SipText.Response(
            RegisterResponses.Build(request, command, step, _registrar.Options, _time.GetUtcNow()));
    }

    [Fact]
    public async Task Register_OfContacts_ListsThemWithExpiryAndRemembersTheFlow()
    {
        var response = await AnswerAsync(
            "Contact: <sip:alice@10.0.0.4:5062>;q=0.7;expires=120;+sip.instance=\"<urn:uuid:1>\"\n"
            + "m: sip:alice@10.0.0.5;expires=60");

        Assert.Equal(200, response.StatusCode);
        Assert.Equal(
            [
                "<sip:alice@10.0.0.4:5062>;+sip.instance=\"<urn:uuid:1>\";q=0.7;expires=120",
                "<sip:alice@10.0.0.5>;expires=60",
            ],
            response.Contacts.Select(contact => contact.ToString()));
        Assert.Equal("Fri, 02 Jan 2026 03:04:05 GMT", response.Headers.GetText(SipHeaderName.Date));
        var best = _registrar.Lookup("sip:alice@example.com")[0];
        Assert.Equal("sip:alice@10.0.0.5", best.ContactText);
        Assert.Equal("udp:198.51.100.4:40000", best.Flow.ToString());
    }

    [Fact]
    public async Task Register_OfUnknownParameters_TellsContactFromUriParameters()
    {
        var response = await AnswerAsync(
            "Contact: <sip:+19725552222@gw1.example.net;unknownparam>;otherparam=1, sip:+1@gw2.example.net;third");

        Assert.Equal(
            [
                "<sip:+19725552222@gw1.example.net;unknownparam>;otherparam=1;expires=3600",
                "<sip:+1@gw2.example.net>;third;expires=3600",
            ],
            response.Contacts.Select(contact => contact.ToString()));
    }

    [Fact] // RFC 4475 3.3.14: the Route stays in the contact
    public async Task Register_OfEscapedHeaderInContact_KeepsItThere()
    {
        const string contact = "<sip:user@example.com?Route=%3Csip:sip.example.com%3E>";

        var response = await AnswerAsync($"Contact: {contact}");

        Assert.Equal($"{contact};expires=3600", Assert.Single(response.Contacts).ToString());
        Assert.False(response.Headers.Contains(SipHeaderName.Route));
    }

    [Fact]
    public async Task Register_OfBriefExpiry_NamesTheMinimum()
    {
        var response = await AnswerAsync("Contact: <sip:a@x>\nExpires: 10");

        Assert.Equal((423, 60u), (response.StatusCode, response.MinExpires));
    }

    [Fact]
    public async Task Register_OfWildcard_RemovesAll()
    {
        await AnswerAsync("Contact: <sip:a@x>");

        var response = await AnswerAsync("Contact: *\nExpires: 0", cseq: 2);

        Assert.Equal(200, response.StatusCode);
        Assert.Empty(response.Contacts);
        Assert.Empty(_registrar.Lookup("sip:alice@example.com"));
    }

    [Theory]
    [InlineData("Supported: path", true)]
    [InlineData("Require: path", true)]
    [InlineData("Supported: outbound", false)]
    public async Task Register_WithPath_KeepsItAndTellsThoseWhoKnowIt(string tags, bool isTold)
    {
        var response = await AnswerAsync(
            $"Contact: <sip:a@x>\nPath: <sip:p1;lr>,<sip:term@p2;lr;received=sip:x%3by>\n{tags}");

        Assert.Equal(isTold ? 2 : 0, response.Path.Count);
        Assert.Equal(
            ["<sip:p1;lr>", "<sip:term@p2;lr;received=sip:x%3by>"],
            _registrar.Lookup("sip:alice@example.com")[0].Path.ToArray());
    }

    [Fact]
    public async Task Register_WhenFull_Is503WithRetryAfter()
    {
        await AnswerAsync("Contact: <sip:a@x>");

        var response = await AnswerAsync("Contact: <sip:b@x>", to: "<sip:bob@example.com>");

        Assert.Equal(503, response.StatusCode);
        Assert.Equal("10", response.Headers.GetText(SipHeaderName.RetryAfter));
    }
}
