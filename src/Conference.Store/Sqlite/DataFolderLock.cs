namespace Conference.Store.Sqlite;

/// <summary>Keeps a second process out of the data folder. The kernel drops the lock when the process ends, however
/// it ends, so nothing is left to clean up after a crash.</summary>
internal sealed class DataFolderLock : IDisposable
{
    private readonly FileStream _file;

    private DataFolderLock(FileStream file) => _file = file;

    /// <exception cref="StoreOpenException">Another process has it, or the folder cannot be written.</exception>
    public static DataFolderLock Take(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var path = Path.Combine(folder, "store.lock");
            return new DataFolderLock(
                new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StoreOpenException($"The data folder {folder} must be writable for this process", e);
        }
        catch (IOException e)
        {
            throw new StoreOpenException(
                $"The data folder {folder} is in use by another process, or cannot be used. One server per folder: " +
                "stop the other one, or choose another Store:Sqlite:Folder.", e);
        }
    }

    public void Dispose() => _file.Dispose();
}
