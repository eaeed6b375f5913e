using Sip.Stack.Messages;
using Sip.Stack.Registration;

namespace Sip.Stack.Tests.Registration;

public sealed class AddressOfRecordTests
{
    [Theory]
    [InlineData("sip:alice@example.com", "sip:alice@example.com")]
    [InlineData("SIPS:alice@EXAMPLE.com:5061;transport=tls?Subject=x", "sip:alice@example.com")]
    [InlineData("sip:%61lice:pw@example.com", "sip:alice@example.com")]
    [InlineData("sip:Alice@example.com", "sip:Alice@example.com")]
    [InlineData("sip:a%20b%40c@example.com", "sip:a%20b%40c@example.com")]
    [InlineData("sip:alice@[2001:DB8::1]", "sip:alice@[2001:db8::1]")]
    public void TryGet_OfSipUri_IsCanonical(string text, string expected)
    {
        Assert.True(AddressOfRecord.TryGet(SipUri.Parse(text), out var addressOfRecord));
        Assert.Equal(expected, addressOfRecord);
    }

    [Theory]
    [InlineData("sip:example.com")]
    [InlineData("tel:+15550001")]
    [InlineData("isbn:2983792873")]
    public void TryGet_OfUriThatNamesNoUser_IsFalse(string text) =>
        Assert.False(AddressOfRecord.TryGet(SipUri.Parse(text), out _));

    [Fact]
    public void TryGet_OfNothing_IsFalse() => Assert.False(AddressOfRecord.TryGet(null, out _));
}
