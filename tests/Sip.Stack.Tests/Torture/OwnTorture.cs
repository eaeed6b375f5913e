using System.Text;

namespace Sip.Stack.Tests.Torture;

/// <summary>One message of the project's own, and what a server must do with it.</summary>
/// <param name="Text">
/// Lines end in LF here and in CRLF on the wire. <c>{via}</c> stands for a top Via that answers come back to,
/// <c>{rest}</c> for Max-Forwards, From, To, Call-ID of a well-formed request.
/// </param>
/// <param name="Status">The final answer; 0 for none at all.</param>
/// <param name="Phrase">What the reason phrase must say, or a header field that must be there; null for
/// whatever.</param>
/// <param name="EndsStream">True when framing is lost: the stream is closed after the answer.</param>
internal sealed record OwnTorture(string Text, int Status, string? Phrase = null, bool EndsStream = false)
{
    private static int _count;

    /// <summary>The cases by name. What they are about is in RFC 3261 7, 8.2, 18.3 and RFC 4475 3.</summary>
    public static IReadOnlyDictionary<string, OwnTorture> Cases { get; } = new Dictionary<string, OwnTorture>
    {
        ["folds, blanks before colons, compact names, any case"] = new(
            "OPTIONS sip:desk@example.net;what SIP/2.0\nvIA  : {via}\nmax-FORWARDS :\n 0009\nF\t: \"A \\\"B\\\" C\"\n"
            + "   <sip:a@example.net>  ;\n tag = 1\nT:sip:desk@example.net\nI: {id}\ncSEQ: 0003\n  OPTIONS\n"
            + "s :\nX-Odd: ;;,,;\nv: SIP / 2.0 / TCP  b.example.net ;branch = z9hG4bKb ,\n"
            + " SIP/2.0/UDP 192.0.2.11; branch=\n z9hG4bKc\nl : 0\n\n", 200),
        ["request in a dialog that is not there"] = new(
            "INVITE sip:desk@example.net SIP/2.0\nVia: {via}\nFrom: <sip:a@example.net>;tag=1\n"
            + "To: <sip:desk@example.net>;tag=gone\nCall-ID: {id}\nCSeq: 2 INVITE\nContent-Length: 0\n\n", 481),
        ["method of every token character"] = new(
            "a-B.c!1%2*_+`'~ sip:desk@example.net SIP/2.0\nVia: {via}\n{rest}CSeq: 1 a-B.c!1%2*_+`'~\n"
            + "Content-Length: 0\n\n", 501, "Allow"),
        ["escaped method is another method"] = new(
            "REGIS%54ER sip:example.net SIP/2.0\nVia: {via}\n{rest}CSeq: 1 REGIS%54ER\nContent-Length: 0\n\n", 501),
        ["known method that is not served"] = new(
            "SUBSCRIBE sip:desk@example.net SIP/2.0\nVia: {via}\n{rest}CSeq: 1 SUBSCRIBE\nContent-Length: 0\n\n", 405,
            "Allow"),
        ["version of the future"] = new(
            "OPTIONS sip:desk@example.net SIP/3.0\nVia: {via}\n{rest}CSeq: 1 OPTIONS\nContent-Length: 0\n\n", 505),
        ["scheme nobody knows"] = new(
            "OPTIONS blub.x+1:what/ever SIP/2.0\nVia: {via}\n{rest}CSeq: 1 OPTIONS\nContent-Length: 0\n\n", 416),
        ["two extensions nobody knows"] = new(
            "OPTIONS sip:desk@example.net SIP/2.0\nVia: {via}\n{rest}CSeq: 1 OPTIONS\nRequire: one, two\n"
            + "Content-Length: 0\n\n", 420, "Unsupported"),
        ["body of unknown type"] = new(
            "MESSAGE sip:desk@example.net SIP/2.0\nVia: {via}\n{rest}CSeq: 1 MESSAGE\nContent-Type: a/b\n"
            + "Content-Length: 2\n\nhi", 415, "Accept"),
        ["body without type"] = new(
            "MESSAGE sip:desk@example.net SIP/2.0\nVia: {via}\n{rest}CSeq: 1 MESSAGE\nContent-Length: 2\n\nhi", 400,
            "Missing Content-Type"),
        ["spent Max-Forwards"] = new(
            "MESSAGE sip:desk@example.net SIP/2.0\nVia: {via}\nMax-Forwards: 0\nFrom: <sip:a@example.net>;tag=1\n"
            + "To: <sip:desk@example.net>\nCall-ID: {id}\nCSeq: 1 MESSAGE\nContent-Length: 0\n\n", 483),
        ["spent Max-Forwards of OPTIONS"] = new(
            "OPTIONS sip:desk@example.net SIP/2.0\nVia: {via}\nMax-Forwards: 0\nFrom: <sip:a@example.net>;tag=1\n"
            + "To: <sip:desk@example.net>\nCall-ID: {id}\nCSeq: 1 OPTIONS\nContent-Length: 0\n\n", 200),
        ["CSeq of another method"] = new(
            "OPTIONS sip:desk@example.net SIP/2.0\nVia: {via}\n{rest}CSeq: 1 INVITE\nContent-Length: 0\n\n", 400,
            "CSeq"),
        ["CSeq beyond 32 bits"] = new(
            "REGISTER sip:example.net SIP/2.0\nVia: {via}\n{rest}CSeq: 4294967296 REGISTER\nContent-Length: 0\n\n", 400,
            "CSeq"),
        ["no From"] = new(
            "OPTIONS sip:desk@example.net SIP/2.0\nVia: {via}\nTo: <sip:desk@example.net>\nCall-ID: {id}\n"
            + "CSeq: 1 OPTIONS\nContent-Length: 0\n\n", 400, "From"),
        ["no Call-ID"] = new(
            "OPTIONS sip:desk@example.net SIP/2.0\nVia: {via}\nFrom: <sip:a@example.net>;tag=1\n"
            + "To: <sip:desk@example.net>\nCSeq: 1 OPTIONS\nContent-Length: 0\n\n", 400, "Call-ID"),
        ["two From"] = new(
            "OPTIONS sip:desk@example.net SIP/2.0\nVia: {via}\n{rest}f: <sip:other@example.net>;tag=2\n"
            + "CSeq: 1 OPTIONS\nContent-Length: 0\n\n", 400, "From"),
        ["display name that does not end"] = new(
            "OPTIONS sip:desk@example.net SIP/2.0\nVia: {via}\nFrom: <sip:a@example.net>;tag=1\n"
            + "To: \"open <sip:desk@example.net>\nCall-ID: {id}\nCSeq: 1 OPTIONS\nContent-Length: 0\n\n", 400, "To"),
        ["brackets round the Request-URI"] = new(
            "OPTIONS <sip:desk@example.net> SIP/2.0\nVia: {via}\n{rest}CSeq: 1 OPTIONS\nContent-Length: 0\n\n", 400,
            "Request-URI"),
        ["unknown authorization scheme"] = new(
            "OPTIONS sip:desk@example.net SIP/2.0\nVia: {via}\n{rest}Authorization: Oracle bones=cracked\n"
            + "CSeq: 1 OPTIONS\nContent-Length: 0\n\n", 200),
        ["contact of a scheme that is not SIP"] = new(
            "REGISTER sip:example.net SIP/2.0\nVia: {via}\n{rest}CSeq: 1 REGISTER\nContact: <mailto:a@example.net>\n"
            + "Content-Length: 0\n\n", 200, "Contact"),
        ["address-of-record that is none"] = new(
            "REGISTER sip:example.net SIP/2.0\nVia: {via}\nFrom: <urn:x:y>;tag=1\nTo: <urn:x:y>\nCall-ID: {id}\n"
            + "CSeq: 1 REGISTER\nContent-Length: 0\n\n", 400, "To"),
        ["response that nobody waits for"] = new(
            "SIP/2.0 200 OK\nVia: {via}\nVia: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bKother\n{rest}"
            + "CSeq: 1 OPTIONS\nContent-Length: 0\n\n", 0),
        ["response whose status does not fit"] = new(
            "SIP/2.0 4294967496 Big\nVia: {via}\n{rest}CSeq: 1 OPTIONS\nContent-Length: 0\n\n", 0),
        ["ACK of nothing"] = new(
            "ACK sip:desk@example.net SIP/2.0\nVia: {via}\n{rest}CSeq: 1 ACK\nContent-Length: 0\n\n", 0),
        ["malformed ACK"] = new(
            "ACK sip:desk@example.net SIP/2.0\nVia: {via}\nCSeq: x ACK\nContent-Length: 0\n\n", 0),
        ["CANCEL of nothing"] = new(
            "CANCEL sip:desk@example.net SIP/2.0\nVia: {via}\n{rest}CSeq: 1 CANCEL\nContent-Length: 0\n\n", 481),
        ["negative Content-Length"] = new(
            "OPTIONS sip:desk@example.net SIP/2.0\nVia: {via}\n{rest}CSeq: 1 OPTIONS\nContent-Length: -9\n\n", 400,
            "Content-Length", EndsStream: true),
        ["two Content-Length that differ"] = new(
            "OPTIONS sip:desk@example.net SIP/2.0\nVia: {via}\n{rest}CSeq: 1 OPTIONS\nContent-Length: 0\nl: 4\n\nbody",
            400, "Content-Length", EndsStream: true),
    };

    /// <summary>The bytes, with a branch and Call-ID of their own.</summary>
    public byte[] ToBytes(string transport, int port)
    {
        var number = Interlocked.Increment(ref _count);
        var id = $"own-{number}";
        var rest = $"Max-Forwards: 70\nFrom: <sip:a@example.net>;tag=1\nTo: <sip:desk@example.net>\nCall-ID: {id}\n";
        var via = $"SIP/2.0/{transport} 127.0.0.1:{port};branch=z9hG4bKown{number};rport";
        var text = Text
            .Replace("{via}", via, StringComparison.Ordinal)
            .Replace("{rest}", rest, StringComparison.Ordinal)
            .Replace("{id}", id, StringComparison.Ordinal)
            .Replace("\n", "\r\n", StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(text);
    }

    /// <summary>Fails unless the answer is the one wanted.</summary>
    public void AssertIs(ProbeResponse response)
    {
        Assert.Equal(Status, response.Status);
        if (Phrase is null || response[Phrase] is not null) return;
        Assert.Contains(Phrase, response.Reason, StringComparison.Ordinal);
    }
}
