using System.Text;
using Sip.Stack.Delivery;
using Sip.Stack.Messages;

namespace Sip.Stack.Tests.Delivery;

public sealed class DeliveryResponseTests
{
    private const string Token = "0123456789abcdef01234567";

    [Theory]
    [InlineData("Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKfan-" + Token + ";rport=5060")]
    [InlineData("v:SIP/2.0/TCP [::1]:5060;rport;branch=z9hG4bKfan-" + Token)]
    [InlineData("VIA \t : SIP/2.0/UDP 10.0.0.1;received=10.0.0.1;branch=z9hG4bKfan-" + Token)]
    public void TryRead_WithOurVia_GivesStatusAndToken(string via)
    {
        var message = Response("SIP/2.0 480 Away", "Record-Route: <sip:a;lr>", via, "CSeq: 1 MESSAGE");

        Assert.True(DeliveryResponse.TryRead(message, out var status, out var token));
        Assert.Equal(480, status);
        Assert.Equal(Token, Encoding.ASCII.GetString(token));
    }

    [Theory]
    [InlineData("SIP/2.0 200 OK", "Via: SIP/2.0/UDP h;branch=z9hG4bKother", "CSeq: 1 MESSAGE")]
    [InlineData("SIP/2.0 200 OK", "Via: SIP/2.0/UDP h;branch=z9hG4bKfan-" + Token, "CSeq: 1 INVITE")]
    [InlineData(
        "SIP/2.0 200 OK", "Via: SIP/2.0/UDP h;branch=z9hG4bKfan-" + Token + ", SIP/2.0/UDP b", "CSeq: 1 MESSAGE")]
    [InlineData("SIP/2.0 200 OK", "Via: SIP/2.0/UDP h;branch=z9hG4bKfan-0123", "CSeq: 1 MESSAGE")]
    [InlineData("SIP/2.0 2x0 OK", "Via: SIP/2.0/UDP h;branch=z9hG4bKfan-" + Token, "CSeq: 1 MESSAGE")]
    [InlineData("SIP/2.0 200 OK", "X: y", "CSeq: 1 MESSAGE")]
    [InlineData("MESSAGE sip:a@b SIP/2.0", "Via: SIP/2.0/UDP h;branch=z9hG4bKfan-" + Token, "CSeq: 1 MESSAGE")]
    public void TryRead_OfAnythingElse_IsRefused(string start, string via, string cseq) =>
        Assert.False(DeliveryResponse.TryRead(Response(start, via, cseq), out _, out _));

    [Fact]
    public void TryRead_WithTwoViaLines_IsRefused() => Assert.False(DeliveryResponse.TryRead(
        Response(
            "SIP/2.0 200 OK", "Via: SIP/2.0/UDP h;branch=z9hG4bKfan-" + Token,
            "Via: SIP/2.0/UDP h;branch=z9hG4bKfan-" + Token, "CSeq: 1 MESSAGE"),
        out _,
        out _));

    [Fact]
    public void TryRead_OfEveryPrefix_NeverThrows()
    {
        var message = Response("SIP/2.0 200 OK", "Via: SIP/2.0/UDP h;branch=z9hG4bKfan-" + Token, "CSeq: 1 MESSAGE");
        for (var length = 0; length < message.Length; length++)
            DeliveryResponse.TryRead(message.AsSpan(0, length), out _, out _);
    }

    [Theory]
    [InlineData("Content-Length: 0")]
    [InlineData("content-length :  0 ")]
    [InlineData("l:0")]
    public void TryReadFrame_OfAPlainResponse_CutsItWhereTheFrameReaderDoes(string length)
    {
        byte[] stream =
        [
            .. Whole("SIP/2.0 202 Accepted", "Via: SIP/2.0/TCP h;branch=z9hG4bKfan-" + Token, "CSeq: 1 MESSAGE",
                length),
            .. "SIP/2.0 200 OK\r\n"u8,
        ];

        Assert.True(DeliveryResponse.TryReadFrame(stream, out var bytes, out var status, out var token));
        Assert.Equal(202, status);
        Assert.Equal(Token, Encoding.ASCII.GetString(token));
        Assert.True(new SipFrameReader().TryReadFrame(stream, SipParseLimits.Default, out var frame));
        Assert.Equal((SipFrameKind.Frame, bytes), (frame.Kind, frame.Length));
    }

    [Theory]
    [InlineData("Content-Length: 1")] // A body.
    [InlineData("Content-Length: 00")]
    [InlineData("Content\rLength: 0")]
    [InlineData("Content-Length: 0\r\nl: 0")]
    [InlineData("Content-Length: 0\r\n folded")]
    [InlineData("Content-Length: 0\r\n\tfolded")]
    [InlineData("Content-Length: 0\nX: y")]
    [InlineData("X: y")]
    [InlineData("Content-Length: 0\r\nVia: SIP/2.0/TCP h;branch=z9hG4bKfan-" + Token)]
    public void TryReadFrame_OfWhatIsNotPlain_LeavesItToTheFrameReader(string header) =>
        Assert.False(DeliveryResponse.TryReadFrame(
            Whole("SIP/2.0 200 OK", "Via: SIP/2.0/TCP h;branch=z9hG4bKfan-" + Token, "CSeq: 1 MESSAGE", header),
            out _, out _, out _));

    [Fact]
    public void TryReadFrame_OfOtherResponsesAndRequests_IsRefused()
    {
        const string via = "Via: SIP/2.0/TCP h;branch=z9hG4bKfan-" + Token;
        Assert.False(IsFrame("SIP/2.0 200 OK", "Via: SIP/2.0/TCP h;branch=z9hG4bKother", "CSeq: 1 MESSAGE"));
        Assert.False(IsFrame("SIP/2.0 200 OK", via, "CSeq: 1 INVITE"));
        Assert.False(IsFrame("SIP/2.0 200 OK", via, "X: y"));
        Assert.False(IsFrame("MESSAGE sip:a@b SIP/2.0", via, "CSeq: 1 MESSAGE"));
        Assert.False(IsFrame("SIP/2.0 200 OK", via, "CSeq: 1 MESSAGE", $"X: {new string('x', 2_048)}"));
        Assert.True(IsFrame("SIP/2.0 200 OK", via, "CSeq: 1 MESSAGE"));
    }

    [Fact]
    public void TryReadFrame_OfEveryPrefix_IsNotWhole()
    {
        var message = Whole(
            "SIP/2.0 200 OK", "Via: SIP/2.0/TCP h;branch=z9hG4bKfan-" + Token, "CSeq: 1 MESSAGE", "Content-Length: 0");
        for (var length = 0; length < message.Length; length++)
            Assert.False(DeliveryResponse.TryReadFrame(message.AsSpan(0, length), out _, out _, out _));
        Assert.True(DeliveryResponse.TryReadFrame(message, out var whole, out _, out _));
        Assert.Equal(message.Length, whole);
    }

    [Fact]
    public void TryReadFrame_OfAnyResponse_CutsNothingThatTheFrameReaderWouldCutOtherwise()
    {
        string[] lengths =
        [
            "Content-Length: 0", "Content\rLength: 0", "l: 0", "L : 0", "Content-Length: 4\r\nl: 0", "l: 0\r\nl\r: 4",
        ];
        var random = new Random(1);
        foreach (var length in lengths)
        {
            byte[] message =
            [
                .. Whole("SIP/2.0 200 OK", "Via: SIP/2.0/TCP h;branch=z9hG4bKfan-" + Token, "CSeq: 1 MESSAGE", length),
                .. "SIP/2.0 200"u8,
            ];
            for (var end = 0; end <= message.Length; end++) AssertCutAlike(message.AsSpan(0, end));
            for (var round = 0; round < 20_000; round++)
            {
                var changed = message.ToArray();
                for (var changes = random.Next(1, 4); changes > 0; changes--) Change(changed, random);
                AssertCutAlike(changed);
            }
        }
    }

    // Mostly to what has a meaning between messages, lines and names.
    private static void Change(byte[] message, Random random)
    {
        var telling = "\r\n \t:;,-0lLvVcC/"u8;
        message[random.Next(message.Length)] =
            random.Next(4) > 0 ? telling[random.Next(telling.Length)] : (byte)random.Next(256);
    }

    private static void AssertCutAlike(ReadOnlySpan<byte> stream)
    {
        if (!DeliveryResponse.TryReadFrame(stream, out var length, out _, out _)) return;
        var isWhole = new SipFrameReader().TryReadFrame(stream, SipParseLimits.Default, out var frame);
        Assert.True(
            isWhole && frame.Kind == SipFrameKind.Frame && frame.Length == length,
            $"{frame} instead of {length} bytes: {Encoding.Latin1.GetString(stream)}");
    }

    private static bool IsFrame(string start, params string[] headers) =>
        DeliveryResponse.TryReadFrame(Whole([start, .. headers, "Content-Length: 0"]), out _, out _, out _);

    [Theory]
    [InlineData("Retry-After: 30", 30)]
    [InlineData("retry-after :7 (busy);duration=60", 7)]
    public void RetryAfter_WithSeconds_IsRead(string header, int seconds) => Assert.Equal(
        TimeSpan.FromSeconds(seconds), DeliveryResponse.RetryAfter(Response("SIP/2.0 503 Busy", "CSeq: 1 M", header)));

    [Theory]
    [InlineData("Retry-After: soon")]
    [InlineData("X: 30")]
    public void RetryAfter_WithoutSeconds_IsNull(string header) =>
        Assert.Null(DeliveryResponse.RetryAfter(Response("SIP/2.0 503 Busy", header)));

    private static byte[] Whole(params string[] lines) =>
        Encoding.ASCII.GetBytes(string.Join("\r\n", lines) + "\r\n\r\n");

    private static byte[] Response(params string[] lines) =>
        Encoding.ASCII.GetBytes(string.Join("\r\n", lines) + "\r\nContent-Length: 0\r\n\r\n");
}
