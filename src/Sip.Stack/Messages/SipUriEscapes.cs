using System.Buffers;
using System.Text;

namespace Sip.Stack.Messages;

/// <summary><c>%HH</c> in URIs: resolved once, never twice (RFC 3261 19.1.2).</summary>
public static class SipUriEscapes
{
    private const string Unreserved = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!~*'()";

    private static readonly SearchValues<char> UserLetters = SearchValues.Create(Unreserved + "&=+$,;?/");
    private static readonly SearchValues<char> UnreservedLetters = SearchValues.Create(Unreserved);

    /// <summary>The text with every escape resolved; octets that are no UTF-8 become U+FFFD.</summary>
    public static string Unescape(string text)
    {
        if (!text.Contains('%', StringComparison.Ordinal))
        {
            return text;
        }

        var source = Encoding.UTF8.GetBytes(text);
        var length = 0;
        for (var i = 0; i < source.Length; i++)
        {
            var isEscape = TryReadEscape(source, i, out var octet);
            source[length++] = isEscape ? octet : source[i];
            i += isEscape ? 2 : 0;
        }

        return Encoding.UTF8.GetString(source, 0, length);
    }

    /// <summary>A text as the user part of a URI: what the grammar does not allow there is escaped.</summary>
    public static string EscapeUser(string user)
    {
        if (!user.AsSpan().ContainsAnyExcept(UserLetters))
        {
            return user;
        }

        var escaped = new StringBuilder(user.Length + 8);
        foreach (var octet in Encoding.UTF8.GetBytes(user))
        {
            Append(escaped, octet, octet < 0x80 && UserLetters.Contains((char)octet));
        }

        return escaped.ToString();
    }

    /// <summary>
    /// The form in which two texts compare (RFC 3261 19.1.4): an escaped character that need not be escaped stands
    /// for itself, one of the reserved set differs from its escape, digits of an escape are capitals.
    /// </summary>
    internal static string Canonical(string text)
    {
        if (!text.Contains('%', StringComparison.Ordinal))
        {
            return text;
        }

        var source = Encoding.UTF8.GetBytes(text);
        var canonical = new StringBuilder(text.Length);
        for (var i = 0; i < source.Length; i++)
        {
            if (TryReadEscape(source, i, out var octet))
            {
                Append(canonical, octet, octet < 0x80 && UnreservedLetters.Contains((char)octet));
                i += 2;
            }
            else
            {
                canonical.Append((char)source[i]);
            }
        }

        return canonical.ToString();
    }

    private static bool TryReadEscape(ReadOnlySpan<byte> text, int at, out byte octet)
    {
        octet = 0;
        if (text[at] != '%' || at + 2 >= text.Length)
        {
            return false;
        }

        var high = SipLexer.HexValue(text[at + 1]);
        var low = SipLexer.HexValue(text[at + 2]);
        octet = (byte)((high << 4) | low);
        return high >= 0 && low >= 0;
    }

    private static void Append(StringBuilder to, byte octet, bool isPlain)
    {
        if (isPlain)
        {
            to.Append((char)octet);
        }
        else
        {
            to.Append('%').Append(octet.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}
