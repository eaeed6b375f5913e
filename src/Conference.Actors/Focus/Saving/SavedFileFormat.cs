using System.Collections.Immutable;
using System.Xml;
using Conference.Protocol;

namespace Conference.Actors.Focus;

/// <summary>Names of the saved file (docs/saved-file.md): a zip file that holds pages, marks and a manifest.</summary>
/// <remarks>
/// <code>
/// pages/DIGEST.png (.jpg)   a page as shared, stored uncompressed, once however often it comes
/// layers/D/N.xml            the marks of page N of document D (from 1, in the manifest's order): a snapshot as on the
///                           wire with that one board
/// manifest.xml              last entry: what the conference was, its documents and pages, and size and SHA-256 of
///                           every
///                           other entry
/// </code>
/// </remarks>
public static class SavedFileFormat
{
    /// <summary>What a saved file is sent as.</summary>
    public const string MediaType = "application/zip";

    /// <summary>Of the file's name.</summary>
    public const string Extension = ".conference.zip";

    /// <summary>Of the manifest's elements. Another version has another namespace.</summary>
    public const string Namespace = "urn:ims-conference:saved-file:1";

    internal const string ManifestName = "manifest.xml";

    internal static string PageEntry(PageDescriptor page) =>
        $"pages/{page.Digest}{(page.MediaType == "image/jpeg" ? ".jpg" : ".png")}";

    internal static string LayerEntry(int document, int page) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"layers/{document}/{page}.xml");

    internal static XmlReaderSettings ReaderSettings(long charactersMax) => new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = charactersMax,
        CloseInput = false,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
    };
}

/// <summary>What was written.</summary>
/// <param name="Digest">SHA-256 of the file, its name as a blob.</param>
/// <param name="FileBytes">Size.</param>
/// <param name="MissingPages">Pages of shared documents that are not in it.</param>
/// <param name="LostPages">Digests of those that were in the cache once and are not any more.</param>
public sealed record SavedFileResult(
    string Digest, long FileBytes, ImmutableArray<PageRef> MissingPages, ImmutableHashSet<string> LostPages);

/// <summary>The content of a conference is more than a saved file may hold.</summary>
public sealed class SavedFileTooLargeException : Exception
{
    /// <summary>For the serializer of test tools.</summary>
    public SavedFileTooLargeException()
    {
    }

    /// <param name="message">How much of what.</param>
    public SavedFileTooLargeException(string message)
        : base(message)
    {
    }

    /// <param name="message">How much of what.</param>
    /// <param name="innerException">None.</param>
    public SavedFileTooLargeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
