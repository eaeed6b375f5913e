namespace Conference.Client.Pages;

/// <summary>A document that this participant can show page by page: converted files, a scanner, a screen.</summary>
public interface IPageSource
{
    /// <summary>Unique in the conference, at most 64 characters of A-Z a-z 0-9 . _ -</summary>
    string DocumentId { get; }

    /// <summary>Shown to others, up to 256 characters.</summary>
    string Name { get; }

    /// <summary>1 or more.</summary>
    int PageCount { get; }

    /// <summary>Reads one page. A page gives the same bytes each time: the server compares digests.</summary>
    /// <param name="number">From 1.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>Null when the page cannot be had (any more); the server is told so.</returns>
    ValueTask<PageImage?> ReadPageAsync(int number, CancellationToken cancel);
}
