using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Conference.Store.Sqlite;

/// <summary>One prepared statement, used again and again by the one thread that owns its connection.</summary>
/// <remarks>Over the native interface and not <see cref="SqliteCommand"/>: parameters are bound by position from spans,
/// without an array, a box or a name look-up per event. Every failure is a <see cref="SqliteException"/>.</remarks>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private int _bound;

    public SqliteStatement(sqlite3 database, string sql)
    {
        _database = database;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(database, sql, out _statement), database);
    }

    /// <summary>Begins a new execution: forgets what the last one left.</summary>
    public SqliteStatement Start()
    {
        _ = raw.sqlite3_reset(_statement); // repeats the error of the last step, which has been thrown already
        _bound = 0;
        return this;
    }

    /// <summary>Binds the next parameter.</summary>
    public SqliteStatement With(long value) => Check(raw.sqlite3_bind_int64(_statement, ++_bound, value));

    /// <inheritdoc cref="With(long)"/>
    public SqliteStatement With(string? value) => Check(value is null
        ? raw.sqlite3_bind_null(_statement, ++_bound)
        : raw.sqlite3_bind_text(_statement, ++_bound, value));

    /// <inheritdoc cref="With(long)"/>
    public SqliteStatement With(ReadOnlySpan<byte> value) => Check(value.IsEmpty
        ? raw.sqlite3_bind_zeroblob(_statement, ++_bound, 0) // an empty span would bind NULL
        : raw.sqlite3_bind_blob(_statement, ++_bound, value));

    /// <summary>Runs to the next row.</summary>
    /// <returns>False when there is none (any more); the statement is then reset and holds no lock.</returns>
    public bool Step()
    {
        var code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW) return true;
        var reset = raw.sqlite3_reset(_statement);
        if (code != raw.SQLITE_DONE)
            SqliteException.ThrowExceptionForRC(reset == raw.SQLITE_OK ? code : reset, _database);
        return false;
    }

    /// <summary>Runs to the end, for statements without rows.</summary>
    /// <returns>Rows changed.</returns>
    public int Execute()
    {
        while (Step())
        {
            // A PRAGMA may return a row that nobody asked for.
        }

        return raw.sqlite3_changes(_database);
    }

    public long Integer(int column) => raw.sqlite3_column_int64(_statement, column);

    public string Text(int column) => Encoding.UTF8.GetString(TextBytes(column));

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    /// <summary>The row's bytes; gone with the next step.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(_statement, column);

    /// <summary>The row's text as UTF-8; gone with the next step.</summary>
    public ReadOnlySpan<byte> TextBytes(int column) => raw.sqlite3_column_blob(_statement, column);

    public void Dispose() => _statement.Dispose();

    private SqliteStatement Check(int code)
    {
        SqliteException.ThrowExceptionForRC(code, _database);
        return this;
    }
}
