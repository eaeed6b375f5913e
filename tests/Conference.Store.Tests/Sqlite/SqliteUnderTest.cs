using Conference.Actors.Ports;
using Conference.Store.Sqlite;
using Conference.Store.Tests.Contract;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Conference.Store.Tests.Sqlite;

/// <summary>A SQLite store in a temporary folder. Its clock stands still unless told, so no call ever times out.
/// </summary>
internal sealed class SqliteUnderTest : IStoreUnderTest
{
    private readonly bool _ownsFolder;

    public SqliteUnderTest(Func<SqliteStoreOptions, SqliteStoreOptions>? change = null, string? folder = null)
    {
        _ownsFolder = folder is null;
        Folder = folder ?? Directory.CreateTempSubdirectory("sqlite-test-").FullName;
        Options = new SqliteStoreOptions { Folder = Folder };
        Options = change?.Invoke(Options) ?? Options;
        Database = Open();
    }

    public string Folder { get; }

    public SqliteStoreOptions Options { get; }

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UnixEpoch.AddYears(56));

    public SqliteDatabase Database { get; private set; }

    public IConferenceStore Conferences => new SqliteConferenceStore(Database);

    public IBlobStore Blobs => new SqliteBlobStore(Database);

    public IRegistrationStore Registrations => new SqliteRegistrationStore(Database);

    public bool IsPersistent => true;

    public SqliteDatabase Open() => SqliteDatabase.Open(Options, Time, NullLogger.Instance);

    public Task PassAsync(TimeSpan time)
    {
        Time.Advance(time);
        return Task.CompletedTask;
    }

    public Task ReopenAsync()
    {
        Database.Dispose();
        Database = Open();
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        Database.Dispose();
        if (_ownsFolder) Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
