using Sip.Stack.Messages;

namespace Sip.Stack.Tests.Messages;

public sealed class SipUriTests
{
    [Fact]
    public void TryParse_AllParts_AreFound()
    {
        var uri = SipUri.Parse("SIPS:al%20ice:pa$$@Example.COM:5061;Transport=TCP;lr;x=%41?Subject=a%20b&x=");

        Assert.Equal("sips", uri.Scheme);
        Assert.Equal("al ice", uri.User);
        Assert.Equal("al%20ice", uri.UserText);
        Assert.Equal("pa$$", uri.Password);
        Assert.Equal("Example.COM", uri.Host);
        Assert.Equal(5061, uri.Port);
        Assert.Equal("tcp", uri.TransportParameter);
        Assert.True(uri.HasLooseRouting);
        Assert.Equal("A", uri.Parameters["X"]);
        Assert.Equal("Subject=a%20b&x=", uri.HeadersText);
        Assert.Equal("sips:al%20ice:pa$$@Example.COM:5061;Transport=TCP;lr;x=%41?Subject=a%20b&x=", uri.ToString());
    }

    [Theory]
    [InlineData("sip:example.com")]
    [InlineData("sip:[2001:db8::1]:5060;lr")]
    [InlineData("sip:user;par=u%40example.net@example.com")]
    [InlineData("sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_(isn't)@example.com")]
    [InlineData("sip:sips%3Auser%40example.com@example.net")]
    [InlineData("sip:null-%00-null@example.com")]
    [InlineData("sip:carol@xyz.invalid;alias=192.0.2.45~51213~5;transport=ws")]
    [InlineData("sip:term@192.0.2.10:5060;lr;received=sip:192.0.2.41:53976%3btransport%3dudp")]
    [InlineData("tel:+1-555-0001;phone-context=example.com")]
    [InlineData("tel:*21#;phone-context=+1")]
    [InlineData("urn:service:sos")]
    [InlineData("http://www.example.com/?q=1")]
    public void ToString_OfParsed_IsTheSame(string text)
    {
        var uri = SipUri.Parse(text);

        Assert.Equal(text, uri.ToString());
        Assert.Equal(uri, SipUri.Parse(uri.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("sip")]
    [InlineData("sip:")]
    [InlineData("1sip:a@b")]
    [InlineData("sip:@b")]
    [InlineData("sip:a@")]
    [InlineData("sip:a@b@c")]
    [InlineData("sip:a b@c")]
    [InlineData("sip:a@b c")]
    [InlineData(" sip:a@b")]
    [InlineData("sip:a@b ")]
    [InlineData("sip:a@b:")]
    [InlineData("sip:a@b:0")]
    [InlineData("sip:a@b:65536")]
    [InlineData("sip:a@b:5o60")]
    [InlineData("sip:a@[::1")]
    [InlineData("sip:a@[::g]")]
    [InlineData("sip:a@[::1]x")]
    [InlineData("sip:a@::1")]
    [InlineData("sip:a@b;")]
    [InlineData("sip:a@b;;lr")]
    [InlineData("sip:a@b;=x")]
    [InlineData("sip:a@b?")]
    [InlineData("sip:a%@b")]
    [InlineData("sip:a%4g@b")]
    [InlineData("sip:a@b\r\nX: y")]
    [InlineData("sip:a\0@b")]
    [InlineData("sip:jürgen@b")]
    [InlineData("sip:<a@b>")]
    [InlineData("tel:")]
    [InlineData("tel:1+2")]
    [InlineData("tel:hello")]
    public void TryParse_Malformed_IsFalse(string text)
    {
        Assert.False(SipUri.TryParse(text, out var uri));
        Assert.Null(uri);
    }

    /// <summary>The examples of RFC 3261 19.1.4, and what they leave open.</summary>
    [Theory]
    [InlineData("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp", true)]
    [InlineData("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5", true)]
    [InlineData("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;newparam=5", true)]
    [InlineData(
        "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
        "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com",
        true)]
    [InlineData(
        "sip:alice@atlanta.com?subject=project%20x&priority=urgent",
        "sip:alice@atlanta.com?priority=urgent&subject=project%20x",
        true)]
    [InlineData("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP", false)]
    [InlineData("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060", false)]
    [InlineData("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp", false)]
    [InlineData("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp", false)]
    [InlineData("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting", false)]
    [InlineData("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4", false)]
    [InlineData("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off", false)]
    [InlineData("sip:a@b;maddr=1", "sip:a@b", false)]
    [InlineData("sip:a@b;ttl=1", "sip:a@b", false)]
    [InlineData("sip:a@b;user=phone", "sip:a@b", false)]
    [InlineData("sip:a@b", "sips:a@b", false)]
    [InlineData("sip:a@b", "sip:b", false)]
    [InlineData("sip:a:x@b", "sip:a:y@b", false)]
    [InlineData("sip:a;a=;a?4", "sip:a;a=;a?4", true)] // found by CsCheck: a name that stands twice
    [InlineData("sip:a%3b@b", "sip:a%3B@b", true)]
    [InlineData("sip:a%3B@b", "sip:a;@b", false)]
    [InlineData("sip:a%2541@b", "sip:a%41@b", false)]
    [InlineData("sip:%00@b", "sip:%00%00@b", false)]
    [InlineData("tel:+1-555-0001", "tel:+15550001", true)]
    [InlineData("tel:555;phone-context=example.com", "tel:5.5.5;phone-context=EXAMPLE.com", true)]
    [InlineData("tel:555;phone-context=example.com", "tel:555;phone-context=other.com", false)]
    [InlineData("tel:555", "tel:555;ext=1", false)]
    [InlineData("urn:a:b", "URN:a:b", true)]
    [InlineData("urn:a:b", "urn:a:c", false)]
    public void IsEquivalentTo_Pair_IsAsTheRfcSays(string left, string right, bool isSame)
    {
        Assert.Equal(isSame, SipUri.Parse(left).IsEquivalentTo(SipUri.Parse(right)));
        Assert.Equal(isSame, SipUri.Parse(right).IsEquivalentTo(SipUri.Parse(left)));
    }

    [Fact]
    public void User_SetFromText_IsEscaped()
    {
        var uri = new SipUri { Scheme = "sip", User = "a b@ü\0", Host = "example.com" };

        Assert.Equal("sip:a%20b%40%C3%BC%00@example.com", uri.ToString());
        Assert.Equal("a b@ü\0", SipUri.Parse(uri.ToString()).User);
    }

    [Fact]
    public void Parameters_With_KeepTheOrder()
    {
        var uri = SipUri.Parse("sip:a@b;x=1;lr");

        var more = uri with { Parameters = uri.Parameters.With("x", "2").With("y", null) };
        Assert.Equal("sip:a@b;x=2;lr;y", more.ToString());
        Assert.Equal("sip:a@b;lr", (uri with { Parameters = uri.Parameters.Without("x") }).ToString());
        Assert.Equal("sip:a@b", uri.WithoutParameters().ToString());
    }

    [Fact]
    public void Parameters_WithEscapedNames_AreFoundByTheirMeaning()
    {
        var uri = SipUri.Parse("sip:cal%6Cer@host5.example.net;%6C%72;n%61me=v%61lue%25%34%31");

        Assert.Equal("caller", uri.User);
        Assert.True(uri.HasLooseRouting);
        Assert.Equal("value%41", uri.Parameters["name"]);
    }
}
