using Xunit;

namespace Conference.Protocol.Tests;

public class ParticipantUriTests
{
    [Theory]
    [InlineData("sip:alice@example.org", "sip:alice@example.org")]
    [InlineData(" SIPS:Alice@EXAMPLE.org:5061;transport=tcp?Subject=x ", "sip:Alice@example.org")]
    [InlineData("sip:alice:secret@example.org", "sip:alice@example.org")]
    [InlineData("sip:alice@[2001:DB8::1]:5060", "sip:alice@[2001:db8::1]")]
    [InlineData("sip:+15550001;phone-context=x@192.0.2.1", "sip:+15550001;phone-context=x@192.0.2.1")]
    [InlineData("tel:+1-555-(00).01;ext=5", "tel:+15550001")]
    public void TryParse_AnySpelling_GivesOne(string text, string canonical)
    {
        Assert.True(ParticipantUri.TryParse(text, out var uri));
        Assert.Equal(canonical, uri.Value);
        Assert.Equal(uri, ParticipantUri.Parse(uri.Value));
    }

    [Theory]
    [InlineData("")]
    [InlineData("alice")]
    [InlineData("sip:")]
    [InlineData("sip:example.org")]
    [InlineData("sip:@example.org")]
    [InlineData("sip:alice@")]
    [InlineData("sip:alice@:5060")]
    [InlineData("sip:alice@a@b")]
    [InlineData("sip:alice@exa mple.org")]
    [InlineData("sip:alice@example.org,sip:bob")]
    [InlineData("sip:alice@[::1")]
    [InlineData("sip:al\"ice@example.org")]
    [InlineData("sip:al\r\nice@example.org")]
    [InlineData("sip:<alice@example.org>")]
    [InlineData("tel:")]
    [InlineData("tel:+")]
    [InlineData("tel:1+2")]
    [InlineData("tel:abc")]
    [InlineData("http://example.org")]
    public void TryParse_NoIdentity_IsFalse(string text)
    {
        Assert.False(ParticipantUri.TryParse(text, out var uri));
        Assert.Equal(string.Empty, uri.Value);
        Assert.Throws<FormatException>(() => ParticipantUri.Parse(text));
    }

    [Fact]
    public void TryParse_TooLong_IsFalse() =>
        Assert.False(ParticipantUri.TryParse($"sip:{new string('a', 250)}@b.c", out _));
}
