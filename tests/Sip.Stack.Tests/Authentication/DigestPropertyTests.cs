using System.Net;
using CsCheck;
using Sip.Stack.Authentication;
using Sip.Stack.Messages;

namespace Sip.Stack.Tests.Authentication;

/// <summary>Whatever is sent as credentials: no exception, and no way in.</summary>
public sealed class DigestPropertyTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly DigestAuthenticator _server = new(
        new DigestOptions { Realm = "r", FailuresPerSourceMax = int.MaxValue },
        new PasswordCredentialStore("r", [new("alice", "secret")]),
        new byte[32],
        FixedRandom.Counting());

    [Fact]
    public void Authenticate_OfAnyText_NeitherThrowsNorAccepts() =>
        Gen.String[0, 200].Sample(text => Assert.False(Judge(text).IsAccepted));

    [Fact]
    public void Authenticate_OfAnyParameterValues_NeitherThrowsNorAccepts() =>
        Gen.Select(Gen.String[0, 40], Gen.String[0, 40], Gen.String[0, 40], Gen.String[0, 8], Gen.String[0, 40]).Sample(
            (nonce, response, uri, count, salt) => Assert.False(Judge(
                $"Digest username=\"alice\", realm=\"r\", qop=auth, nonce={SipQuoting.Quote(nonce)}, "
                + $"response={SipQuoting.Quote(response)}, uri={SipQuoting.Quote(uri)}, "
                + $"nc={SipQuoting.Quote(count)}, cnonce={SipQuoting.Quote(salt)}").IsAccepted));

    [Fact] // One character changed anywhere in good credentials must not leave them good.
    public void Authenticate_OfCredentialsWithOneCharacterChanged_NeverAcceptsTwice()
    {
        var client = new DigestClient("alice", "secret", FixedRandom.Counting());
        client.Answer(_server.Challenges(DigestOutcome.NoCredentials, Now), "MESSAGE", "sip:c@x", false, out var good);
        Assert.True(Judge(good).IsAccepted);

        for (var at = 0; at < good.Length; at++)
        {
            Assert.False(Judge(good[..at] + (char)(good[at] ^ 1) + good[(at + 1)..]).IsAccepted);
        }
    }

    private DigestVerdict Judge(string credentials) =>
        _server.Authenticate(new DigestAttempt("MESSAGE", "sip:c@x", [credentials], IPAddress.Loopback), Now);
}
