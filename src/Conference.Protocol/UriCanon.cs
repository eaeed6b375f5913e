using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Conference.Protocol;

/// <summary>Brings URIs that name somebody to one spelling, so that they can be keys.</summary>
internal static class UriCanon
{
    /// <summary>A longer identity is refused: some S-CSCFs do not survive longer ones.</summary>
    internal const int LengthMax = 255;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_");

    private static readonly SearchValues<char> AddressCharacters = SearchValues.Create("0123456789abcdefABCDEF:.");

    internal static bool TryCanonical(ReadOnlySpan<char> text, bool allowTel, [NotNullWhen(true)] out string? canonical)
    {
        canonical = null;
        text = text.Trim();
        if (text.Length > LengthMax) return false;
        if (StartsWith(text, "tel:")) return allowTel && TryTel(text[4..], out canonical);
        if (StartsWith(text, "sip:")) return TrySip(text[4..], out canonical);
        return StartsWith(text, "sips:") && TrySip(text[5..], out canonical);
    }

    private static bool StartsWith(ReadOnlySpan<char> text, string scheme) =>
        text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase);

    private static bool TrySip(ReadOnlySpan<char> rest, [NotNullWhen(true)] out string? canonical)
    {
        canonical = null;
        var at = rest.IndexOf('@');
        if (at <= 0) return false;
        var user = rest[..at];
        var password = user.IndexOf(':');
        if (password >= 0) user = user[..password];
        var host = rest[(at + 1)..];
        var end = host.IndexOfAny(';', '?');
        if (end >= 0) host = host[..end];
        var port = host.LastIndexOf(':');
        if (port >= 0 && port > host.LastIndexOf(']')) host = host[..port];
        if (user.IsEmpty || host.IsEmpty || !IsPrintable(user) || !IsHost(host)) return false;
        canonical = string.Concat("sip:", user, "@", host.ToString().ToLowerInvariant());
        return true;
    }

    private static bool TryTel(ReadOnlySpan<char> rest, [NotNullWhen(true)] out string? canonical)
    {
        canonical = null;
        var end = rest.IndexOf(';');
        if (end >= 0) rest = rest[..end];
        Span<char> digits = stackalloc char[LengthMax];
        var count = 0;
        foreach (var c in rest)
        {
            if (c is '-' or '.' or '(' or ')') continue; // RFC 3966 5.1.1: visual separators do not count
            if (!char.IsAsciiDigit(c) && !(c == '+' && count == 0) && c is not ('*' or '#')) return false;
            digits[count++] = c;
        }

        if (count == 0 || (count == 1 && digits[0] == '+')) return false;
        canonical = string.Concat("tel:", digits[..count]);
        return true;
    }

    /// <summary>RFC 3261 25.1 host, roughly: a name or IPv4 address, or an IPv6 address in brackets.</summary>
    private static bool IsHost(ReadOnlySpan<char> text) => text is ['[', .., ']']
        ? !text[1..^1].ContainsAnyExcept(AddressCharacters)
        : !text.ContainsAnyExcept(NameCharacters);

    private static bool IsPrintable(ReadOnlySpan<char> text) =>
        text.IndexOfAnyExceptInRange('!', '~') < 0 && text.IndexOfAny('<', '>', '"') < 0;
}
