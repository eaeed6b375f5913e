using System.Net;
using Sip.Stack.Authentication;
using Sip.Stack.Messages;

namespace Sip.Stack.Tests.Authentication;

public sealed class DigestAuthenticatorTests
{
    private const string Uri = "sip:example.com";
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly IPAddress Source = IPAddress.Parse("192.0.2.7");
    private static readonly DigestOptions Options = new() { Realm = "example.com", FailuresPerSourceMax = 3 };

    private readonly DigestAuthenticator _server = Server();
    private readonly DigestClient _alice = new("alice", "secret", FixedRandom.Counting());

    private static DigestAuthenticator Server(byte key = 7, Func<string, string, bool>? isSameTarget = null) =>
        new(Options, new PasswordCredentialStore("example.com", [new("alice", "secret")]),
            Enumerable.Repeat(key, 32).ToArray(), FixedRandom.Counting(), isSameTarget);

    private static DigestAttempt Attempt(params string[] credentials) => new("REGISTER", Uri, credentials, Source);

    private string Answer(DigestClient client, DigestAlgorithm? algorithm = null, DigestAuthenticator? server = null)
    {
        var challenges = (server ?? _server).Challenges(DigestOutcome.NoCredentials, Now)
            .Where(challenge => challenge.EndsWith(algorithm?.Token() ?? string.Empty, StringComparison.Ordinal));
        Assert.Equal(
            DigestClientOutcome.Answered, client.Answer(challenges, "REGISTER", Uri, false, out var authorization));
        return authorization;
    }

    [Fact]
    public void Challenges_OfFirstRequest_OffersSha256FirstThenMd5()
    {
        var challenges = _server.Challenges(DigestOutcome.NoCredentials, Now);

        Assert.Equal(2, challenges.Count);
        Assert.EndsWith("algorithm=SHA-256", challenges[0], StringComparison.Ordinal);
        Assert.EndsWith("algorithm=MD5", challenges[1], StringComparison.Ordinal);
        Assert.All(challenges, challenge =>
        {
            Assert.StartsWith("Digest realm=\"example.com\", nonce=\"", challenge, StringComparison.Ordinal);
            Assert.Contains("qop=\"auth\"", challenge, StringComparison.Ordinal);
            Assert.Contains("opaque=\"", challenge, StringComparison.Ordinal);
            Assert.DoesNotContain("stale", challenge, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData(DigestAlgorithm.Md5)]
    [InlineData(DigestAlgorithm.Sha256)]
    public void Authenticate_OfRightAnswer_IsAccepted(DigestAlgorithm algorithm)
    {
        var verdict = _server.Authenticate(Attempt(Answer(_alice, algorithm)), Now.AddSeconds(1));

        Assert.Equal(new DigestVerdict(DigestOutcome.Accepted, "alice"), verdict);
    }

    [Fact]
    public void Authenticate_OfUserNameWithRealm_NamesTheSameUser()
    {
        var client = new DigestClient("alice@example.com", "secret", FixedRandom.Counting());

        Assert.Equal("alice", _server.Authenticate(Attempt(Answer(client)), Now).User);
    }

    [Fact]
    public void Authenticate_OfCountingOnClient_AcceptsEachCountOnce()
    {
        var first = Answer(_alice);
        var second = _alice.Preempt("REGISTER", Uri)!;

        Assert.True(_server.Authenticate(Attempt(first), Now).IsAccepted);
        Assert.True(_server.Authenticate(Attempt(second), Now).IsAccepted);
        Assert.Equal(DigestOutcome.Replayed, _server.Authenticate(Attempt(first), Now).Outcome);
        Assert.Equal(DigestOutcome.Replayed, _server.Authenticate(Attempt(second), Now).Outcome);
    }

    [Fact] // RFC 3263 4.3: a client sends the same request to its next server, credentials and count included.
    public void Challenge_AfterARepeatedCount_LetsTheClientGoOnWithoutItsUser()
    {
        var answer = Answer(_alice);
        _server.Authenticate(Attempt(answer), Now);
        var outcome = _server.Authenticate(Attempt(answer), Now).Outcome;

        var again = _alice.Answer(
            _server.Challenges(outcome, Now), "REGISTER", Uri, refusedCredentials: true, out var second);
        Assert.Equal(DigestClientOutcome.Answered, again);
        Assert.True(_server.Authenticate(Attempt(second), Now).IsAccepted);
    }

    [Fact]
    public void Authenticate_WithOldNonce_IsStaleAndSaysSo()
    {
        var verdict = _server.Authenticate(Attempt(Answer(_alice)), Now.AddMinutes(6));

        Assert.Equal(DigestOutcome.StaleNonce, verdict.Outcome);
        Assert.All(_server.Challenges(verdict.Outcome, Now), challenge =>
            Assert.Contains("stale=true", challenge, StringComparison.Ordinal));
    }

    [Fact] // A restart must not make clients ask their users for the password again.
    public void Authenticate_WithNonceOfFormerKey_IsStaleForTheRightPasswordOnly()
    {
        var former = Server(key: 9);
        var mallory = new DigestClient("alice", "guess", FixedRandom.Counting());

        var right = _server.Authenticate(Attempt(Answer(_alice, server: former)), Now).Outcome;
        var wrong = _server.Authenticate(Attempt(Answer(mallory, server: former)), Now).Outcome;

        Assert.Equal(DigestOutcome.UnknownNonce, right);
        Assert.True(DigestOutcomes.Describe(right).Stale);
        Assert.Equal(DigestOutcome.WrongCredentials, wrong);
        Assert.False(DigestOutcomes.Describe(wrong).Stale);
    }

    [Fact]
    public void Authenticate_OfWrongUserOrWrongPassword_CannotBeToldApart()
    {
        var wrongPassword = Answer(new DigestClient("alice", "guess", FixedRandom.Counting()));
        var wrongUser = Answer(new DigestClient("nobody", "secret", FixedRandom.Counting()));

        Assert.Equal(DigestOutcome.WrongCredentials, _server.Authenticate(Attempt(wrongPassword), Now).Outcome);
        Assert.Equal(DigestOutcome.WrongCredentials, _server.Authenticate(Attempt(wrongUser), Now).Outcome);
    }

    [Fact]
    public void Authenticate_AfterTooManyFailures_RefusesTheSourceWhateverItSends()
    {
        var wrong = Answer(new DigestClient("alice", "guess", FixedRandom.Counting()));
        for (var i = 0; i < 3; i++) _server.Authenticate(Attempt(wrong), Now);
        var right = Attempt(Answer(_alice));

        Assert.Equal(DigestOutcome.TooManyFailures, _server.Authenticate(right, Now).Outcome);
        Assert.True(_server.Authenticate(right with { Source = IPAddress.Parse("192.0.2.8") }, Now).IsAccepted);
        Assert.True(_server.Authenticate(Attempt(_alice.Preempt("REGISTER", Uri)!), Now.AddMinutes(1)).IsAccepted);
    }

    [Fact]
    public void Authenticate_OfCredentialsTakenFromAnotherMethod_IsRefused()
    {
        var stolen = Attempt(Answer(_alice)) with { Method = "MESSAGE" };

        Assert.Equal(DigestOutcome.WrongCredentials, _server.Authenticate(stolen, Now).Outcome);
    }

    [Theory]
    [InlineData("SIP:Example.COM", DigestOutcome.Accepted)] // equivalent, RFC 3261 19.1.4
    [InlineData("sip:other.example", DigestOutcome.UriMismatch)]
    public void Authenticate_OfCredentialsForAnotherTarget_IsMismatchUnlessEquivalent(
        string requestUri, DigestOutcome expected)
    {
        var attempt = Attempt(Answer(_alice)) with { RequestUri = requestUri };

        Assert.Equal(expected, _server.Authenticate(attempt, Now).Outcome);
    }

    [Fact]
    public void Authenticate_OfRewrittenTarget_IsAcceptedWhereTheHostSaysSo()
    {
        var server = Server(isSameTarget: (named, target) => named == Uri && target == "sip:conf@10.0.0.1");
        var attempt = Attempt(Answer(_alice, server: server)) with { RequestUri = "sip:conf@10.0.0.1" };

        Assert.True(server.Authenticate(attempt, Now).IsAccepted);
    }

    [Theory]
    [InlineData("NoOneKnowsThisScheme opaque-data=here", DigestOutcome.NoCredentials)] // RFC 4475 3.3.7
    [InlineData("Digest realm=\"elsewhere\", nonce=\"x\"", DigestOutcome.NoCredentials)]
    [InlineData("Digest realm=\"open", DigestOutcome.Malformed)]
    [InlineData("Digest realm=\"example.com\", algorithm=MD5-sess", DigestOutcome.UnknownAlgorithm)]
    [InlineData("Digest realm=\"example.com\", algorithm=SHA-512-256", DigestOutcome.UnknownAlgorithm)]
    [InlineData("Digest realm=\"example.com\"", DigestOutcome.UnknownQop)]
    [InlineData("Digest realm=\"example.com\", qop=auth-int", DigestOutcome.UnknownQop)]
    [InlineData("Digest realm=\"example.com\", qop=auth", DigestOutcome.Malformed)]
    public void Authenticate_OfCredentialsThatCannotBeJudged_NamesWhy(string credentials, DigestOutcome expected) =>
        Assert.Equal(expected, _server.Authenticate(Attempt(credentials), Now).Outcome);

    [Theory]
    [InlineData("nc=00000001", "nc=1")]
    [InlineData("nc=00000001", "nc=00000000")]
    [InlineData("nc=00000001", "nc=0000000g")]
    [InlineData("cnonce=", "xnonce=")]
    [InlineData("uri=", "xuri=")]
    public void Authenticate_OfDamagedCredentials_IsMalformed(string part, string replacement)
    {
        var damaged = Answer(_alice).Replace(part, replacement, StringComparison.Ordinal);

        Assert.Equal(DigestOutcome.Malformed, _server.Authenticate(Attempt(damaged), Now).Outcome);
    }

    [Fact]
    public void Authenticate_OfSeveralCredentials_TakesThoseOfThisRealmAndStrongestAlgorithm()
    {
        const string elsewhere = "Digest realm=\"elsewhere\", username=\"alice\", nonce=\"x\", qop=auth";
        var md5 = Answer(_alice, DigestAlgorithm.Md5);
        var sha256 = Answer(_alice, DigestAlgorithm.Sha256);

        Assert.True(_server.Authenticate(Attempt(elsewhere, md5, sha256), Now).IsAccepted);
        Assert.True(_server.Authenticate(Attempt(md5), Now).IsAccepted);                            // unused so far
        Assert.Equal(DigestOutcome.Replayed, _server.Authenticate(Attempt(sha256), Now).Outcome);   // this was the one
    }

    [Fact]
    public void Authenticate_OfNoCredentials_AsksForThem() =>
        Assert.Equal(DigestOutcome.NoCredentials, _server.Authenticate(Attempt(), Now).Outcome);

    [Theory]
    [InlineData(SipMethod.Ack, false)]
    [InlineData(SipMethod.Cancel, false)]
    [InlineData(SipMethod.Message, true)]
    public void MayChallenge_OfMethod_IsFalseForThoseThatCannotComeAgain(SipMethod method, bool expected) =>
        Assert.Equal(expected, DigestAuthenticator.MayChallenge(method));

    [Fact]
    public void Describe_OfEveryOutcome_HasAnAnswerAndItsOwnLabel()
    {
        var labels = Enum.GetValues<DigestOutcome>().Select(one => DigestOutcomes.Describe(one).Label).ToList();

        Assert.Equal(labels.Count, labels.Distinct().Count());
        Assert.All(labels, label => Assert.Matches("^[a-z_]+$", label));
    }
}
