namespace Conference.Protocol;

/// <summary>One page of one shared document.</summary>
/// <param name="DocumentId">Chosen by the sharer, at most 64 characters of A-Z a-z 0-9 . _ -</param>
/// <param name="Number">From 1.</param>
public readonly record struct PageRef(string DocumentId, int Number)
{
    /// <inheritdoc/>
    public override string ToString() => $"{DocumentId}/{Number}";
}

/// <summary>What is known of a page without its content.</summary>
/// <param name="Page">Which page.</param>
/// <param name="PixelWidth">1 to 32,767.</param>
/// <param name="PixelHeight">1 to 32,767.</param>
/// <param name="MediaType"><c>image/png</c> or <c>image/jpeg</c>.</param>
/// <param name="ContentBytes">Size of the content in bytes, before Base64.</param>
/// <param name="Digest">SHA-256 of the content: 64 lower-case hexadecimal digits.</param>
public sealed record PageDescriptor(
    PageRef Page, int PixelWidth, int PixelHeight, string MediaType, int ContentBytes, string Digest);
