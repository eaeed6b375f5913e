using System.Buffers;
using System.Text;

namespace Sip.Stack.Messages;

/// <summary>quoted-string to text and back (RFC 3261 25.1).</summary>
public static class SipQuoting
{
    private static readonly SearchValues<char> Token =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.!%*_+`'~:[]/@");

    /// <summary>The text inside the quotes, escapes resolved. A text without quotes comes back as it is.</summary>
    public static string? Unquote(string? text)
    {
        if (text is null || text.Length < 2 || text[0] != '"' || text[^1] != '"')
        {
            return text;
        }

        var inside = text.AsSpan(1, text.Length - 2);
        if (!inside.Contains('\\'))
        {
            return inside.ToString();
        }

        var plain = new StringBuilder(inside.Length);
        for (var i = 0; i < inside.Length; i++)
        {
            plain.Append(inside[i] == '\\' && i + 1 < inside.Length ? inside[++i] : inside[i]);
        }

        return plain.ToString();
    }

    /// <summary>
    /// The text in quotes, with <c>"</c> and <c>\</c> escaped. CR, LF and NUL become spaces: a display name may come in
    /// with an escaped NUL (RFC 4475 3.1.1.2), and nobody is to be sent it.
    /// </summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var letter in text)
        {
            if (letter is '"' or '\\')
            {
                quoted.Append('\\');
            }

            quoted.Append(letter is '\r' or '\n' or '\0' ? ' ' : letter);
        }

        return quoted.Append('"').ToString();
    }

    internal static string QuoteIfNeeded(string value) =>
        value.Length > 0 && !value.AsSpan().ContainsAnyExcept(Token) ? value : Quote(value);
}
