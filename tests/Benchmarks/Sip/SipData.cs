using System.Text;

namespace Benchmarks.Sip;

/// <summary>Messages as an S-CSCF sends them, written for this project.</summary>
internal static class SipData
{
    internal static readonly byte[] Invite = Message(
        "INVITE sip:conf-7f3a@conf.example SIP/2.0",
        "Record-Route: <sip:192.0.2.12;lr>",
        "Route: <sip:192.0.2.30:5060;lr>, <sip:mark@192.0.2.12:5060;lr;s=1;h=1;d=2;a=7369703a636f6e66>",
        "P-Served-User: <sip:conf-7f3a@conf.example>;sescase=term;regstate=unreg",
        "Record-Route: <sip:192.0.2.12;lr>",
        "Via: SIP/2.0/UDP 192.0.2.12;branch=z9hG4bK3a79.69db8e342ff7b98baadecd1234058a0c.0",
        "Via: SIP/2.0/UDP 192.0.2.11;branch=z9hG4bK3a79.8cdd774f1cdf6f81b17af4c7fc411e61.1",
        "Via: SIP/2.0/UDP 192.0.2.41:53976;received=192.0.2.41;branch=z9hG4bKfae0fbefdce64d82;rport=53976",
        "Max-Forwards: 66",
        "From: \"Alice\" <sip:alice@ims.example>;tag=d44287fc",
        "To: <sip:conf-7f3a@conf.example>",
        "Call-ID: dbc2a43dac004e1eb70c7431901b12cd",
        "CSeq: 1 INVITE",
        "Contact: <sip:alice@192.0.2.41:53976>;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.mmtel\"",
        "User-Agent: benchmark",
        "Content-Type: application/sdp",
        "Content-Length: 90",
        "P-Asserted-Identity: <sip:alice@ims.example>",
        "P-Charging-Vector: icid-value=4956537F000001670100000D02000000; icid-generated-at=192.0.2.10",
        string.Empty,
        "v=0", "o=- 1 1 IN IP4 192.0.2.41", "s=-", "c=IN IP4 192.0.2.41", "t=0 0", "m=audio 40100 RTP/AVP 0");

    /// <summary>The answer to a fan-out delivery with this branch.</summary>
    internal static byte[] Response(string branch) => Message(
        "SIP/2.0 200 OK",
        $"Via: SIP/2.0/UDP 192.0.2.30:5060;received=192.0.2.30;branch={branch};rport=5060",
        "From: <sip:conf-7f3a@conf.example>;tag=0123456789abcdef01234567",
        "Call-ID: 0123456789abcdef01234567@as.example",
        "CSeq: 1 MESSAGE",
        "To: <sip:bob@ims.example>;tag=70c31daf",
        "Content-Length: 0",
        string.Empty);

    private static byte[] Message(params string[] lines) => Encoding.UTF8.GetBytes(string.Join("\r\n", lines) + "\r\n");
}
