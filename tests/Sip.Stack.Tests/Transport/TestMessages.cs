using System.Text;

namespace Sip.Stack.Tests.Transport;

/// <summary>Messages as a client writes them.</summary>
internal static class TestMessages
{
    internal static string Request(
        string method = "MESSAGE",
        string branch = "z9hG4bK-1",
        string transport = "UDP",
        string sentBy = "client.example",
        string viaParameters = ";rport",
        string body = "hello",
        string toTag = "",
        string callId = "call-1@client.example",
        uint cseq = 1,
        string? extra = null) =>
        $"{method} sip:conf@127.0.0.1 SIP/2.0\r\n"
        + $"Via: SIP/2.0/{transport} {sentBy}{(branch.Length > 0 ? ";branch=" + branch : "")}{viaParameters}\r\n"
        + "Max-Forwards: 70\r\n"
        + "From: <sip:alice@client.example>;tag=a1\r\n"
        + $"To: <sip:conf@127.0.0.1>{(toTag.Length > 0 ? ";tag=" + toTag : "")}\r\n"
        + $"Call-ID: {callId}\r\n"
        + $"CSeq: {cseq} {method}\r\n"
        + extra
        + "Content-Type: text/plain\r\n"
        + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n"
        + $"\r\n{body}";

    internal static byte[] Bytes(string message) => Encoding.UTF8.GetBytes(message);
}
