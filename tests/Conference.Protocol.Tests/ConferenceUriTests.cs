using Xunit;

namespace Conference.Protocol.Tests;

public class ConferenceUriTests
{
    [Fact]
    public void TryParse_AnySpelling_GivesOne() => Assert.Equal(
        "sip:conf-1@conf.example", ConferenceUri.Parse("sips:conf-1@CONF.example:5061;gr=x?Subject=y").Value);

    [Theory]
    [InlineData("tel:+15550001")]
    [InlineData("sip:conf.example")]
    [InlineData("conf-1@conf.example")]
    public void TryParse_NoConference_IsFalse(string text)
    {
        Assert.False(ConferenceUri.TryParse(text, out _));
        Assert.Throws<FormatException>(() => ConferenceUri.Parse(text));
    }
}
