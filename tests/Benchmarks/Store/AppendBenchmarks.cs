using BenchmarkDotNet.Attributes;
using Conference.Actors.Ports;
using Conference.Protocol;
using Conference.Store.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Benchmarks.Store;

/// <summary>Durable appends of 300-byte events to SQLite (synchronous=FULL) by conferences that each wait for their own
/// answer; one operation is one append of each. The temporary folder must lie on the disk in question (TMPDIR).
/// </summary>
[MemoryDiagnoser]
public class AppendBenchmarks
{
    private readonly byte[] _payload = new byte[300];
    private string _folder = "";
    private SqliteDatabase _database = null!;
    private SqliteConferenceStore _store = null!;
    private Appender[] _appenders = [];

    /// <summary>Conferences that append at the same time.</summary>
    [Params(1, 16, 256)]
    public int Conferences { get; set; }

    [GlobalSetup]
    public async Task SetUp()
    {
        _folder = Directory.CreateTempSubdirectory("append-benchmark-").FullName;
        _database = SqliteDatabase.Open(
            new SqliteStoreOptions { Folder = _folder, CallTimeout = TimeSpan.FromSeconds(30) }, TimeProvider.System,
            NullLogger.Instance);
        _store = new SqliteConferenceStore(_database);
        _appenders = new Appender[Conferences];
        for (var i = 0; i < Conferences; i++)
        {
            var conference = ConferenceUri.Parse($"sip:c{i}@conf.example.org");
            _appenders[i] = new Appender(conference, (await _store.TakeOwnershipAsync(conference, default)).Epoch);
        }
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _database.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>One append of each conference, all durable at the end.</summary>
    [Benchmark]
    public Task Append() => Task.WhenAll(Array.ConvertAll(_appenders, AppendAsync));

    private Task AppendAsync(Appender appender)
    {
        var revision = ++appender.Revision;
        return _store.AppendAsync(
            appender.Conference, appender.Epoch, [new StoredEvent(revision, $"sip:a@example.org {revision}", _payload)],
            default).AsTask();
    }

    private sealed class Appender(ConferenceUri conference, long epoch)
    {
        public ConferenceUri Conference { get; } = conference;

        public long Epoch { get; } = epoch;

        public long Revision { get; set; }
    }
}
