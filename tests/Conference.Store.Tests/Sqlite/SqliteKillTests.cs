using Conference.Store.Sqlite;
using Conference.Store.Tests.Contract;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Conference.Store.Tests.Sqlite;

public sealed class SqliteKillTests : IDisposable
{
    private const int LinesBeforeKill = 1500;
    private readonly string _folder = Directory.CreateTempSubdirectory("sqlite-kill-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Kill9_WhileAppending_KeepsEverythingAcknowledged()
    {
        var told = new List<string>();
        using (var process = AppendingProcess.Start(_folder))
        {
            while (told.Count < LinesBeforeKill && await process.StandardOutput.ReadLineAsync() is { } line)
                told.Add(line);
            process.Kill(); // SIGKILL
            while (await process.StandardOutput.ReadLineAsync() is { } line) told.Add(line); // told before it died
            await process.WaitForExitAsync();
        }

        Assert.True(told.Count >= LinesBeforeKill);
        told.RemoveAt(told.Count - 1); // the last line may be cut off
        using var database = SqliteDatabase.Open(
            new SqliteStoreOptions { Folder = _folder, CheckIntegrityAtStart = true }, new FakeTimeProvider(),
            NullLogger.Instance);
        await AssertEventsAsync(database, told.Where(line => !line.StartsWith("blob ", StringComparison.Ordinal)));
        await AssertBlobsAsync(database, told.Where(line => line.StartsWith("blob ", StringComparison.Ordinal)));
    }

    private static async Task AssertEventsAsync(SqliteDatabase database, IEnumerable<string> told)
    {
        var store = new SqliteConferenceStore(database);
        foreach (var conference in told.Select(line => line.Split(' ')).GroupBy(words => words[0]))
        {
            var uri = StoreSample.Conference(conference.Key);
            var lastTold = conference.Max(words => int.Parse(words[1]));
            var stored = await store.ReadEventsAsync(uri, 0, 1_000_000, default);
            Assert.True(stored.Length >= lastTold, $"{uri}: told {lastTold}, stored {stored.Length}");

            // Beyond what was told at most the one that was under way, and nothing half.
            Assert.True(stored.Length <= lastTold + 2);
            Assert.All(stored, one =>
                Assert.Equal(StoreSample.Events(one.Revision, one.Revision)[0].Text(), one.Text()));
            Assert.Equal(stored.Length, (await store.TakeOwnershipAsync(uri, default)).LastRevision);
        }
    }

    private static async Task AssertBlobsAsync(SqliteDatabase database, IEnumerable<string> told)
    {
        var store = new SqliteBlobStore(database);
        var count = 0;
        foreach (var digest in told.Select(line => line.Split(' ')[1]))
        {
            var content = await store.GetAsync(digest, default);
            Assert.NotNull(content);
            Assert.Equal(digest, StoreSample.Digest(content.Value.Span));
            count++;
        }

        Assert.True(count > 0);
    }
}
