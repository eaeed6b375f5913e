using Conference.Client.Pages;
using Xunit;

namespace Conference.Client.Tests.Pages;

public sealed class FolderPageSourceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pages-").FullName;

    [Fact]
    public async Task Pages_AreThePngFilesInTheOrderOfTheirNames()
    {
        Put("page-02.png", PageImageTests.Png(2, 1));
        Put("page-01.png", PageImageTests.Png(1, 1));
        Put("notes.txt", [1]);

        var source = new FolderPageSource("doc", "Case", _folder);

        Assert.Equal(("doc", "Case", 2), (source.DocumentId, source.Name, source.PageCount));
        Assert.Equal(1, (await source.ReadPageAsync(1, default))!.PixelWidth);
        Assert.Equal(2, (await source.ReadPageAsync(2, default))!.PixelWidth);
        Assert.Null(await source.ReadPageAsync(0, default));
        Assert.Null(await source.ReadPageAsync(3, default));
    }

    [Fact]
    public async Task Page_ThatIsGoneOrNoPng_CannotBeHad()
    {
        Put("1.png", PageImageTests.Png(1, 1));
        Put("2.png", [1, 2, 3]);
        var source = new FolderPageSource("doc", "Case", _folder);
        File.Delete(Path.Combine(_folder, "1.png"));

        Assert.Null(await source.ReadPageAsync(1, default));
        Assert.Null(await source.ReadPageAsync(2, default));
    }

    [Fact]
    public void Folder_WithoutPages_IsNoDocument() =>
        Assert.Throws<ArgumentException>(() => new FolderPageSource("doc", "Case", _folder));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Put(string name, byte[] content) => File.WriteAllBytes(Path.Combine(_folder, name), content);
}
