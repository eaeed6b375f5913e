using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Conference.Store.Sqlite;

/// <summary>The opened data folder: its lock, its threads and their connections. The three SQLite stores share one.
/// </summary>
/// <remarks>
/// Files in the folder: <c>conferences.db</c> with <c>-wal</c> and <c>-shm</c> (see <see cref="SqliteSchema"/>),
/// <c>blobs/</c> (see <see cref="BlobFiles"/>), <c>store.lock</c>.
/// Threads: one writes (group commit), <see cref="SqliteStoreOptions.ReaderCount"/> read, two write blob files.
/// </remarks>
public sealed class SqliteDatabase : IDisposable
{
    private const int BlobThreads = 2;

    private readonly SqliteStoreOptions _options;
    private readonly DataFolderLock _lock;
    private readonly StoreThread _readers;
    private readonly StoreThread _blobs;

    private SqliteDatabase(SqliteStoreOptions options, TimeProvider time, ILogger logger)
    {
        _options = options;
        Time = time;
        Logger = logger;
        _lock = DataFolderLock.Take(options.Folder);
        var path = Path.Combine(options.Folder, "conferences.db");
        Writer = new GroupCommitThread(options, () => OpenWriter(path), time, logger)
        {
            CloseTimedOut = OnCloseTimedOut,
        };
        _readers = new StoreThread("read", options.ReaderCount, options.ReadQueueLengthMax, () => OpenReader(path))
        {
            CloseTimedOut = OnCloseTimedOut,
        };
        _blobs = new StoreThread("blob", BlobThreads, options.WriteQueueLengthMax, open: null)
        {
            CloseTimedOut = OnCloseTimedOut,
        };
        try
        {
            Writer.Start();
            _readers.Start();
            _blobs.Start();
            Files = new BlobFiles(Path.Combine(options.Folder, "blobs"));
        }
        catch (Exception)
        {
            Dispose();
            throw;
        }

        StoreLog.SqliteOpened(logger, path, SqliteSchema.Version);
    }

    internal GroupCommitThread Writer { get; }

    internal BlobFiles Files { get; }

    internal TimeProvider Time { get; }

    internal ILogger Logger { get; }

    internal int InlineBlobBytesMax => _options.InlineBlobBytesMax;

    internal long NowMs => Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Opens or makes the data folder; brings an older database up to date.</summary>
    /// <param name="options">Validated.</param>
    /// <param name="time">Clock of lifetimes and time-outs.</param>
    /// <param name="logger">For operators.</param>
    /// <exception cref="StoreOpenException">In use by another process, damaged, of a newer version, not writable.
    /// </exception>
    public static SqliteDatabase Open(SqliteStoreOptions options, TimeProvider time, ILogger logger)
    {
        try
        {
            return new SqliteDatabase(options, time, logger);
        }
        catch (SqliteException e)
        {
            var path = Path.Combine(options.Folder, "conferences.db");
            throw new StoreOpenException(SqliteFaults.Classify(e) switch
            {
                StoreFault.Damaged =>
                    $"{path} is damaged or no database. Restore a backup, or move it away to start empty",
                StoreFault.Timeout => $"{path} is locked by another process. Stop that one first",
                StoreFault.DiskFull => $"No space left for {path}",
                _ => $"{path} cannot be opened",
            }, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreOpenException($"The data folder {options.Folder} cannot be used", e);
        }
    }

    /// <summary>Finishes what is queued, writes the WAL back and gives the folder free.</summary>
    public void Dispose()
    {
        _blobs.Dispose();
        _readers.Dispose();
        Writer.Dispose(); // last to close its connection: SQLite then empties the WAL
        _lock.Dispose();
    }

    /// <summary>Runs a job on the writer thread; it is durable when the task ends.</summary>
    internal Task<T> WriteAsync<T>(
        string name, Func<SqliteSession, T> body, CancellationToken cancel, int events = 0, int bytes = 0) =>
        RunAsync(Writer, new StoreJob<T>(name, session => body(session!), events, bytes), cancel);

    /// <summary>Runs a job on a reader thread, in one read transaction: it sees one state.</summary>
    internal Task<T> ReadAsync<T>(string name, Func<SqliteSession, T> body, CancellationToken cancel) =>
        RunAsync(_readers, new StoreJob<T>(name, session => ReadInOneState(session!, body)), cancel);

    /// <summary>Runs file work on a blob thread.</summary>
    internal Task<T> RunFileWorkAsync<T>(string name, Func<T> body, CancellationToken cancel) =>
        RunAsync(_blobs, new StoreJob<T>(name, _ => body()), cancel);

    private static T ReadInOneState<T>(SqliteSession session, Func<SqliteSession, T> body)
    {
        session.Execute("BEGIN");
        try
        {
            return body(session);
        }
        finally
        {
            session.RollBack();
        }
    }

    private async Task<T> RunAsync<T>(StoreThread thread, StoreJob<T> job, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        thread.Post(job);
        try
        {
            return await job.Answer.WaitAsync(_options.CallTimeout, Time, cancel);
        }
        catch (TimeoutException e)
        {
            job.GiveUp();
            throw StoreMetrics.Refuse(SqliteFaults.Label, StoreFault.Timeout,
                $"{job.Name} was not done within {_options.CallTimeout.TotalMilliseconds} ms", e);
        }
    }

    private SqliteSession OpenWriter(string path)
    {
        var session = new SqliteSession(path);
        try
        {
            session.ExecuteScript(
                """
                PRAGMA busy_timeout = 200;          -- only a backup tool can be in the way, and only for moments
                PRAGMA journal_mode = WAL;          -- readers and the writer do not wait for each other
                PRAGMA synchronous = FULL;          -- fsync at every commit: NORMAL would lose commits in a power cut
                PRAGMA wal_autocheckpoint = 4000;   -- 16 MiB: fewer of the 3-6 ms checkpoint stalls than at 4 MiB
                PRAGMA journal_size_limit = 67108864; -- a WAL that a long backup made grow shrinks back to 64 MiB
                PRAGMA cache_size = -8192;          -- 8 MiB; the writer reads little
                PRAGMA temp_store = MEMORY;         -- no temporary files on a full disk
                PRAGMA mmap_size = 0;               -- an I/O error stays an error code; mapped, it would be a SIGBUS
                """);
            SqliteSchema.BringUpToDate(session, path, Time.GetUtcNow());
            LimitSize(session, _options.DatabaseBytesMax);
            if (_options.CheckIntegrityAtStart) CheckIntegrity(session, path);
            ConferenceRows.CleanAtStart(session);
            Writer.IdleWork = ConferenceRows.RemoveGarbage;
            Writer.HasIdleWork = true;
            return session;
        }
        catch (Exception)
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Sets the largest size of the database file; 0 for no limit.</summary>
    internal static void LimitSize(SqliteSession session, long bytesMax)
    {
        var pages = bytesMax == 0 ? uint.MaxValue - 1 : bytesMax / session.Integer("PRAGMA page_size");
        session.ExecuteScript(string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {pages}"));
    }

    private static SqliteSession OpenReader(string path)
    {
        var session = new SqliteSession(path);
        session.ExecuteScript(
            """
            PRAGMA busy_timeout = 200;
            PRAGMA query_only = 1;      -- the writer thread alone writes
            PRAGMA cache_size = -2048;  -- 2 MiB: a conference is read once, then it is in memory
            PRAGMA mmap_size = 0;
            """);
        return session;
    }

    private static void CheckIntegrity(SqliteSession session, string path)
    {
        var check = session.Start("PRAGMA quick_check(1)");
        var verdict = check.Step() ? check.Text(0) : "no answer";
        check.Start();
        if (verdict != "ok") throw new StoreOpenException($"{path} is damaged ({verdict}). Restore a backup.");
    }

    private void OnCloseTimedOut(double seconds) => StoreLog.CloseTimedOut(Logger, seconds);
}
