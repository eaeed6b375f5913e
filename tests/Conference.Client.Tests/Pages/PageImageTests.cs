using System.Buffers.Binary;
using Conference.Client.Pages;
using Conference.Protocol;
using Xunit;

namespace Conference.Client.Tests.Pages;

public sealed class PageImageTests
{
    [Fact]
    public void Png_SaysItsSize()
    {
        var image = PageImage.FromPng(Png(827, 1_169));

        Assert.Equal((827, 1_169, "image/png", 33), (
            image!.PixelWidth, image.PixelHeight, image.MediaType, image.Content.Length));
        var page = image.Describe(new PageRef("doc", 2));
        Assert.Equal((2, 33, ContentDigest.OfHex(Png(827, 1_169))), (page.Page.Number, page.ContentBytes, page.Digest));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, -1)]
    [InlineData(32_768, 1)]
    public void Png_OfImpossibleSize_IsNoPage(int width, int height) =>
        Assert.Null(PageImage.FromPng(Png(width, height)));

    [Fact]
    public void Bytes_ThatAreNoPng_AreNoPage()
    {
        var png = Png(1, 1);

        Assert.Null(PageImage.FromPng(png.AsMemory(0, 32)));
        Assert.Null(PageImage.FromPng(new byte[40]));
        png[12] = (byte)'X';
        Assert.Null(PageImage.FromPng(png));
    }

    internal static byte[] Png(int width, int height)
    {
        var png = new byte[33];
        ((byte[])[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]).CopyTo(png, 0);
        "IHDR"u8.CopyTo(png.AsSpan(12));
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), height);
        return png;
    }
}
