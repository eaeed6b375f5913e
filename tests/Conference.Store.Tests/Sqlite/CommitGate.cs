using Conference.Store.Sqlite;

namespace Conference.Store.Tests.Sqlite;

/// <summary>Holds the writer thread before its next commit, as a disk that hangs does.</summary>
internal sealed class CommitGate : IDisposable
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _open = new();
    private readonly SqliteDatabase _database;

    public CommitGate(SqliteDatabase database)
    {
        _database = database;
        database.Writer.BeforeCommit = () =>
        {
            _reached.TrySetResult();
            _open.Wait();
        };
    }

    /// <summary>The writer has come to its commit.</summary>
    public Task Reached => _reached.Task;

    public void Open() => _open.Set();

    /// <summary>Ends when the writer serves its queue again.</summary>
    public static async Task PassedAsync(SqliteUnderTest store)
    {
        while (!await store.Conferences.IsReachableAsync(default)) await Task.Yield();
    }

    public void Dispose()
    {
        _database.Writer.BeforeCommit = null;
        _open.Set();
    }
}
