using System.Collections.Immutable;
using Conference.Actors.Ports;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Xml;
using Conference.Store.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Load;

/// <summary>A store in which one large conference is already there, and all its members up to date.</summary>
/// <remarks>Made by the server, such a conference would begin with a snapshot to each, which holds the whole roster:
/// 50,000 times 4 MB. What is measured here is what comes after that.</remarks>
internal sealed class SeededStore : IDisposable
{
    // An event is at most 1 MiB; a member takes about 80 bytes in it.
    private const int MembersPerEvent = 8_000;

    private SeededStore(string folder) => Folder = folder;

    internal string Folder { get; }

    internal static async Task<SeededStore> CreateAsync(Audience audience)
    {
        var seeded = new SeededStore(Directory.CreateTempSubdirectory("conference-load-store-").FullName);
        try
        {
            await seeded.FillAsync(audience);
        }
        catch
        {
            seeded.Dispose();
            throw;
        }

        return seeded;
    }

    private async Task FillAsync(Audience audience)
    {
        // As long as it takes: nobody waits for an answer.
        var options = new SqliteStoreOptions { Folder = Folder, CallTimeout = TimeSpan.FromMinutes(1) };
        using var database = SqliteDatabase.Open(options, TimeProvider.System, NullLogger.Instance);
        var store = new SqliteConferenceStore(database);
        var conference = ConferenceUri.Parse(audience.Conference);
        var members = Participants.Names(audience.First, audience.Count)
            .Select(name => ParticipantUri.Parse($"sip:{name}@conf.example")).ToArray();
        var owner = await store.TakeOwnershipAsync(conference, CancellationToken.None);
        var events = Events(ParticipantUri.Parse(audience.Chair), members);
        var outcome = await store.AppendAsync(conference, owner.Epoch, events, CancellationToken.None);
        var isWritten = await store.WriteCursorsAsync(
            conference, owner.Epoch, [.. members.Select(one => new StoredCursor(one, events.Length))],
            CancellationToken.None);
        if (outcome != AppendOutcome.Appended || !isWritten)
            throw new InvalidOperationException($"The store cannot be filled: {outcome}.");
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static ImmutableArray<StoredEvent> Events(ParticipantUri chair, ParticipantUri[] members)
    {
        var created = new ConferenceCreated(
            Subject: null, Rights.Draw, IsOpen: false, [new RosterEntry(chair, null, Role.Chair, Rights.All)]);
        var joined = members.Chunk(MembersPerEvent).Select(chunk => (EventBody)new MembersJoined(
            [.. chunk.Select(one => new RosterEntry(one, null, Role.Participant, Rights.Draw))]));
        return
        [
            .. joined.Prepend(created).Select((body, i) => new StoredEvent(
                i + 1, "", EventWriter.WriteFragment(new ConferenceEvent(
                    i + 1, chair, "", DateTimeOffset.UnixEpoch, body)))),
        ];
    }
}
