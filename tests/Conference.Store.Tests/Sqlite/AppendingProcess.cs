using System.Diagnostics;
using System.Globalization;
using Conference.Store.Sqlite;
using Conference.Store.Tests.Contract;
using Microsoft.Extensions.Logging.Abstractions;

namespace Conference.Store.Tests.Sqlite;

/// <summary>A process of its own that appends to a SQLite store without end and writes a line for each event that was
/// acknowledged: <c>conference revision</c>, or <c>blob digest</c>.</summary>
internal static class AppendingProcess
{
    private const int Conferences = 8;
    private const int BlobBytes = 100_000;

    /// <summary>Starts the process: this assembly, run by the same dotnet.</summary>
    public static Process Start(string folder) => Process.Start(new ProcessStartInfo(
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet",
        ["exec", typeof(AppendingProcess).Assembly.Location, folder])
    {
        RedirectStandardOutput = true,
    })!;

    /// <summary>What the process does.</summary>
    /// <param name="arguments">The data folder.</param>
    public static async Task<int> Main(string[] arguments)
    {
        using var database = SqliteDatabase.Open(
            new SqliteStoreOptions { Folder = arguments[0], CallTimeout = TimeSpan.FromMinutes(1) },
            TimeProvider.System, NullLogger.Instance);
        await Task.WhenAll([
            .. Enumerable.Range(0, Conferences).Select(i => AppendAsync(database, $"c{i}")), PutAsync(database),
        ]);
        return 0;
    }

    private static async Task AppendAsync(SqliteDatabase database, string name)
    {
        var store = new SqliteConferenceStore(database);
        var conference = StoreSample.Conference(name);
        var epoch = (await store.TakeOwnershipAsync(conference, default)).Epoch;
        for (var revision = 1; ; revision++)
        {
            await store.AppendAsync(conference, epoch, StoreSample.Events(revision, revision), default);
            Tell(string.Create(CultureInfo.InvariantCulture, $"{name} {revision}"));
        }
    }

    private static async Task PutAsync(SqliteDatabase database)
    {
        var store = new SqliteBlobStore(database);
        for (var seed = 1; ; seed++)
        {
            var content = StoreSample.Bytes(BlobBytes, seed);
            await store.PutAsync(StoreSample.Digest(content), content, TimeSpan.FromHours(1), default);
            Tell($"blob {StoreSample.Digest(content)}");
        }
    }

    private static void Tell(string line)
    {
        lock (Console.Out)
        {
            Console.Out.WriteLine(line);
            Console.Out.Flush();
        }
    }
}
