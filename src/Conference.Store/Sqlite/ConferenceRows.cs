using System.Collections.Immutable;
using Conference.Actors.Ports;
using Conference.Protocol;

namespace Conference.Store.Sqlite;

/// <summary>The statements on conferences. Each method runs inside a transaction of the calling thread and checks
/// before it writes, so that a refused call leaves nothing behind.</summary>
internal static class ConferenceRows
{
    private const int PruneEvery = 1024;
    private const int GarbageSlice = 1000;
    private const int RevisionBits = 32;
    private static readonly long EmptyKeptMs = (long)TimeSpan.FromHours(1).TotalMilliseconds;

    public static Ownership TakeOwnership(SqliteSession session, ConferenceUri conference, long nowMs)
    {
        var next = session.Start("UPDATE counter SET epoch = epoch + 1 RETURNING epoch");
        next.Step();
        var epoch = next.Integer(0);
        next.Step(); // to the end: a RETURNING statement has written only when it is done
        if (epoch % PruneEvery == 0)
        {
            session.Start("DELETE FROM conference WHERE last_revision = 0 AND taken_ms < ?").With(nowMs - EmptyKeptMs)
                .Execute();
        }

        session.Start(
            """
            INSERT INTO conference (uri, epoch, last_revision, taken_ms) VALUES (?, ?, 0, ?)
            ON CONFLICT (uri) DO UPDATE SET epoch = excluded.epoch, taken_ms = excluded.taken_ms
            """).With(conference.Value).With(epoch).With(nowMs).Execute();
        var row = Find(session, conference)!.Value;
        return new Ownership(epoch, row.LastRevision, ReadCheckpoint(session, row.Id));
    }

    public static AppendOutcome Append(
        SqliteSession session, ConferenceUri conference, long epoch, ImmutableArray<StoredEvent> events)
    {
        if (Find(session, conference) is not { } row || row.Epoch != epoch) return AppendOutcome.StaleEpoch;
        if (events[0].Revision != row.LastRevision + 1)
            return IsRepetition(session, row, events) ? AppendOutcome.Appended : AppendOutcome.RevisionConflict;
        if (events.Length > 1) session.Execute("SAVEPOINT append_events");
        foreach (var stored in events)
        {
            var isNew = session.Start(
                    "INSERT OR IGNORE INTO event (place, conference_id, event_id, payload) VALUES (?, ?, ?, ?)")
                .With(Place(row.Id, stored.Revision)).With(row.Id)
                .With(stored.EventId.Length == 0 ? null : stored.EventId).With(stored.Payload.Span)
                .Execute() == 1;
            if (isNew) continue;
            if (events.Length > 1) session.Execute("ROLLBACK TO append_events");
            if (events.Length > 1) session.Execute("RELEASE append_events");
            return AppendOutcome.DuplicateEventId;
        }

        if (events.Length > 1) session.Execute("RELEASE append_events");
        session.Start("UPDATE conference SET last_revision = ? WHERE id = ?").With(events[^1].Revision).With(row.Id)
            .Execute();
        return AppendOutcome.Appended;
    }

    public static ImmutableArray<StoredEvent> ReadEvents(
        SqliteSession session, ConferenceUri conference, long afterRevision, int countMax)
    {
        if (Find(session, conference) is not { } row || afterRevision >= row.LastRevision) return [];
        var events = ImmutableArray.CreateBuilder<StoredEvent>();
        var read = session.Start("SELECT place, event_id, payload FROM event WHERE place BETWEEN ? AND ? LIMIT ?")
            .With(Place(row.Id, afterRevision + 1)).With(Place(row.Id, row.LastRevision)).With(countMax);
        while (read.Step())
        {
            var revision = read.Integer(0) - (row.Id << RevisionBits);
            events.Add(new StoredEvent(revision, read.IsNull(1) ? string.Empty : read.Text(1), read.Blob(2).ToArray()));
        }

        return events.ToImmutable();
    }

    public static bool WriteCheckpoint(
        SqliteSession session, ConferenceUri conference, long epoch, Checkpoint checkpoint)
    {
        if (Find(session, conference) is not { } row || row.Epoch != epoch) return false;
        if (checkpoint.Revision > row.LastRevision) return false;
        return session.Start(
            """
            INSERT INTO checkpoint (conference_id, revision, payload) VALUES (?, ?, ?)
            ON CONFLICT (conference_id) DO UPDATE SET revision = excluded.revision, payload = excluded.payload
            WHERE excluded.revision >= revision
            """).With(row.Id).With(checkpoint.Revision).With(checkpoint.Payload.Span).Execute() == 1;
    }

    public static bool WriteCursors(
        SqliteSession session, ConferenceUri conference, long epoch, ImmutableArray<StoredCursor> cursors)
    {
        if (Find(session, conference) is not { } row || row.Epoch != epoch) return false;
        if (row.LastRevision == 0) return true;
        foreach (var cursor in cursors)
        {
            session.Start(
                """
                INSERT INTO cursor (conference_id, participant, revision) VALUES (?, ?, ?)
                ON CONFLICT (conference_id, participant) DO UPDATE SET revision = excluded.revision
                WHERE excluded.revision > revision
                """).With(row.Id).With(cursor.Participant.Value).With(cursor.Revision).Execute();
        }

        return true;
    }

    public static ImmutableArray<StoredCursor> ReadCursors(SqliteSession session, ConferenceUri conference)
    {
        if (Find(session, conference) is not { } row) return [];
        var cursors = ImmutableArray.CreateBuilder<StoredCursor>();
        var read = session.Start("SELECT participant, revision FROM cursor WHERE conference_id = ?").With(row.Id);
        while (read.Step()) cursors.Add(new StoredCursor(ParticipantUri.Parse(read.Text(0)), read.Integer(1)));
        return cursors.ToImmutable();
    }

    public static ImmutableArray<StoredConference> List(SqliteSession session, ConferenceUri? after, int countMax)
    {
        var conferences = ImmutableArray.CreateBuilder<StoredConference>();
        var read = session.Start(
            "SELECT uri, last_revision FROM conference WHERE uri > ? AND last_revision > 0 ORDER BY uri LIMIT ?")
            .With(after?.Value ?? string.Empty).With(countMax);
        while (read.Step()) conferences.Add(new StoredConference(ConferenceUri.Parse(read.Text(0)), read.Integer(1)));
        return conferences.ToImmutable();
    }

    /// <summary>Gives the conference a new, empty row with the same epoch, and leaves the old row's events to
    /// <see cref="RemoveGarbage"/>: a long conference is deleted in one short write.</summary>
    public static bool Delete(SqliteSession session, ConferenceUri conference, long epoch, long nowMs)
    {
        if (Find(session, conference) is not { } row || row.Epoch != epoch) return false;
        session.Start("INSERT INTO garbage (conference_id) VALUES (?)").With(row.Id).Execute();
        session.Start("DELETE FROM conference WHERE id = ?").With(row.Id).Execute();
        session.Start("INSERT INTO conference (uri, epoch, last_revision, taken_ms) VALUES (?, ?, 0, ?)")
            .With(conference.Value).With(epoch).With(nowMs).Execute();
        return true;
    }

    /// <summary>Removes one slice of what deleted conferences left.</summary>
    /// <returns>Whether there may be more.</returns>
    public static bool RemoveGarbage(SqliteSession session)
    {
        var next = session.Start("SELECT conference_id FROM garbage LIMIT 1");
        if (!next.Step()) return false;
        var id = next.Integer(0);
        next.Start();
        var removed = session.Start(
                "DELETE FROM event WHERE place IN (SELECT place FROM event WHERE place BETWEEN ? AND ? LIMIT ?)")
            .With(Place(id, 0)).With(Place(id, uint.MaxValue)).With(GarbageSlice).Execute();
        if (removed == GarbageSlice) return true;
        session.Start("DELETE FROM checkpoint WHERE conference_id = ?").With(id).Execute();
        session.Start("DELETE FROM cursor WHERE conference_id = ?").With(id).Execute();
        session.Start("DELETE FROM garbage WHERE conference_id = ?").With(id).Execute();
        return true;
    }

    /// <summary>No owner survives a restart, so conferences without events need no row. Epochs still only grow: they
    /// come from one counter.</summary>
    public static void CleanAtStart(SqliteSession session) =>
        session.Execute("DELETE FROM conference WHERE last_revision = 0");

    private static Row? Find(SqliteSession session, ConferenceUri conference)
    {
        var find = session.Start("SELECT id, epoch, last_revision FROM conference WHERE uri = ?")
            .With(conference.Value);
        if (!find.Step()) return null;
        var row = new Row(find.Integer(0), find.Integer(1), find.Integer(2));
        find.Start();
        return row;
    }

    private static Checkpoint? ReadCheckpoint(SqliteSession session, long id)
    {
        var read = session.Start("SELECT revision, payload FROM checkpoint WHERE conference_id = ?").With(id);
        if (!read.Step()) return null;
        var checkpoint = new Checkpoint(read.Integer(0), read.Blob(1).ToArray());
        read.Start();
        return checkpoint;
    }

    private static bool IsRepetition(SqliteSession session, Row row, ImmutableArray<StoredEvent> events)
    {
        if (events[^1].Revision > row.LastRevision) return false;
        foreach (var repeated in events)
        {
            var read = session.Start("SELECT coalesce(event_id, ''), payload FROM event WHERE place = ?")
                .With(Place(row.Id, repeated.Revision));
            var isSame = read.Step() && read.Text(0) == repeated.EventId
                && read.Blob(1).SequenceEqual(repeated.Payload.Span);
            read.Start();
            if (!isSame) return false;
        }

        return true;
    }

    private static long Place(long id, long revision) => (id << RevisionBits) + revision;

    private readonly record struct Row(long Id, long Epoch, long LastRevision);
}
