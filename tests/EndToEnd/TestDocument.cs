using System.Buffers.Binary;
using Conference.Client.Pages;

namespace EndToEnd;

/// <summary>Documents whose pages look like PNG files to everybody who does not draw them.</summary>
internal static class TestDocument
{
    /// <summary>A document with pages of this size, each with content of its own.</summary>
    internal static MemoryPageSource Of(string id, int pages, int bytes = 20_000) => new(
        id, id + ".doc", [.. Enumerable.Range(1, pages).Select(number => Page(id, number, bytes))]);

    private static PageImage Page(string id, int number, int bytes)
    {
        var content = new byte[bytes];
        new Random(StringComparer.Ordinal.GetHashCode(id) ^ number).NextBytes(content);
        ReadOnlySpan<byte> head = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13];
        head.CopyTo(content);
        "IHDR"u8.CopyTo(content.AsSpan(12));
        BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(16), 827);
        BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(20), 1169);
        return PageImage.FromPng(content)!;
    }
}
