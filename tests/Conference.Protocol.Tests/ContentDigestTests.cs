using Xunit;

namespace Conference.Protocol.Tests;

public class ContentDigestTests
{
    [Fact]
    public void OfHex_KnownContent_IsItsSha256() => Assert.Equal(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", ContentDigest.OfHex("abc"u8));

    [Theory]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", true)]
    [InlineData("BA7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", false)]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a", false)]
    [InlineData("", false)]
    public void IsDigest_AnyText_SaysWhether(string text, bool expected) =>
        Assert.Equal(expected, ContentDigest.IsDigest(text));
}
