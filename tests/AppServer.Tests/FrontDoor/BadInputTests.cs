using System.Text;
using AppServer.Tests.Fakes;
using Xunit;

namespace AppServer.Tests.FrontDoor;

/// <summary>The real server over real sockets, attacked: each attack has its status, its reason and its counter, and
/// the next honest request is served.</summary>
public sealed class BadInputTests : IAsyncLifetime, IDisposable
{
    private const string Alice = "alice";
    private const string Xml = "application/vnd.ims-conference+xml";

    private readonly TemporaryFolder _folder = new();
    private ChildServer _server = null!;
    private RawSipClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await ChildServer.StartAsync(_folder.Path, "--Log:Level=Warning");
        _client = new RawSipClient(_server.Sip);
    }

    public async Task DisposeAsync()
    {
        _server.Signal(ChildServer.SigTerm);
        await _server.EndAsync();
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Attacks_OverUdp_HaveTheirStatusAndCounter()
    {
        await ExpectAsync(404, "unknown_conference", _client.Request());
        await ExpectAsync(403, "from_mismatch", _client.Request(from: "sip:bob@conference.example"));
        await ExpectAsync(401, "digest_wrong_credentials", _client.Request(), password: "wrong");
        await ExpectAsync(404, "not_a_conference", _client.Request(uri: "sip:conf-%0d%0aEvil@conference.example"));
        await ExpectAsync(404, "not_a_conference", _client.Request(uri: "sip:conf-lobby@evil.example"));
        await ExpectAsync(403, "register_not_authorized", _client.Request(
            "REGISTER", "sip:conference.example", to: "sip:bob@conference.example",
            headers: "Contact: <sip:evil@192.0.2.1>"));
        await ExpectAsync(400, "body_dtd", _client.Request(
            type: Xml, body: "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a/>"));
        await ExpectAsync(400, "body_not_well_formed", _client.Request(
            type: Xml, body: "<a"));
        await ExpectAsync(400, "body_unknown_namespace", _client.Request(
            type: Xml,
            body: "<request xmlns=\"urn:ims-conference:sharing:9\" id=\"a\"><undo/></request>"));
        await ExpectAsync(415, "sip_unsupported_media_type", _client.Request(type: "application/x-evil"));
        await ExpectAsync(413, "text_too_long", _client.Request(body: new string('x', 60_000)));
        await ExpectAsync(400, "body_bad_value", _client.Request(
            type: Xml,
            body: "<request xmlns=\"urn:ims-conference:sharing:1\" id=\"a&#13;&#10;b\"><undo/></request>"));
        await ExpectAsync(404, "unknown_conference", _client.Request());
    }

    [Fact]
    public async Task ReplayedCredentials_AreRefused_AndPAssertedIdentityIsNotBelieved()
    {
        var message = _client.Request(headers: "P-Asserted-Identity: <sip:bob@conference.example>");
        var (sent, answer) = await _client.SendAsUserAsync(message, Alice, ChildServer.Password);
        Assert.Equal(404, answer.StatusCode);
        Assert.Equal(401, (await _client.SendAsync(_client.Renew(sent))).StatusCode);
        Assert.True(await CountAsync("digest_replayed") > 0);
    }

    [Fact]
    public async Task Attacks_OverTcp_EndTheirConnectionAtMost()
    {
        var huge = Encoding.UTF8.GetBytes(_client.Request(body: new string('x', 20_000_000)));
        Assert.StartsWith("SIP/2.0 513 ", await _client.SendByTcpAsync(huge), StringComparison.Ordinal);
        var large = Encoding.UTF8.GetBytes(_client.Request(body: new string('x', 1_010_000)));
        Assert.StartsWith("SIP/2.0 413 ", await _client.SendByTcpAsync(large), StringComparison.Ordinal);
        var negative = Encoding.UTF8.GetBytes(_client.Request(length: "-5"));
        Assert.StartsWith("SIP/2.0 400 ", await _client.SendByTcpAsync(negative), StringComparison.Ordinal);
        var small = Encoding.UTF8.GetBytes(_client.Request(length: "2"));
        Assert.StartsWith("SIP/2.0 401 ", await _client.SendByTcpAsync(small), StringComparison.Ordinal);
        var garbage = await _client.SendByTcpAsync([.. Enumerable.Repeat((byte)0xff, 50_000)]);
        Assert.False(garbage.StartsWith("SIP/2.0 2", StringComparison.Ordinal));
        await ExpectAsync(404, "unknown_conference", _client.Request());
    }

    [Fact]
    public async Task ImsMode_UntrustedPeer_GetsNothing_WhateverItAsserts()
    {
        using var folder = new TemporaryFolder();
        using var server = await ChildServer.StartAsync(
            folder.Path, "--mode=Ims", "--Ims:TrustedPeers=127.0.0.2", "--Ims:ScscfRoute=sip:127.0.0.2:5060");
        const string Asserted = "P-Asserted-Identity: <sip:alice@ims.example>";
        using var evil = new RawSipClient(server.Sip, "127.0.0.3");
        foreach (var method in (string[])["MESSAGE", "REGISTER", "OPTIONS", "INVITE"])
        {
            var refused = await evil.SendAsync(evil.Request(method, headers: Asserted));
            Assert.Equal((403, "This peer is not trusted"), (refused.StatusCode, refused.ReasonPhrase));
        }

        using var trusted = new RawSipClient(server.Sip, "127.0.0.2");
        Assert.Equal(404, (await trusted.SendPatientlyAsync(trusted.Request(headers: Asserted))).StatusCode);
        Assert.Equal(403, (await trusted.SendAsync(trusted.Request())).StatusCode);
    }

    private async Task ExpectAsync(int status, string reason, string message, string password = ChildServer.Password)
    {
        var before = await CountAsync(reason);
        var (_, answer) = await _client.SendAsUserAsync(message, Alice, password);
        Assert.Equal((reason, status), (reason, answer.StatusCode));
        Assert.NotEmpty(answer.Warnings);
        Assert.Equal(before + 1, await CountAsync(reason));
    }

    private async Task<double> CountAsync(string reason)
    {
        using var http = new HttpClient { BaseAddress = _server.Admin };
        var text = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        var start = $"conference_as_refusals_total{{reason=\"{reason}\"}} ";
        var line = text.Split('\n').FirstOrDefault(one => one.StartsWith(start, StringComparison.Ordinal));
        return line is null
            ? 0
            : double.Parse(line[start.Length..], System.Globalization.CultureInfo.InvariantCulture);
    }
}
