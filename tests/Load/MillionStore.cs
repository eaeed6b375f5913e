using System.Collections.Immutable;
using System.Globalization;
using Conference.Actors.Focus;
using Conference.Actors.Ports;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Xml;
using Conference.Store.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Load;

/// <summary>A data folder as a node leaves it whose conferences were all put away, with everybody up to date: events, a
/// checkpoint and cursors of each.</summary>
internal static class MillionStore
{
    // An event holds 1 MiB; a member takes some 80 bytes of it.
    private const int MembersPerEvent = 5_000;
    private const int CursorsPerWrite = 256;
    private const int WritesAtATime = 256;

    internal static string Conference(int number) => Text($"sip:conf-many-{number}@conf.example");

    internal static string Chair(int number) => Text($"sip:chair{number}@conf.example");

    /// <summary>Makes it, unless a folder that was kept has it already.</summary>
    internal static async Task BuildAsync(LoadOptions options, string folder, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        var whole = Path.Combine(folder, Text($"{options.Conferences}x{options.Members}.whole"));
        if (File.Exists(whole)) return;
        if (File.Exists(Path.Combine(folder, "conferences.db")))
            throw new InvalidOperationException($"{folder} holds other conferences, or not all of them.");
        var settings = new SqliteStoreOptions { Folder = folder, CallTimeout = TimeSpan.FromMinutes(5) };
        using (var database = SqliteDatabase.Open(settings, TimeProvider.System, NullLogger.Instance))
        {
            var store = new SqliteConferenceStore(database);
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = WritesAtATime, CancellationToken = cancel };
            await Parallel.ForEachAsync(
                Enumerable.Range(0, options.Conferences), parallel,
                async (number, stop) => await WriteAsync(store, number, options.Members, stop));
        }

        await File.WriteAllTextAsync(whole, "", cancel);
    }

    /// <summary>A run changes its store: it gets a copy of the one that is kept.</summary>
    internal static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    private static async Task WriteAsync(
        SqliteConferenceStore store, int number, int members, CancellationToken cancel)
    {
        var uri = ConferenceUri.Parse(Conference(number));
        var chair = ParticipantUri.Parse(Chair(number));
        var roster = Enumerable.Range(1, members - 1)
            .Select(i => new RosterEntry(
                ParticipantUri.Parse(Text($"sip:+4917{((long)number * members) + i:D8}@conf.example")), null,
                Role.Participant, Rights.None))
            .Prepend(new RosterEntry(chair, null, Role.Chair, Rights.All))
            .Chunk(MembersPerEvent)
            .ToList();
        var ownership = await store.TakeOwnershipAsync(uri, cancel);
        var state = ConferenceState.Before(uri);
        foreach (var chunk in roster)
        {
            ImmutableArray<RosterEntry> some = [.. chunk];
            EventBody body = state.Revision == 0
                ? new ConferenceCreated(null, Rights.None, false, some)
                : new MembersJoined(some);
            var made = new ConferenceEvent(
                state.Revision + 1, chair, Text($"make-{state.Revision}"), DateTimeOffset.UnixEpoch, body);
            state = state.Apply(made);
            var stored = new StoredEvent(
                made.Revision, $"{chair.Value} {made.RequestId}", EventWriter.WriteFragment(made));
            await store.AppendAsync(uri, ownership.Epoch, [stored], cancel);
        }

        var checkpoint = new Checkpoint(state.Revision, CheckpointCodec.Write(state));
        await store.WriteCheckpointAsync(uri, ownership.Epoch, checkpoint, cancel);
        foreach (var chunk in roster.SelectMany(chunk => chunk).Chunk(CursorsPerWrite))
        {
            await store.WriteCursorsAsync(
                uri, ownership.Epoch, [.. chunk.Select(m => new StoredCursor(m.Participant, state.Revision))], cancel);
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
