using System.Buffers.Binary;
using Conference.Protocol;
using Conference.Protocol.Xml;

namespace Conference.Client.Pages;

/// <summary>One page as an image.</summary>
/// <param name="PixelWidth">1 to 32,767.</param>
/// <param name="PixelHeight">1 to 32,767.</param>
/// <param name="MediaType"><c>image/png</c> or <c>image/jpeg</c>.</param>
/// <param name="Content">The file's bytes; they must not change any more.</param>
public sealed record PageImage(int PixelWidth, int PixelHeight, string MediaType, ReadOnlyMemory<byte> Content)
{
    /// <summary>Reads the size from the head of a PNG file (ISO/IEC 15948 11.2.2: the first chunk is IHDR).</summary>
    /// <returns>Null when the bytes are no PNG.</returns>
    public static PageImage? FromPng(ReadOnlyMemory<byte> file)
    {
        var bytes = file.Span;
        if (bytes.Length < 33 || !IsPng(bytes)) return null;
        var width = BinaryPrimitives.ReadInt32BigEndian(bytes[16..]);
        var height = BinaryPrimitives.ReadInt32BigEndian(bytes[20..]);
        return width is < 1 or > 32_767 || height is < 1 or > 32_767
            ? null
            : new PageImage(width, height, MediaTypes.Png, file);
    }

    /// <summary>The image as the protocol describes it.</summary>
    public PageDescriptor Describe(PageRef page) =>
        new(page, PixelWidth, PixelHeight, MediaType, Content.Length, ContentDigest.OfHex(Content.Span));

    private static bool IsPng(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        && bytes[12..16].SequenceEqual("IHDR"u8);
}
