using System.Collections.Immutable;
using System.IO.Compression;
using System.Security.Cryptography;
using Conference.Actors.Ports;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Xml;

namespace Conference.Actors.Focus;

/// <summary>Writes a conference to one self-contained file and stores it as a blob.</summary>
/// <remarks>Goes page by page through a temporary file: never more than one page is in memory.</remarks>
public static class SavedFileWriter
{
    /// <summary>Writes and stores.</summary>
    /// <param name="state">What is saved.</param>
    /// <param name="blobs">Where the pages are and the file goes.</param>
    /// <param name="options">Size and lifetime of the file.</param>
    /// <param name="cancel">Ends the work; nothing is stored then.</param>
    /// <exception cref="SavedFileTooLargeException">More than
    /// <see cref="FocusOptions.SavedFileBytesMax"/>.</exception>
    /// <exception cref="StoreUnavailableException">From the blob store.</exception>
    public static async Task<SavedFileResult> WriteAsync(
        ConferenceState state, IBlobStore blobs, FocusOptions options, CancellationToken cancel)
    {
        var path = Path.Combine(Path.GetTempPath(), $"conference-save-{Guid.NewGuid():n}.zip");
        await using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        });
        var (missing, lost) = await WriteAsync(state, blobs, file, options, cancel).ConfigureAwait(false);
        file.Position = 0;
        var digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancel).ConfigureAwait(false));
        // Mapped, not read: the blob store takes memory, and the file may be as large as a few hundred megabytes.
        using var mapped = new MappedFile(file);
        await blobs.PutAsync(digest, mapped.Memory, options.SavedFileLifetime, cancel).ConfigureAwait(false);
        return new SavedFileResult(digest, file.Length, missing, lost);
    }

    private static async Task<(ImmutableArray<PageRef> Missing, ImmutableHashSet<string> Lost)> WriteAsync(
        ConferenceState state, IBlobStore blobs, Stream to, FocusOptions options, CancellationToken cancel)
    {
        using var manifest = new SavedFileManifestWriter(state);
        var missing = ImmutableArray.CreateBuilder<PageRef>();
        var lost = ImmutableHashSet.CreateBuilder<string>();
        var written = new HashSet<string>(StringComparer.Ordinal);
        var budget = new Budget(options.SavedFileBytesMax);
        await using var zip = new ZipArchive(to, ZipArchiveMode.Create, leaveOpen: true);
        var number = 0;
        foreach (var document in state.DocumentsInOrder())
        {
            manifest.BeginDocument(document);
            number++;
            for (var page = 1; page <= document.PageCount; page++)
            {
                var place = new PageRef(document.DocumentId, page);
                var content = state.FindPage(place) is { } known
                    ? await PutPageAsync(zip, known, blobs, written, budget, cancel).ConfigureAwait(false)
                    : null;
                if (content is null && state.FindPage(place) is { } gone) lost.Add(gone.Digest);
                if (content is null) missing.Add(place);
                manifest.Page(page, content);
                if (state.BoardOf(place) is { Marks.IsEmpty: false } board)
                {
                    var layer = ToLayer(state, place, board);
                    var name = SavedFileFormat.LayerEntry(number, page);
                    await PutAsync(zip, name, layer, CompressionLevel.Optimal, budget, cancel).ConfigureAwait(false);
                    manifest.Layer(page, name, layer, board);
                }
            }
        }

        var bytes = manifest.End();
        await PutAsync(zip, SavedFileFormat.ManifestName, bytes, CompressionLevel.Optimal, budget, cancel)
            .ConfigureAwait(false);
        return (missing.ToImmutable(), lost.ToImmutable());
    }

    /// <summary>The page when its content is there and whole, else null.</summary>
    private static async Task<PageDescriptor?> PutPageAsync(
        ZipArchive zip, PageDescriptor page, IBlobStore blobs, HashSet<string> written, Budget budget,
        CancellationToken cancel)
    {
        var name = SavedFileFormat.PageEntry(page); // not the digest alone: the same bytes may have two media types
        if (written.Contains(name)) return page;
        var content = await blobs.GetAsync(page.Digest, cancel).ConfigureAwait(false);
        if (content is not { } bytes || !PageContentCheck.Matches(page, bytes.Span)) return null;
        // Images are compressed already.
        await PutAsync(zip, name, bytes, CompressionLevel.NoCompression, budget, cancel).ConfigureAwait(false);
        written.Add(name);
        return page;
    }

    private static byte[] ToLayer(ConferenceState state, PageRef page, Board board) =>
        ServerMessageWriter.Write(new Snapshot(
            state.Uri, state.Revision, state.Subject, state.DefaultRights, state.IsOpen, [], [], [], page,
            [board.ToState(page)]));

    private static async Task PutAsync(
        ZipArchive zip, string name, ReadOnlyMemory<byte> content, CompressionLevel level, Budget budget,
        CancellationToken cancel)
    {
        budget.Take(content.Length);
        var entry = zip.CreateEntry(name, level);
        await using var stream = await entry.OpenAsync(cancel).ConfigureAwait(false);
        await stream.WriteAsync(content, cancel).ConfigureAwait(false);
    }

    private sealed class Budget(long bytesMax)
    {
        private long _bytes;

        internal void Take(long bytes)
        {
            _bytes += bytes;
            if (_bytes > bytesMax) throw new SavedFileTooLargeException($"More than {bytesMax} bytes to save.");
        }
    }
}
