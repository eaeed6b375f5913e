using Conference.Actors.Ports;
using Conference.Store.Sqlite;
using Conference.Store.Tests.Contract;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Conference.Store.Tests.Sqlite;

public sealed class SqliteDatabaseTests : IDisposable
{
    // Stands still: no call times out, however slow the disk is.
    private readonly FakeTimeProvider _time = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("sqlite-test-").FullName;

    private string DatabasePath => Path.Combine(_folder, "conferences.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Open_FolderInUse_SaysSo()
    {
        using var first = Open();

        var e = Assert.Throws<StoreOpenException>(Open);
        Assert.Contains("in use by another process", e.Message, StringComparison.Ordinal);
        Assert.Contains(_folder, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_AfterClose_Works()
    {
        Open().Dispose();
        Open().Dispose();
    }

    [Fact]
    public void Open_FileThatIsNoDatabase_SaysSo()
    {
        File.WriteAllBytes(DatabasePath, StoreSample.Bytes(100_000, seed: 1));

        var e = Assert.Throws<StoreOpenException>(Open);
        Assert.Contains("damaged", e.Message, StringComparison.Ordinal);
        Assert.Throws<StoreOpenException>(Open); // the lock was given back: the same fault, not "in use"
    }

    [Fact]
    public async Task Open_WithDamagedPages_AndCheck_SaysSo()
    {
        await FillAsync(2000);
        await using (var file = new FileStream(DatabasePath, FileMode.Open))
        {
            file.Position = file.Length / 2;
            await file.WriteAsync(StoreSample.Bytes(20_000, seed: 2));
        }

        var e = Assert.Throws<StoreOpenException>(() => SqliteDatabase.Open(
            new SqliteStoreOptions { Folder = _folder, CheckIntegrityAtStart = true }, _time, NullLogger.Instance));
        Assert.Contains("damaged", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_DatabaseOfAnotherProgram_SaysSo()
    {
        Execute("CREATE TABLE t (x)");

        Assert.Contains("another program", Assert.Throws<StoreOpenException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NewerSchema_SaysSo()
    {
        Open().Dispose();
        Execute("PRAGMA user_version = 99");

        Assert.Contains("version 99", Assert.Throws<StoreOpenException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FolderThatIsAFile_SaysSo()
    {
        var path = Path.Combine(_folder, "file");
        File.WriteAllText(path, "");

        Assert.Throws<StoreOpenException>(() => SqliteDatabase.Open(
            new SqliteStoreOptions { Folder = path }, _time, NullLogger.Instance));
    }

    [Fact]
    public async Task Open_KeepsCommitsThroughAPowerCut()
    {
        using var database = Open();

        var synchronous = database.WriteAsync("Probe", session => session.Integer("PRAGMA synchronous"), default);
        var journal = database.ReadAsync("Probe", session =>
        {
            var mode = session.Start("PRAGMA journal_mode");
            return mode.Step() ? mode.Text(0) : "";
        }, default);
        Assert.Equal(2, await synchronous); // FULL
        Assert.Equal("wal", await journal);
    }

    [Fact]
    public async Task Delete_OfLongConference_LeavesNoRowsBehind()
    {
        await FillAsync(5000);
        using var database = Open();
        var store = new SqliteConferenceStore(database);
        var owner = await store.TakeOwnershipAsync(StoreSample.Conference("long"), default);

        Assert.True(await store.DeleteAsync(StoreSample.Conference("long"), owner.Epoch, default));

        while (await CountAsync(database, "garbage") > 0) await Task.Yield();
        Assert.Equal(0, await CountAsync(database, "event"));
    }

    [Fact]
    public async Task Append_BeyondTheAllowedSize_IsUnavailable_AndRecoversWithoutRestart()
    {
        await using var under = new SqliteUnderTest(
            options => options with { DatabaseBytesMax = 1 << 20 }, Path.Combine(_folder, "small"));
        var (full, small) = (StoreSample.Conference("full"), StoreSample.Conference("small"));
        var smallEpoch = (await under.Conferences.TakeOwnershipAsync(small, default)).Epoch;
        var epoch = (await under.Conferences.TakeOwnershipAsync(full, default)).Epoch;
        var revision = await FillUpAsync(under.Conferences, full, epoch);

        Assert.True(revision > 5);
        Assert.False(await under.Conferences.IsReachableAsync(default) && await CanAppendAsync());
        Assert.Equal(revision, (await under.Conferences.TakeOwnershipAsync(full, default)).LastRevision);

        await under.Database.WriteAsync("More room", session =>
        {
            SqliteDatabase.LimitSize(session, 0);
            return true;
        }, default);
        Assert.True(await under.Conferences.IsReachableAsync(default));
        Assert.True(await CanAppendAsync());

        async Task<bool> CanAppendAsync()
        {
            try
            {
                await under.Conferences.AppendAsync(small, smallEpoch, [new(1, "", new byte[200_000])], default);
                return true;
            }
            catch (StoreUnavailableException)
            {
                return false;
            }
        }
    }

    [TmpfsFact]
    public async Task EveryWrite_WithFullDisk_IsUnavailable_AndRecoversWithoutRestart()
    {
        using var disk = new TmpfsMount(Path.Combine(_folder, "disk"), megabytes: 4);
        await using var under = new SqliteUnderTest(folder: disk.Folder);
        var conference = StoreSample.Conference("full");
        var epoch = (await under.Conferences.TakeOwnershipAsync(conference, default)).Epoch;
        var blob = StoreSample.Bytes(300_000, seed: 1);
        disk.FillUp();

        var revision = await FillUpAsync(under.Conferences, conference, epoch);
        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await under.Blobs.PutAsync(StoreSample.Digest(blob), blob, TimeSpan.FromHours(1), default));
        await AssertEventsAsync();

        disk.MakeRoom();
        Assert.True(await under.Conferences.IsReachableAsync(default));
        Assert.Equal(AppendOutcome.Appended, await under.Conferences.AppendAsync(
            conference, epoch, [new StoredEvent(++revision, "", new byte[50_000])], default));
        await under.Blobs.PutAsync(StoreSample.Digest(blob), blob, TimeSpan.FromHours(1), default);
        await under.ReopenAsync();
        await AssertEventsAsync();

        async Task AssertEventsAsync() => Assert.Equal(Enumerable.Range(1, (int)revision).Select(i => (long)i),
            (await under.Conferences.ReadEventsAsync(conference, 0, 1000, default)).Select(one => one.Revision));
    }

    /// <summary>Appends until the store has no room.</summary>
    /// <returns>The last revision that was acknowledged.</returns>
    private static async Task<long> FillUpAsync(
        IConferenceStore store, Protocol.ConferenceUri conference, long epoch)
    {
        for (var revision = 1; ; revision++)
        {
            try
            {
                Assert.Equal(AppendOutcome.Appended, await store.AppendAsync(
                    conference, epoch, [new StoredEvent(revision, "", new byte[50_000])], default));
            }
            catch (StoreUnavailableException)
            {
                return revision - 1;
            }
        }
    }

    private static Task<long> CountAsync(SqliteDatabase database, string table) =>
        database.ReadAsync("Counting", session => session.Integer($"SELECT count(*) FROM {table}"), default);

    private async Task FillAsync(int events)
    {
        using var database = Open();
        var store = new SqliteConferenceStore(database);
        var conference = StoreSample.Conference("long");
        var epoch = (await store.TakeOwnershipAsync(conference, default)).Epoch;
        await store.AppendAsync(conference, epoch, StoreSample.Events(1, events), default);
    }

    private SqliteDatabase Open() =>
        SqliteDatabase.Open(new SqliteStoreOptions { Folder = _folder }, _time, NullLogger.Instance);

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={DatabasePath};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
