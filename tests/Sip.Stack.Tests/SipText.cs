using System.Text;
using Sip.Stack.Messages;

namespace Sip.Stack.Tests;

/// <summary>Messages from text, as the wire would bring them.</summary>
internal static class SipText
{
    /// <summary>Reads a request; line ends of the source file become CRLF.</summary>
    public static SipRequest ParseRequest(string text) => Assert.IsType<SipRequest>(Read(text));

    /// <summary>Reads a response.</summary>
    public static SipResponse ParseResponse(string text) => Assert.IsType<SipResponse>(Read(text));

    /// <summary>Reads back what a builder made.</summary>
    public static SipResponse Response(SipResponseBuilder builder) => Assert.IsType<SipResponse>(Read(builder.Build()));

    /// <summary>Reads back what a builder made, with a Via.</summary>
    public static SipRequest Request(SipRequestBuilder builder) =>
        Assert.IsType<SipRequest>(Read(builder.Build("SIP/2.0/UDP 127.0.0.30:5060;branch=z9hG4bK1")));

    /// <summary>A request with the header fields that every one must have.</summary>
    /// <param name="extra">Further header fields, one per line.</param>
    public static SipRequest Request(
        string method, string uri = "sip:conf-1@example.com", string extra = "", string body = "", string toTag = "")
    {
        var lines = extra.Length == 0 ? "" : extra + "\r\n";
        return ParseRequest(
            $"{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bKx1\r\nMax-Forwards: 70\r\n"
            + $"From: <sip:alice@example.com>;tag=a1\r\nTo: <sip:conf-1@example.com>{toTag}\r\n"
            + $"Call-ID: call-1\r\nCSeq: 7 {method}\r\n{lines}"
            + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
    }

    private static SipMessage Read(string text) =>
        Read(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n")));

    private static SipMessage Read(byte[] bytes)
    {
        Assert.Equal(SipParseOutcome.Ok, SipMessageReader.TryRead(bytes, SipParseLimits.Default, out var message));
        return message!;
    }
}
