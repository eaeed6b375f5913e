using System.Net;
using System.Text;

namespace Sip.Stack.Messages;

/// <summary>Writes where a request came from into its top Via (RFC 3261 18.2.1, RFC 3581 4).</summary>
internal static class ViaStamp
{
    /// <summary>Writes one Via line; only its first value is changed.</summary>
    internal static void Write(SipMessageWriter writer, ReadOnlySpan<byte> line, IPAddress address, int port)
    {
        writer.Begin(SipHeaderName.Via);
        var length = SipLexer.FirstValueLength(line);
        var rest = line[..length];
        var segment = SipLexer.SegmentLength(rest);
        writer.Raw(SipLexer.TrimEnd(rest[..segment]));
        rest = rest[segment..];
        var wantsPort = false;
        while (!rest.IsEmpty)
        {
            segment = SipLexer.SegmentLength(rest[1..]) + 1;
            var parameter = rest[..segment];
            rest = rest[segment..];
            if (IsNamed(parameter, "rport"u8))
            {
                wantsPort = true;
            }
            else if (!IsNamed(parameter, "received"u8))
            {
                writer.Raw(SipLexer.TrimEnd(parameter));
            }
        }

        Span<byte> text = stackalloc byte[64];
        address.TryFormat(text, out var written);
        writer.Raw(";received="u8);
        writer.Raw(text[..written]);
        if (wantsPort)
        {
            writer.Raw(";rport="u8);
            writer.Number(port);
        }

        writer.Raw(line[length..]);
        writer.Raw("\r\n"u8);
    }

    private static bool IsNamed(ReadOnlySpan<byte> segment, ReadOnlySpan<byte> name)
    {
        var equals = segment.IndexOf((byte)'=');
        return Ascii.EqualsIgnoreCase(SipLexer.Trim(segment[1..(equals < 0 ? segment.Length : equals)]), name);
    }
}
