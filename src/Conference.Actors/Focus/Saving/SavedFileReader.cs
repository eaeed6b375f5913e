using System.Collections.Immutable;
using System.IO.Compression;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Xml;

namespace Conference.Actors.Focus;

/// <summary>Opens a saved file: verifies every entry against the manifest, then gives out documents, pages and boards.
/// </summary>
/// <remarks>Reads no more than the limits and what the manifest says, whatever the zip headers say.</remarks>
public sealed class SavedFileReader : IDisposable
{
    private readonly ZipArchive _zip;
    private readonly SavedFileLimits _limits;

    private SavedFileReader(ZipArchive zip, SavedFileLimits limits) => (_zip, _limits) = (zip, limits);

    /// <summary>What is in it.</summary>
    public SavedConference Conference { get; private set; } = null!;

    /// <summary>Opens a file and verifies all of it.</summary>
    /// <param name="file">Seekable; stays open as long as the reader.</param>
    /// <param name="limits">What is taken.</param>
    /// <param name="fault">Why it cannot be opened.</param>
    /// <returns>Null when it cannot be opened.</returns>
    public static SavedFileReader? TryOpen(Stream file, SavedFileLimits limits, out SavedFileFault fault)
    {
        ZipArchive zip;
        try
        {
            zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            _ = zip.Entries.Count;
        }
        catch (InvalidDataException)
        {
            fault = SavedFileFault.NotZip;
            return null;
        }

        var reader = new SavedFileReader(zip, limits);
        try
        {
            fault = reader.Verify();
        }
        catch (InvalidDataException)
        {
            fault = SavedFileFault.NotZip; // a damaged entry
        }

        if (fault == SavedFileFault.None) return reader;
        reader.Dispose();
        return null;
    }

    /// <summary>The content of a page, verified again.</summary>
    /// <exception cref="InvalidDataException">The file changed since it was opened.</exception>
    public byte[] ReadPage(PageDescriptor page)
    {
        var fault = TryRead(
            SavedFileFormat.PageEntry(page), page.ContentBytes, page.Digest, _limits.PageBytesMax, out var content);
        return fault == SavedFileFault.None ? content! : throw new InvalidDataException($"{page.Page}: {fault}");
    }

    /// <inheritdoc/>
    public void Dispose() => _zip.Dispose();

    private SavedFileFault Verify()
    {
        if (_zip.Entries.Count > _limits.EntriesMax) return SavedFileFault.TooLarge;
        var fault = TryReadEntry(SavedFileFormat.ManifestName, _limits.XmlBytesMax, out var bytes);
        if (fault != SavedFileFault.None)
        {
            return fault == SavedFileFault.EntryMissing ? SavedFileFault.BadManifest : fault;
        }

        if (SavedFileManifest.TryRead(bytes!, _limits) is not { } manifest) return SavedFileFault.BadManifest;
        if (manifest.Entries.Sum(entry => entry.Bytes) > _limits.BytesMax) return SavedFileFault.TooLarge;
        var names = manifest.Entries.Select(entry => entry.Name).Append(SavedFileFormat.ManifestName)
            .ToHashSet(StringComparer.Ordinal);
        if (_zip.Entries.Count > names.Count || _zip.Entries.Any(entry => !names.Contains(entry.FullName)))
        {
            return SavedFileFault.EntryUnknown;
        }

        foreach (var entry in manifest.Entries.Where(entry => !entry.IsLayer).DistinctBy(entry => entry.Name))
        {
            fault = TryRead(entry.Name, entry.Bytes, entry.Digest, _limits.PageBytesMax, out _);
            if (fault != SavedFileFault.None) return fault;
        }

        return ReadLayers(manifest);
    }

    private SavedFileFault ReadLayers(SavedFileManifest manifest)
    {
        var layers = manifest.Entries.Where(entry => entry.IsLayer)
            .ToLookup(entry => entry.Page.DocumentId, StringComparer.Ordinal);
        var documents = ImmutableArray.CreateBuilder<SavedDocument>();
        foreach (var document in manifest.Conference.Documents)
        {
            var boards = ImmutableDictionary.CreateBuilder<int, Board>();
            foreach (var layer in layers[document.DocumentId])
            {
                var fault = TryRead(layer.Name, layer.Bytes, layer.Digest, _limits.XmlBytesMax, out var content);
                if (fault != SavedFileFault.None) return fault;
                if (ReadLayer(content!, layer) is not { } board) return SavedFileFault.BadLayer;
                boards[layer.Page.Number] = board;
            }

            documents.Add(document with { Boards = boards.ToImmutable() });
        }

        Conference = manifest.Conference with { Documents = documents.ToImmutable() };
        return SavedFileFault.None;
    }

    private Board? ReadLayer(byte[] content, SavedFileEntry layer)
    {
        var limits = ProtocolLimits.Default with
        {
            BodyBytesMax = _limits.XmlBytesMax, ElementsMax = _limits.XmlBytesMax / 16,
        };
        ServerMessageReader.TryRead(content, limits, out var message, out _);
        if (message is not Snapshot { Boards: [var state] } || state.Page != layer.Page) return null;
        var board = Board.Of(state.Marks);
        return board.Digest.ToString() == layer.BoardDigest && board.Marks.Count == state.Marks.Length ? board : null;
    }

    private SavedFileFault TryRead(string name, long bytes, string digest, int bytesMax, out byte[]? content)
    {
        content = null;
        if (bytes > bytesMax) return SavedFileFault.TooLarge;
        var fault = TryReadEntry(name, (int)bytes, out content);
        if (fault == SavedFileFault.TooLarge) return SavedFileFault.DigestMismatch; // more than the manifest says
        if (fault != SavedFileFault.None) return fault;
        return content!.Length == bytes && ContentDigest.OfHex(content) == digest
            ? SavedFileFault.None
            : SavedFileFault.DigestMismatch;
    }

    private SavedFileFault TryReadEntry(string name, int bytesMax, out byte[]? content)
    {
        content = null;
        if (_zip.GetEntry(name) is not { } entry) return SavedFileFault.EntryMissing;
        if (entry.Length > bytesMax) return SavedFileFault.TooLarge;
        using var stream = entry.Open();
        using var to = new MemoryStream((int)entry.Length);
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            if (to.Length + read > bytesMax) return SavedFileFault.TooLarge; // the header lied
            to.Write(buffer, 0, read);
        }

        content = to.ToArray();
        return SavedFileFault.None;
    }
}
