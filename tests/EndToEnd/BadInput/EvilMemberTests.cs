using System.Net.Sockets;
using System.Security.Cryptography;
using Sip.Stack.Authentication;
using Xunit;

namespace EndToEnd.BadInput;

/// <summary>A member with a password and bad intentions: where it says it is, and what it answers.</summary>
[Collection(StandaloneAttacks.Name)]
public sealed class EvilMemberTests(StandaloneTarget target)
{
    [Theory]
    [InlineData("sip:user3@255.255.255.255:9")]
    [InlineData("sip:user3@224.0.0.1:5060")]
    [InlineData("sip:user3@0.0.0.0:1")]
    [InlineData("sip:user3@127.0.0.1:1;transport=tcp")]
    [InlineData("sip:user3@127.0.0.1:65535;transport=sctp")]
    [InlineData("sip:user3@[::1]:1")]
    [InlineData("sip:user3@no-such-host.invalid")]
    [InlineData("sips:user3@127.0.0.1:1")]
    [InlineData("sip:user3@127.0.0.1:1?Route=%3Csip:evil%3E&body=x%0d%0aEvil:%201")]
    [InlineData("sip:user3%0d%0aEvil:%201@127.0.0.1:1")]
    [InlineData("THE-SERVER-ITSELF")]
    public async Task Contact_OfAnyKind_HarmsNobodyElse(string contact)
    {
        using var raw = await RawSip.OpenAsync("udp", target.Server.Sip);
        if (contact == "THE-SERVER-ITSELF") contact = $"sip:user3@{target.Server.Sip}";

        var reply = await RegisterAsync(raw, contact);

        Assert.Contains(reply.Status, (int[])[200, 400, 403]);
        for (var round = 0; round < 3; round++) await target.AssertOthersAreServedAsync();
        await RegisterAsync(raw, contact, expires: 0);
        await AssertNoFaultAsync();
    }

    [Theory]
    [InlineData("503 Later", "Retry-After: 4294967295\r\n")]
    [InlineData("503 Later", "Retry-After: 99999999999999999999;duration=-1 (x)\r\n")]
    [InlineData("480 Later", "Retry-After: -5\r\n")]
    [InlineData("100 Trying", "")]
    [InlineData("301 Moved", "Contact: <sip:user1@conference.example>\r\n")]
    [InlineData("401 Who", "WWW-Authenticate: Digest realm=\"x\"\r\n")]
    [InlineData("413 Large", "")]
    [InlineData("700 Odd", "")]
    [InlineData("200 OK", "Content-Length: 999999\r\n")]
    public async Task Answer_OfAnyKind_HarmsNobodyElse(string status, string header)
    {
        using var raw = await RawSip.OpenAsync("udp", target.Server.Sip);
        using var evil = await RawSip.OpenAsync("udp", target.Server.Sip);
        var contact = $"sip:user3@{evil.Address}:{evil.Port}";
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Assert.Equal(200, (await RegisterAsync(evil, contact)).Status); // deliveries go where this came from
        var answering = AnswerAsync(evil, $"{status}\r\n{{0}}\r\n{header}\r\n", asked);

        for (var round = 0; round < 3; round++) await target.AssertOthersAreServedAsync();
        await asked.Task.WaitAsync(RawSip.Patience);
        await target.AssertOthersAreServedAsync();

        await RegisterAsync(raw, contact, expires: 0);
        await target.AssertOthersAreServedAsync();
        evil.Dispose();
        await answering;
        await AssertNoFaultAsync();
    }

    // Three times each, to whatever comes, until the socket is gone.
    private static async Task AnswerAsync(RawSip evil, string answer, TaskCompletionSource asked)
    {
        string[] copied = ["Via:", "From:", "To:", "Call-ID:", "CSeq:"];
        while (true)
        {
            try
            {
                var request = await evil.DatagramTextAsync();
                var head = request.Split("\r\n").Where(
                    line => copied.Any(name => line.StartsWith(name, StringComparison.Ordinal)));
                var text = "SIP/2.0 " + answer.Replace("{0}", string.Join("\r\n", head), StringComparison.Ordinal);
                for (var copy = 0; copy < 3; copy++) await evil.SendAsync(text);
                asked.TrySetResult();
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException
                or OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task AssertNoFaultAsync()
    {
        foreach (var loop in (string[])["udp", "tcp", "close", "tcp_accept"])
        {
            Assert.Equal(
                0, await target.Metrics.ValueAsync($"conference_as_sip_loop_faults_total{{loop=\"{loop}\"}}"));
        }

        Assert.Equal(0, await target.Metrics.ValueAsync("conference_as_sip_handler_faults_total"));
        Assert.Equal(0, await target.Metrics.ValueAsync("conference_as_refusals_total{reason=\"internal_error\"}"));
    }

    private async Task<RawReply> RegisterAsync(RawSip raw, string contact, int expires = 60)
    {
        var domain = $"sip:{target.Server.Domain}";
        var digest = new DigestClient("user3", ServerUnderTest.Password, RandomNumberGenerator.Fill);
        var callId = BadBodies.NewId();
        var challenge = await AskAsync(raw, Register(string.Empty, 1));
        Assert.Equal(401, challenge.Status);
        digest.Answer(challenge.Values("WWW-Authenticate"), "REGISTER", domain, false, out var value);
        return await AskAsync(raw, Register($"Authorization: {value}\r\n", 2));

        string Register(string authorization, int number) => $"REGISTER {domain} SIP/2.0\r\n"
            + $"Via: SIP/2.0/UDP {raw.Address}:{raw.Port};rport;branch=z9hG4bK{BadBodies.NewId()}\r\n"
            + $"From: <{target.User(3)}>;tag=r\r\nTo: <{target.User(3)}>\r\nMax-Forwards: 70\r\n"
            + $"Call-ID: {callId}\r\nCSeq: {number} REGISTER\r\nContact: <{contact}>\r\nExpires: {expires}\r\n"
            + authorization + "Content-Length: 0\r\n\r\n";
    }

    // Deliveries come on the same socket.
    private static async Task<RawReply> AskAsync(RawSip raw, string text)
    {
        await raw.SendAsync(text);
        while (true)
        {
            var answer = await raw.DatagramTextAsync();
            if (answer.StartsWith("SIP/2.0 ", StringComparison.Ordinal)) return RawReply.Of(answer);
        }
    }
}
