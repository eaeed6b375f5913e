using System.Net;
using Sip.Stack.Authentication;
using Sip.Stack.Messages;

namespace Sip.Stack.Tests.Authentication;

public sealed class DigestExchangeTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly IPAddress Source = IPAddress.Parse("192.0.2.7");

    private readonly DigestAuthenticator _server = new(
        new DigestOptions { Realm = "example.com" },
        new PasswordCredentialStore("example.com", [new("alice", "secret")]),
        new byte[32],
        FixedRandom.Counting());

    private readonly DigestClient _client = new("alice", "secret", FixedRandom.Counting());

    private static SipRequestBuilder NewMessage() =>
        new SipRequestBuilder("MESSAGE", "sip:conf-1@example.com")
            .From("sip:alice@example.com").To("sip:conf-1@example.com").CSeq(5);

    private SipResponse Challenge(SipRequestBuilder request, DigestOutcome expected)
    {
        var received = SipText.Request(request);
        var verdict = _server.Authenticate(received, Source, Now);
        Assert.Equal(expected, verdict.Outcome);
        return SipText.Response(_server.Refuse(received, verdict.Outcome, Now));
    }

    [Fact]
    public void Exchange_OfRequestAndChallenge_EndsAccepted()
    {
        var message = NewMessage();
        var challenge = Challenge(message, DigestOutcome.NoCredentials);

        Assert.Equal(401, challenge.StatusCode);
        Assert.Equal(["SHA-256", "MD5"], challenge.WwwAuthenticate.Select(one => one["algorithm"]));
        Assert.Equal(DigestClientOutcome.Answered, _client.Answer(challenge, message, carriedCredentials: false));
        Assert.Equal(6u, message.CSeqNumber);
        Assert.Equal("alice", _server.Authenticate(SipText.Request(message), Source, Now).User);
    }

    [Fact]
    public void Preempt_AfterOneExchange_NeedsNoChallenge()
    {
        var first = NewMessage();
        Assert.False(_client.Preempt(first));
        _client.Answer(Challenge(first, DigestOutcome.NoCredentials), first, carriedCredentials: false);
        var second = NewMessage();

        Assert.True(_client.Preempt(second));
        Assert.True(_server.Authenticate(SipText.Request(second), Source, Now).IsAccepted);
    }

    [Fact]
    public void Answer_OfProxyChallenge_GoesIntoProxyAuthorization()
    {
        var message = NewMessage();
        var challenge = SipText.Response(new SipResponseBuilder(SipText.Request(message), 407)
            .With(SipHeaderName.ProxyAuthenticate, "Digest realm=\"p\", nonce=\"n\", qop=\"auth\""));

        Assert.Equal(DigestClientOutcome.Answered, _client.Answer(challenge, message, carriedCredentials: false));
        Assert.Equal("p", Assert.Single(SipText.Request(message).ProxyAuthorization)["realm"]);
    }

    [Fact]
    public void Answer_OfSecondRefusal_LeavesTheRequestAlone()
    {
        var message = NewMessage();
        var wrong = new DigestClient("alice", "guess", FixedRandom.Counting());
        wrong.Answer(Challenge(message, DigestOutcome.NoCredentials), message, carriedCredentials: false);
        var refusal = Challenge(message, DigestOutcome.WrongCredentials);

        Assert.Equal(DigestClientOutcome.Refused, wrong.Answer(refusal, message, carriedCredentials: true));
        Assert.Equal(6u, message.CSeqNumber);
    }

    [Fact]
    public void Refuse_OfMalformedCredentials_Is400WithoutChallenge()
    {
        var response = Challenge(
            NewMessage().With(SipHeaderName.Authorization, "Digest realm=\"example.com\", qop=auth"),
            DigestOutcome.Malformed);

        Assert.Equal(400, response.StatusCode);
        Assert.Empty(response.WwwAuthenticate);
    }
}
