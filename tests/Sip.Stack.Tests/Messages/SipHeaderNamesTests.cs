using System.Text;
using Sip.Stack.Messages;

namespace Sip.Stack.Tests.Messages;

public sealed class SipHeaderNamesTests
{
    [Fact]
    public void Find_EveryKnownNameInAnyCase_IsFound()
    {
        foreach (var name in Enum.GetValues<SipHeaderName>().Where(n => n != SipHeaderName.Unknown))
        {
            var text = SipHeaderNames.Text(name);
            Assert.Equal(name, SipHeaderNames.Find(Encoding.ASCII.GetBytes(text)));
            Assert.Equal(name, SipHeaderNames.Find(Encoding.ASCII.GetBytes(text.ToUpperInvariant())));
            Assert.Equal(name, SipHeaderNames.Find(text.ToLowerInvariant()));
        }
    }

    [Fact]
    public void Count_FitsTheBitsOfTheIndex() => Assert.InRange(SipHeaderNames.Count, 2, 64);

    [Theory]
    [InlineData("v", SipHeaderName.Via)]
    [InlineData("F", SipHeaderName.From)]
    [InlineData("t", SipHeaderName.To)]
    [InlineData("i", SipHeaderName.CallId)]
    [InlineData("M", SipHeaderName.Contact)]
    [InlineData("l", SipHeaderName.ContentLength)]
    [InlineData("c", SipHeaderName.ContentType)]
    [InlineData("e", SipHeaderName.ContentEncoding)]
    [InlineData("k", SipHeaderName.Supported)]
    [InlineData("o", SipHeaderName.Event)]
    [InlineData("z", SipHeaderName.Unknown)]
    [InlineData("1", SipHeaderName.Unknown)]
    [InlineData("", SipHeaderName.Unknown)]
    [InlineData("Vib", SipHeaderName.Unknown)]
    [InlineData("C%6Fntact", SipHeaderName.Unknown)]
    public void Find_Name_GivesTheHeader(string text, SipHeaderName name) =>
        Assert.Equal(name, SipHeaderNames.Find(Encoding.ASCII.GetBytes(text)));

    [Theory]
    [InlineData(SipHeaderName.CallId, "Call-ID")]
    [InlineData(SipHeaderName.CSeq, "CSeq")]
    [InlineData(SipHeaderName.WwwAuthenticate, "WWW-Authenticate")]
    [InlineData(SipHeaderName.PAssertedIdentity, "P-Asserted-Identity")]
    [InlineData(SipHeaderName.PAssociatedUri, "P-Associated-URI")]
    [InlineData(SipHeaderName.MaxForwards, "Max-Forwards")]
    public void Text_Name_IsThatOfTheSpecification(SipHeaderName name, string text) =>
        Assert.Equal(text, SipHeaderNames.Text(name));
}
