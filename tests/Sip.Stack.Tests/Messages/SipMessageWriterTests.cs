using System.Text;
using Sip.Stack.Messages;

namespace Sip.Stack.Tests.Messages;

public sealed class SipMessageWriterTests
{
    [Fact]
    public void Write_Request_IsTheWireForm()
    {
        using var writer = new SipMessageWriter(16);
        writer.RequestLine("MESSAGE", "sip:a@b").Header(SipHeaderName.CallId, "x").Header("X-Y", "grün"u8)
            .Header(SipHeaderName.Expires, 60).Body("text/plain", "hi"u8);

        Assert.Equal(
            "MESSAGE sip:a@b SIP/2.0\r\nCall-ID: x\r\nX-Y: grün\r\nExpires: 60\r\nContent-Type: text/plain\r\n"
            + "Content-Length: 2\r\n\r\nhi",
            Encoding.UTF8.GetString(writer.WrittenSpan));
    }

    [Fact]
    public void Reset_Writer_BeginsAgain()
    {
        using var writer = new SipMessageWriter();
        writer.StatusLine(200).NoBody();
        writer.Reset();
        writer.StatusLine(499).NoBody();

        Assert.Equal(
            "SIP/2.0 499 Bad Request\r\nContent-Length: 0\r\n\r\n", Encoding.ASCII.GetString(writer.ToArray()));
    }

    [Theory]
    [InlineData("a\r\nX: y")]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    [InlineData("a\0b")]
    public void Header_WithLineEndOrNul_Throws(string value)
    {
        using var writer = new SipMessageWriter();

        Assert.Throws<ArgumentException>(() => writer.Header(SipHeaderName.Subject, value));
        Assert.Throws<ArgumentException>(() => writer.Header("X-Y", value));
        Assert.Throws<ArgumentException>(() => writer.Header(SipHeaderName.Subject, Encoding.UTF8.GetBytes(value)));
        Assert.Throws<ArgumentException>(() => writer.Header(value, "x"));
        Assert.Throws<ArgumentException>(() => writer.StatusLine(400, value));
        Assert.Throws<ArgumentException>(() => writer.RequestLine("MESSAGE", value));
        Assert.Throws<ArgumentException>(() => writer.RequestLine(value, "sip:a@b"));
        Assert.Equal("a b", SipHeaderText.Clean("a\nb"));
    }

    [Theory]
    [InlineData("X Y")]
    [InlineData("X:Y")]
    [InlineData("")]
    public void Header_NameThatIsNoToken_Throws(string name)
    {
        using var writer = new SipMessageWriter();

        Assert.Throws<ArgumentException>(() => writer.Header(name, "x"));
    }

    [Theory]
    [InlineData(99)]
    [InlineData(700)]
    public void StatusLine_OutOfRange_Throws(int status)
    {
        using var writer = new SipMessageWriter();

        Assert.Throws<ArgumentOutOfRangeException>(() => writer.StatusLine(status));
    }

    [Fact]
    public void Dispose_Twice_IsHarmlessAndWritingAfterThrows()
    {
        var writer = new SipMessageWriter();
        writer.Dispose();
        writer.Dispose();

        Assert.Throws<ObjectDisposedException>(() => writer.NoBody());
    }

    [Fact]
    public void ReasonPhrases_EveryStatus_HasOne()
    {
        for (var status = 100; status < 700; status++) Assert.NotEmpty(SipReasonPhrases.For(status));
        Assert.Equal("Accepted", SipReasonPhrases.For(202));
        Assert.Equal("Too Many Hops", SipReasonPhrases.For(483));
        Assert.Equal("Bad Request", SipReasonPhrases.For(499));
    }
}
