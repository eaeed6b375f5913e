using System.Text;

namespace Sip.Stack.Messages;

/// <content>The start line (RFC 3261 7.1, 7.2).</content>
public sealed partial class SipMessageIndex
{
    /// <returns>The offset of the first header field; -1 when there is no line end at all.</returns>
    private int ParseStartLine(ReadOnlySpan<byte> message, SipParseLimits limits)
    {
        var line = message[Start..];
        var length = line.IndexOf("\r\n"u8);
        IsRequest = !StartsWithIgnoreCase(line, "SIP/"u8);
        if (length < 0 || length > limits.StartLineBytesMax)
        {
            Note(line.Length > limits.StartLineBytesMax
                ? SipParseOutcome.StartLineTooLong
                : IsRequest ? SipParseOutcome.BadStartLine : SipParseOutcome.BadStatusLine);
            if (length < 0)
            {
                return -1;
            }
        }

        line = line[..length];
        if (IsRequest)
        {
            ParseRequestLine(line);
        }
        else
        {
            ParseStatusLine(line);
        }

        return Start + length + 2;
    }

    // Method SP Request-URI SP SIP-Version, with exactly one SP each (RFC 3261 7.1).
    private void ParseRequestLine(ReadOnlySpan<byte> line)
    {
        var first = line.IndexOf((byte)' ');
        if (first < 0)
        {
            Method = new ByteRange(Start, line.Length);
            Note(SipParseOutcome.BadStartLine);
            return;
        }

        Method = new ByteRange(Start, first);
        var last = line.LastIndexOf((byte)' ');
        var version = line[(last + 1)..];
        if (last <= first + 1 || !SipLexer.IsToken(line[..first]) || !StartsWithIgnoreCase(version, "SIP/"u8))
        {
            Note(SipParseOutcome.BadStartLine);
            return;
        }

        RequestUri = new ByteRange(Start + first + 1, last - first - 1);
        if (version.Length != 7 || !version[4..].SequenceEqual("2.0"u8))
        {
            Note(IsVersion(version) ? SipParseOutcome.BadVersion : SipParseOutcome.BadStartLine);
        }
        else if (line[(first + 1)..last].ContainsAnyInRange((byte)0, (byte)' ') || line[first + 1] == '<')
        {
            Note(SipParseOutcome.BadRequestUri);
        }
    }

    // SIP-Version SP Status-Code SP Reason-Phrase; the phrase may be empty (RFC 3261 7.2).
    private void ParseStatusLine(ReadOnlySpan<byte> line)
    {
        if (line.Length < 11 || line[7] != ' ' || !line[4..7].SequenceEqual("2.0"u8))
        {
            Note(SipParseOutcome.BadStatusLine);
            return;
        }

        var code = line.Slice(8, 3);
        if (!SipLexer.IsDigits(code) || code[0] is < (byte)'1' or > (byte)'6' || (line.Length > 11 && line[11] != ' '))
        {
            Note(SipParseOutcome.BadStatusLine);
            return;
        }

        if (line.ContainsAny((byte)'\r', (byte)'\n', (byte)0))
        {
            Note(SipParseOutcome.BadStatusLine);
        }

        StatusCode = ((code[0] - '0') * 100) + ((code[1] - '0') * 10) + code[2] - '0';
        var phrase = Math.Min(12, line.Length);
        ReasonPhrase = new ByteRange(Start + phrase, line.Length - phrase);
    }

    private static bool IsVersion(ReadOnlySpan<byte> version)
    {
        var dot = version.IndexOf((byte)'.');
        return dot > 4 && SipLexer.IsDigits(version[4..dot]) && SipLexer.IsDigits(version[(dot + 1)..]);
    }

    private static bool StartsWithIgnoreCase(ReadOnlySpan<byte> text, ReadOnlySpan<byte> start) =>
        text.Length >= start.Length && Ascii.EqualsIgnoreCase(text[..start.Length], start);
}
