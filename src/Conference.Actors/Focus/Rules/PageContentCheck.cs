using System.Buffers.Binary;
using Conference.Protocol;

namespace Conference.Actors.Focus;

/// <summary>Compares a page with what its descriptor says of it.</summary>
internal static class PageContentCheck
{
    private const int PixelsMax = 32_767;

    private static ReadOnlySpan<byte> PngSignature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Whether the descriptor itself is in order.</summary>
    internal static bool IsValid(PageDescriptor page, out string? field)
    {
        field = page switch
        {
            { PixelWidth: < 1 or > PixelsMax } or { PixelHeight: < 1 or > PixelsMax } => "pixel size",
            { MediaType: not ("image/png" or "image/jpeg") } => "media type",
            { ContentBytes: < 1 } => "content size",
            _ => ContentDigest.IsDigest(page.Digest) ? null : "digest",
        };
        return field is null;
    }

    /// <summary>Whether size and digest agree with the content.</summary>
    internal static bool Matches(PageDescriptor page, ReadOnlySpan<byte> content) =>
        content.Length == page.ContentBytes && ContentDigest.OfHex(content) == page.Digest;

    /// <summary>Whether the file begins like its media type, and for PNG whether the pixel size is the one in its IHDR
    /// chunk (ISO/IEC 15948 11.2.2: width and height follow length and type, big-endian).</summary>
    internal static bool HasHeader(PageDescriptor page, ReadOnlySpan<byte> content)
    {
        if (page.MediaType == "image/jpeg") return content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]);
        return content.Length >= 24 && content.StartsWith(PngSignature)
            && BinaryPrimitives.ReadInt32BigEndian(content[16..]) == page.PixelWidth
            && BinaryPrimitives.ReadInt32BigEndian(content[20..]) == page.PixelHeight;
    }
}
