using System.Collections.Immutable;

namespace Conference.Client.Pages;

/// <summary>A document whose pages are in memory.</summary>
public sealed class MemoryPageSource(string documentId, string name, ImmutableArray<PageImage> pages) : IPageSource
{
    /// <inheritdoc/>
    public string DocumentId { get; } = documentId;

    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public int PageCount => pages.Length;

    /// <inheritdoc/>
    public ValueTask<PageImage?> ReadPageAsync(int number, CancellationToken cancel) =>
        ValueTask.FromResult(number >= 1 && number <= pages.Length ? pages[number - 1] : null);
}
