using Sip.Stack.Authentication;

namespace Sip.Stack.Tests.Authentication;

public sealed class DigestClientTests
{
    private const string Md5 = "Digest realm=\"r\", nonce=\"n1\", qop=\"auth\", algorithm=MD5";
    private const string Sha256 = "Digest realm=\"r\", nonce=\"n1\", qop=\"auth,auth-int\", algorithm=SHA-256";

    private readonly DigestClient _client = new("alice", "secret", FixedRandom.Counting());

    private string Answer(string challenge, bool refused = false)
    {
        Assert.Equal(
            DigestClientOutcome.Answered, _client.Answer([challenge], "MESSAGE", "sip:c@x", refused, out var value));
        return value;
    }

    [Fact]
    public void Answer_OfTwoAlgorithms_TakesTheStronger()
    {
        var outcome = _client.Answer([Md5, Sha256], "MESSAGE", "sip:c@x", false, out var value);

        Assert.Equal(DigestClientOutcome.Answered, outcome);
        Assert.Contains("algorithm=SHA-256", value, StringComparison.Ordinal);
        Assert.Contains("qop=auth, nc=00000001", value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Basic realm=\"r\"")]
    [InlineData("Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=SHA-512-256")]
    [InlineData("Digest realm=\"r\", nonce=\"n\", qop=\"auth-int\"")]
    [InlineData("Digest realm=\"r\"")]
    [InlineData("Digest nonce=\"n")]
    public void Answer_OfUnknownChallenge_SaysSo(string challenge) =>
        Assert.Equal(
            DigestClientOutcome.NoKnownChallenge,
            _client.Answer([challenge], "MESSAGE", "sip:c@x", false, out _));

    [Fact]
    public void Answer_AfterRefusedCredentials_GivesUpUnlessOnlyStale()
    {
        Assert.Equal(DigestClientOutcome.Refused, _client.Answer([Md5], "MESSAGE", "sip:c@x", true, out _));
        var second = Answer("Digest realm=\"r\", nonce=\"n2\", stale=TRUE", refused: true);
        Assert.Contains("nonce=\"n2\"", second, StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_OfChallengeWithoutQop_IsOfTheOldForm()
    {
        var value = Answer("Digest realm=\"r\", nonce=\"n1\", opaque=\"o\"");
        var ha1 = DigestHash.Ha1(DigestAlgorithm.Md5, "alice", "r", "secret");
        var response = DigestHash.Response(DigestAlgorithm.Md5, ha1, "MESSAGE", "sip:c@x", "n1", null, null, null);

        Assert.Contains($"response=\"{response}\"", value, StringComparison.Ordinal);
        Assert.Contains("opaque=\"o\"", value, StringComparison.Ordinal);
        Assert.DoesNotContain("nc=", value, StringComparison.Ordinal);
        Assert.DoesNotContain("cnonce=", value, StringComparison.Ordinal);
    }

    [Fact]
    public void Preempt_CountsOnUntilTheNonceChanges()
    {
        Assert.Null(_client.Preempt("MESSAGE", "sip:c@x"));
        Answer(Md5);

        Assert.Contains("nc=00000002", _client.Preempt("MESSAGE", "sip:c@x"), StringComparison.Ordinal);
        Assert.Contains("nc=00000003", Answer(Md5), StringComparison.Ordinal);
        Assert.Contains(
            "nc=00000001", Answer("Digest realm=\"r\", nonce=\"n9\", qop=auth"), StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_QuotesWhatNeedsIt()
    {
        var value = Answer("Digest realm=\"a\\\"b\", nonce=\"n\\\\1\", qop=auth");

        Assert.Contains("realm=\"a\\\"b\"", value, StringComparison.Ordinal);
        Assert.Contains("nonce=\"n\\\\1\"", value, StringComparison.Ordinal);
    }
}
