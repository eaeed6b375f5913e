using Conference.Actors.Ports;
using Microsoft.Data.Sqlite;

namespace Conference.Store.Sqlite;

/// <summary>Turns what SQLite and the file system throw into the port's exception.</summary>
internal static class SqliteFaults
{
    public const string Label = "sqlite";

    private const int NoSpaceErrno = 28;

    /// <summary>The exception for a caller. What is neither a database nor a disk error is a bug and stays as it is.
    /// </summary>
    public static Exception ForCaller(string call, Exception exception) => exception switch
    {
        StoreUnavailableException => exception,
        SqliteException or IOException or UnauthorizedAccessException =>
            StoreMetrics.Refuse(Label, Classify(exception), $"{call} failed", exception),
        _ => exception,
    };

    /// <summary>Whether the fault meets whatever is written next as well, so that it is no use to try each write alone:
    /// locked by a tool, read-only, I/O error, gone. Each try may take as long as the first.</summary>
    public static bool IsEverybodys(Exception exception) =>
        exception is SqliteException { SqliteErrorCode: 5 or 6 or 8 or 10 or 14 };

    /// <summary>Which fault an exception is.</summary>
    public static StoreFault Classify(Exception exception) => exception switch
    {
        SqliteException { SqliteErrorCode: 13 } => StoreFault.DiskFull,                    // SQLITE_FULL
        SqliteException { SqliteErrorCode: 11 or 26 } => StoreFault.Damaged,               // CORRUPT, NOTADB
        SqliteException { SqliteErrorCode: 5 or 6 } => StoreFault.Timeout,                 // BUSY, LOCKED: a backup
        IOException io when (io.HResult & 0xFFFF) == NoSpaceErrno => StoreFault.DiskFull,
        _ => StoreFault.InputOutput,
    };
}
