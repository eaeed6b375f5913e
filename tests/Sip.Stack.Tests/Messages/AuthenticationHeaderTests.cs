using Sip.Stack.Messages;

namespace Sip.Stack.Tests.Messages;

public sealed class AuthenticationHeaderTests
{
    [Fact]
    public void TryParse_OfQuotedTokenAndFoldedParameters_ReadsAll()
    {
        const string text = "digest username=\"al\\\"ice, the \\\\first\" ,\r\n  realm = \"x\",, nc=00000001, qop=auth";

        Assert.True(AuthenticationHeader.TryParse(text, out var value));
        Assert.True(value.IsDigest);
        Assert.Equal("al\"ice, the \\first", value["username"]);
        Assert.Equal("x", value["REALM"]);
        Assert.Equal("00000001", value["nc"]);
        Assert.Equal("auth", value["qop"]);
        Assert.Null(value["cnonce"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Digest=\"x\"")]
    [InlineData("Digest realm")]
    [InlineData("Digest realm=")]
    [InlineData("Digest realm=\"open")]
    [InlineData("Digest realm=\"open\\")]
    [InlineData("Digest realm=\"x\" nonce=\"y\"")]
    [InlineData("Digest realm=\"x\", realm=\"y\"")]
    [InlineData("Digest =\"x\"")]
    public void TryParse_OfBrokenDigest_IsFalse(string text) =>
        Assert.False(AuthenticationHeader.TryParse(text, out _));

    [Fact]
    public void TryParse_OfMoreParametersThanTheLimit_IsFalse()
    {
        var text = "Digest " + string.Join(", ", Enumerable.Range(0, 65).Select(i => $"p{i}=1"));

        Assert.False(AuthenticationHeader.TryParse(text, out _));
    }

    [Theory]
    [InlineData("Bearer abc/def==")]
    [InlineData("NoOneKnowsThisScheme opaque-data=here")]
    [InlineData("Basic YWxpY2U6c2VjcmV0")]
    public void TryParse_OfOtherScheme_IsReadButNotDigest(string text)
    {
        Assert.True(AuthenticationHeader.TryParse(text, out var value));
        Assert.False(value.IsDigest);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("a\"b\\c")]
    public void Quote_ThenTryParse_GivesTheSameText(string text)
    {
        Assert.True(AuthenticationHeader.TryParse($"Digest realm={SipQuoting.Quote(text)}", out var value));
        Assert.Equal(text, value["realm"]);
    }
}
