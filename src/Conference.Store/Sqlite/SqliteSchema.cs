using System.Globalization;

namespace Conference.Store.Sqlite;

/// <summary>What the database file holds, and how an older file is brought up to date.</summary>
/// <remarks>
/// File <c>conferences.db</c>, SQLite 3, <c>application_id</c> 0x43464153 ("CFAS"), <c>user_version</c> = number of
/// the last step of <see cref="Steps"/> that was applied. All times are milliseconds since 1970, UTC.
/// <list type="bullet">
/// <item><c>conference</c>: one row per conference address that has an owner or events. <c>id</c> is never used
/// twice. <c>epoch</c> is the owner's; <c>last_revision</c> is 0 while there are no events.</item>
/// <item><c>event</c>: rowid <c>place</c> = conference id * 2^32 + revision, so one conference's events lie side by
/// side in order and no second index is needed. <c>event_id</c> is NULL where the event has none.</item>
/// <item><c>checkpoint</c>, <c>cursor</c>: by conference id.</item>
/// <item><c>garbage</c>: conference ids whose rows are to be removed, a slice at a time.</item>
/// <item><c>blob</c>: content, or the name of a file in folder <c>blobs</c>; exactly one of the two.</item>
/// <item><c>registration</c>: bindings as JSON (see <see cref="BindingsJson"/>).</item>
/// <item><c>counter</c>: one row; <c>epoch</c> is the last epoch given to any conference.</item>
/// <item><c>schema_step</c>: which step was applied when.</item>
/// </list>
/// </remarks>
internal static class SqliteSchema
{
    public const int ApplicationId = 0x43464153;

    /// <summary>Step n brings a file of version n-1 to version n. A step that was released is never changed.</summary>
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE schema_step (version INTEGER PRIMARY KEY, applied_ms INTEGER NOT NULL);
        CREATE TABLE counter (id INTEGER PRIMARY KEY CHECK (id = 1), epoch INTEGER NOT NULL, probe INTEGER NOT NULL);
        INSERT INTO counter VALUES (1, 0, 0);
        CREATE TABLE conference (
            id INTEGER PRIMARY KEY AUTOINCREMENT, uri TEXT NOT NULL UNIQUE, epoch INTEGER NOT NULL,
            last_revision INTEGER NOT NULL, taken_ms INTEGER NOT NULL);
        CREATE INDEX conference_empty ON conference (taken_ms) WHERE last_revision = 0;
        CREATE TABLE event (
            place INTEGER PRIMARY KEY, conference_id INTEGER NOT NULL, event_id TEXT, payload BLOB NOT NULL);
        CREATE UNIQUE INDEX event_by_id ON event (conference_id, event_id) WHERE event_id IS NOT NULL;
        CREATE TABLE checkpoint (conference_id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, payload BLOB NOT NULL);
        CREATE TABLE cursor (
            conference_id INTEGER NOT NULL, participant TEXT NOT NULL, revision INTEGER NOT NULL,
            PRIMARY KEY (conference_id, participant)) WITHOUT ROWID;
        CREATE TABLE garbage (conference_id INTEGER PRIMARY KEY);
        CREATE TABLE blob (
            id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, expires_ms INTEGER NOT NULL, size INTEGER NOT NULL,
            content BLOB, file TEXT, CHECK ((content IS NULL) <> (file IS NULL)));
        CREATE INDEX blob_by_expiry ON blob (expires_ms);
        CREATE TABLE registration (aor TEXT PRIMARY KEY, bindings BLOB NOT NULL) WITHOUT ROWID;
        """,
    ];

    /// <summary>The newest version that this program knows.</summary>
    public static int Version => Steps.Length;

    /// <summary>Checks that the file is ours and applies the steps that it lacks, each in a transaction.</summary>
    /// <exception cref="StoreOpenException">Another program's file, or written by a newer version.</exception>
    public static void BringUpToDate(SqliteSession session, string path, DateTimeOffset now)
    {
        var isNew = session.Integer("SELECT count(*) FROM sqlite_master") == 0;
        var version = session.Integer("PRAGMA user_version");
        if (!isNew && session.Integer("PRAGMA application_id") != ApplicationId)
        {
            throw new StoreOpenException(
                $"{path} is a database of another program. Choose another Store:Sqlite:Folder.");
        }

        if (version > Version)
        {
            throw new StoreOpenException(
                $"{path} has schema version {version}, this program knows versions up to {Version}. Start the newer " +
                "program, or restore a backup of before the upgrade.");
        }

        for (var step = (int)version; step < Version; step++)
        {
            session.ExecuteScript(string.Create(CultureInfo.InvariantCulture,
                $"""
                BEGIN IMMEDIATE;
                {Steps[step]}
                INSERT INTO schema_step VALUES ({step + 1}, {now.ToUnixTimeMilliseconds()});
                PRAGMA application_id = {ApplicationId};
                PRAGMA user_version = {step + 1};
                COMMIT;
                """));
        }
    }
}
