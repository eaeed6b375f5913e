using System.Buffers;
using System.Security.Cryptography;

namespace Conference.Protocol;

/// <summary>The name of content: its SHA-256 digest as 64 lower-case hexadecimal digits.</summary>
public static class ContentDigest
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    /// <summary>Digits of a digest.</summary>
    public const int Length = 64;

    /// <summary>The digest of this content.</summary>
    public static string OfHex(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return Convert.ToHexStringLower(hash);
    }

    /// <summary>Whether the text has the form of a digest.</summary>
    public static bool IsDigest(ReadOnlySpan<char> text) =>
        text.Length == Length && text.IndexOfAnyExcept(Digits) < 0;
}
