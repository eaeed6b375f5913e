using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Conference.Store.Sqlite;

/// <summary>One connection with its prepared statements. Touched only by the thread that owns it.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);

    /// <summary>Opens the database file.</summary>
    /// <exception cref="SqliteException">It cannot be opened.</exception>
    public SqliteSession(string path)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false, // each connection belongs to one thread for the store's life
        }.ToString());
        _connection.Open();
        raw.sqlite3_extended_result_codes(_connection.Handle, 1);
    }

    private sqlite3 Handle => _connection.Handle!;

    /// <summary>Whether a transaction is open. Some errors (disk full, I/O) end it by themselves.</summary>
    public bool IsInTransaction => raw.sqlite3_get_autocommit(Handle) == 0;

    /// <summary>The prepared statement of this text, ready to bind.</summary>
    public SqliteStatement Start(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
            _statements.Add(sql, statement = new SqliteStatement(Handle, sql));
        return statement.Start();
    }

    /// <summary>Runs a statement without parameters.</summary>
    public void Execute(string sql) => Start(sql).Execute();

    /// <summary>Runs several statements, not kept prepared: schema and settings.</summary>
    public void ExecuteScript(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>The first column of the first row.</summary>
    public long Integer(string sql)
    {
        var statement = Start(sql);
        var value = statement.Step() ? statement.Integer(0) : 0;
        statement.Start();
        return value;
    }

    public void Begin() => Execute("BEGIN IMMEDIATE");

    public void Commit() => Execute("COMMIT");

    public void RollBack()
    {
        foreach (var statement in _statements.Values) statement.Start();
        if (IsInTransaction) Execute("ROLLBACK");
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values) statement.Dispose();
        _connection.Dispose();
    }
}
