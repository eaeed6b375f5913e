namespace Conference.Store.Sqlite;

/// <summary>Large blobs as files. A file is complete and durable before the database refers to it, and is deleted
/// only after the database has ceased to.</summary>
/// <remarks>
/// Name: <c>blobs/</c> + first two digits of the digest + <c>/</c> + digest + <c>.</c> + 16 random digits. The random
/// part lets the same content be stored again while an older file of it is being removed. A file under way ends in
/// <c>.new</c>. Content: the blob's bytes and nothing else.
/// </remarks>
internal sealed class BlobFiles
{
    private readonly string _folder;

    public BlobFiles(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
        DirectorySync.Flush(Path.GetDirectoryName(Path.GetFullPath(folder))!);
    }

    /// <summary>A name not used before.</summary>
    public static string NewName(string digest) => $"{digest[..2]}/{digest}.{Guid.NewGuid():N}"[..84];

    /// <summary>Writes a file and makes it and its name durable.</summary>
    /// <exception cref="IOException">Disk full or failing; nothing is left under the name.</exception>
    public void Write(string name, ReadOnlySpan<byte> content)
    {
        var path = Path.Combine(_folder, name);
        var folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            DirectorySync.Flush(_folder);
        }

        var temporary = path + ".new";
        try
        {
            using (var file = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                RandomAccess.Write(file, content, 0);
                RandomAccess.FlushToDisk(file);
            }

            File.Move(temporary, path);
            DirectorySync.Flush(folder);
        }
        catch (IOException)
        {
            Delete(name + ".new");
            throw;
        }
    }

    /// <returns>Null when the file is not there.</returns>
    public byte[]? Read(string name)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(_folder, name));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Removes a file; one that is not there, or cannot be removed now, is left to the next sweep.</summary>
    public void Delete(string name)
    {
        try
        {
            File.Delete(Path.Combine(_folder, name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The sweep for files without a reference tries again.
        }
    }

    /// <summary>The names of all files, temporary ones included.</summary>
    public IEnumerable<string> Names() =>
        Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(_folder, path).Replace('\\', '/'));
}
