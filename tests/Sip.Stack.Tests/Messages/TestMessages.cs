using System.Text;
using Sip.Stack.Messages;

namespace Sip.Stack.Tests.Messages;

/// <summary>Messages of the tests' own, written with bare line feeds and turned into the wire form.</summary>
internal static class TestMessages
{
    internal const string Options = """
        OPTIONS sip:conf-1@conf.example SIP/2.0
        Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1
        Max-Forwards: 70
        From: <sip:alice@example.com>;tag=a1
        To: <sip:conf-1@conf.example>
        Call-ID: c1@example.com
        CSeq: 7 OPTIONS
        Content-Length: 0


        """;

    /// <summary>As a Kamailio S-CSCF sends it: five Via lines, two Route entries in a line, Via not first.</summary>
    internal const string Invite = """
        INVITE sip:conf-1@conf.ims.example SIP/2.0
        Record-Route: <sip:192.0.2.12;lr>
        Route: <sip:192.0.2.30:5060;lr>, <sip:mark@192.0.2.12:5060;lr;s=1;h=1;d=2;a=7369703a636f6e662d31>
        P-Served-User: <sip:conf-1@conf.ims.example>;sescase=term;regstate=unreg
        Record-Route: <sip:192.0.2.12;lr>
        Record-Route: <sip:192.0.2.10;lr>
        Via: SIP/2.0/UDP 192.0.2.12;branch=z9hG4bK3a79.69db8e342ff7b98baadecd1234058a0c.0
        Via: SIP/2.0/UDP 192.0.2.11;branch=z9hG4bK3a79.8cdd774f1cdf6f81b17af4c7fc411e61.1
        Via: SIP/2.0/UDP 192.0.2.12;branch=z9hG4bK3a79.00b3b00deef3b26e5d187d1e52976359.0
        Via: SIP/2.0/UDP 192.0.2.10;branch=z9hG4bK3a79.7c8f751a81ecc93918da8c24bfc94c54.0
        Via: SIP/2.0/UDP 192.0.2.41:53976;received=192.0.2.41;branch=z9hG4bKfae0fbefdce64d82;rport=53976
        Max-Forwards: 66
        From: <sip:alice@ims.example>;tag=d44287fc
        To: <sip:conf-1@conf.ims.example>
        Call-ID: dbc2a43dac004e1eb70c7431901b12cd
        CSeq: 1 INVITE
        Contact: <sip:alice@192.0.2.41:53976>
        User-Agent: test
        Content-Type: application/sdp
        Content-Length: 90
        P-Asserted-Identity: <sip:alice@ims.example>
        P-Charging-Vector: icid-value=4956537F000001670100000D02000000; icid-generated-at=192.0.2.10

        v=0
        o=- 1 1 IN IP4 192.0.2.141
        s=-
        c=IN IP4 192.0.2.141
        t=0 0
        m=audio 40100 RTP/AVP 0
        """;

    internal static byte[] Wire(string text) =>
        Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n").Replace("\n", "\r\n", StringComparison.Ordinal));

    /// <summary>The OPTIONS with one line put ahead of Content-Length.</summary>
    internal static byte[] OptionsWith(string line) =>
        Wire(Options.Replace("Content-Length: 0", $"{line}\nContent-Length: 0", StringComparison.Ordinal));

    /// <summary>The OPTIONS with a text of it exchanged.</summary>
    internal static byte[] OptionsWhere(string text, string other)
    {
        if (!Options.Contains(text, StringComparison.Ordinal)) throw new ArgumentException($"No {text}", nameof(text));
        return Wire(Options.Replace(text, other, StringComparison.Ordinal));
    }

    internal static SipRequest Read(byte[] bytes)
    {
        Assert.Equal(SipParseOutcome.Ok, SipMessageReader.TryRead(bytes, SipParseLimits.Default, out var message));
        return Assert.IsType<SipRequest>(message);
    }

    internal static SipRequest ReadWith(string line) => Read(OptionsWith(line));

    internal static SipParseOutcome Outcome(byte[] bytes) =>
        SipMessageReader.TryRead(bytes, SipParseLimits.Default, out _);
}
