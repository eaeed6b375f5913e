using System.Buffers;

namespace Sip.Stack.Messages;

/// <summary>The character classes and the few scans that all header readers share. RFC 3261 25.1.</summary>
internal static class SipLexer
{
    /// <summary>
    /// Parameters of one value or URI; more are a fault. Comparing two lists of parameters costs the product of their
    /// lengths, and 32 KiB of head could hold 16,000 of them. The longest list in RFC 4475 has 4.
    /// </summary>
    internal const int ParametersMax = 64;

    private const string AlphaNumeric = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    /// <summary>token: what names of methods, header fields and parameters are made of.</summary>
    internal static readonly SearchValues<byte> Token = Of(AlphaNumeric + "-.!%*_+`'~");

    /// <summary>hostname and IPv4address; "_" is no letter of a host name, but names with it are in use.</summary>
    internal static readonly SearchValues<byte> HostName = Of(AlphaNumeric + "-._");

    internal static readonly SearchValues<byte> Ipv6 = Of("0123456789abcdefABCDEF:.");

    /// <summary>LWS with the line ends of a fold.</summary>
    internal static readonly SearchValues<byte> White = Of(" \t\r\n");

    /// <summary>What ends or hides the end of a value in a list.</summary>
    private static readonly SearchValues<byte> ListMarks = Of(",\"<");

    private static readonly SearchValues<byte> SegmentMarks = Of(";,\"<>");

    internal static SearchValues<byte> Of(string characters) =>
        SearchValues.Create([.. characters.Select(c => (byte)c)]);

    internal static bool IsWhite(byte value) => value is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';

    internal static ReadOnlySpan<byte> TrimStart(ReadOnlySpan<byte> text)
    {
        var start = 0;
        while (start < text.Length && IsWhite(text[start]))
        {
            start++;
        }

        return text[start..];
    }

    internal static ReadOnlySpan<byte> TrimEnd(ReadOnlySpan<byte> text)
    {
        var end = text.Length;
        while (end > 0 && IsWhite(text[end - 1]))
        {
            end--;
        }

        return text[..end];
    }

    internal static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => TrimEnd(TrimStart(text));

    internal static bool IsToken(ReadOnlySpan<byte> text) => !text.IsEmpty && !text.ContainsAnyExcept(Token);

    internal static bool IsDigits(ReadOnlySpan<byte> text) =>
        !text.IsEmpty && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    /// <summary>Reads a number of digits only.</summary>
    /// <param name="digits">The text, without white space.</param>
    /// <param name="value">The number, or <see cref="uint.MaxValue"/> when it is larger than that.</param>
    /// <param name="isOverflow">True when it is larger than <see cref="uint.MaxValue"/>.</param>
    internal static bool TryReadNumber(ReadOnlySpan<byte> digits, out uint value, out bool isOverflow)
    {
        ulong sum = 0;
        isOverflow = false;
        value = 0;
        if (!IsDigits(digits))
        {
            return false;
        }

        foreach (var digit in digits)
        {
            sum = (sum * 10) + (uint)(digit - '0');
            if (sum > uint.MaxValue)
            {
                isOverflow = true;
                value = uint.MaxValue;
                return true;
            }
        }

        value = (uint)sum;
        return true;
    }

    /// <summary>
    /// The offset behind the closing quote of a quoted string that begins at offset 0; -1 without one.
    /// </summary>
    internal static int QuotedLength(ReadOnlySpan<byte> text)
    {
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == '"')
            {
                return i + 1;
            }
        }

        return -1;
    }

    /// <summary>
    /// The length of the first value of a comma-separated list, commas in quotes and in brackets respected. A quote
    /// or bracket that is never closed takes the rest: the reader of the value then finds the fault.
    /// </summary>
    internal static int FirstValueLength(ReadOnlySpan<byte> list)
    {
        var at = 0;
        while (true)
        {
            var mark = list[at..].IndexOfAny(ListMarks);
            if (mark < 0)
            {
                return list.Length;
            }

            at += mark;
            if (list[at] == ',')
            {
                return at;
            }

            var length = list[at] == '"' ? QuotedLength(list[at..]) : list[at..].IndexOf((byte)'>') + 1;
            if (length <= 0)
            {
                return list.Length;
            }

            at += length;
        }
    }

    /// <summary>The length up to the next ";" outside quotes and brackets.</summary>
    internal static int SegmentLength(ReadOnlySpan<byte> text)
    {
        var at = 0;
        while (true)
        {
            var mark = text[at..].IndexOfAny(SegmentMarks);
            if (mark < 0)
            {
                return text.Length;
            }

            at += mark;
            switch (text[at])
            {
                case (byte)';':
                    return at;
                case (byte)'"':
                    var length = QuotedLength(text[at..]);
                    if (length < 0)
                    {
                        return text.Length;
                    }

                    at += length;
                    break;
                default:
                    at++;
                    break;
            }
        }
    }

    /// <summary>Cuts <c>token *(;parameter)</c>.</summary>
    internal static bool TryReadTokenAndParameters(
        ReadOnlySpan<byte> value, out ReadOnlySpan<byte> token, out ReadOnlySpan<byte> parameters)
    {
        var semicolon = value.IndexOf((byte)';');
        token = Trim(semicolon < 0 ? value : value[..semicolon]);
        parameters = semicolon < 0 ? default : value[semicolon..];
        return IsToken(token);
    }

    internal static int HexValue(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };
}
