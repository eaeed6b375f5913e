namespace Conference.Client.Pages;

/// <summary>A document whose pages are the PNG files of a folder, in the order of their names.</summary>
public sealed class FolderPageSource : IPageSource
{
    private readonly string[] _files;

    /// <summary>Lists the folder once; files that come later are not seen.</summary>
    /// <exception cref="ArgumentException">There is no PNG file in it.</exception>
    public FolderPageSource(string documentId, string name, string folder)
    {
        _files = [.. Directory.GetFiles(folder, "*.png").Order(StringComparer.Ordinal)];
        if (_files.Length == 0) throw new ArgumentException($"No PNG file in {folder}.", nameof(folder));
        (DocumentId, Name) = (documentId, name);
    }

    /// <inheritdoc/>
    public string DocumentId { get; }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int PageCount => _files.Length;

    /// <inheritdoc/>
    public async ValueTask<PageImage?> ReadPageAsync(int number, CancellationToken cancel)
    {
        if (number < 1 || number > _files.Length || !File.Exists(_files[number - 1])) return null;
        return PageImage.FromPng(await File.ReadAllBytesAsync(_files[number - 1], cancel).ConfigureAwait(false));
    }
}
