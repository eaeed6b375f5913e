using System.Buffers;
using System.Collections.Concurrent;
using Conference.Actors.Ports;

namespace Conference.Store.Sqlite;

/// <summary>Blobs in the embedded database, large ones in files beside it.</summary>
/// <remarks>
/// A put of a large blob is: (1) prolong it when the database knows it; else (2) write the file and make it durable,
/// on a blob thread so that the journal's commits go on; (3) insert the row. A crash between 2 and 3 leaves a file
/// that nothing refers to; the first sweep after the start removes it.
/// </remarks>
/// <param name="database">Shared with the other SQLite stores; closed by whoever opened it.</param>
public sealed class SqliteBlobStore(SqliteDatabase database) : IBlobStore
{
    private const int RemoveSlice = 500;

    // Files written whose row is not committed yet: the sweep leaves them alone.
    private readonly ConcurrentDictionary<string, byte> _underWay = new(StringComparer.Ordinal);
    private int _isSwept;

    /// <inheritdoc/>
    public async ValueTask PutAsync(
        string digest, ReadOnlyMemory<byte> content, TimeSpan lifetime, CancellationToken cancel)
    {
        StoreArguments.CheckDigest(digest);
        StoreArguments.CheckLifetime(lifetime);
        var expiresMs = database.NowMs + (long)Math.Ceiling(lifetime.TotalMilliseconds);
        var isThere = await database.WriteAsync(
            "Prolonging a blob", session => Prolong(session, digest, expiresMs), cancel);
        if (isThere) return;
        if (content.Length <= database.InlineBlobBytesMax)
            await InsertInlineAsync(digest, content.ToArray(), expiresMs, cancel);
        else
            await InsertFileAsync(digest, content, expiresMs, cancel);
        StoreMetrics.BlobBytes.WithLabels(SqliteFaults.Label, "put").Inc(content.Length);
    }

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>?> GetAsync(string digest, CancellationToken cancel)
    {
        StoreArguments.CheckDigest(digest);
        var (content, damagedFile) = await database.ReadAsync(
            "Reading a blob", session => Read(session, digest), cancel);
        if (damagedFile is not null)
        {
            // Forgotten, so that the next put stores the content again and does not just prolong a name.
            StoreLog.BlobFileDamaged(database.Logger, damagedFile);
            await database.WriteAsync("Removing a damaged blob", session =>
                session.Start("DELETE FROM blob WHERE digest = ? AND file = ?")
                    .With(digest).With(damagedFile).Execute(), cancel);
        }

        if (content is null) return null;
        StoreMetrics.BlobBytes.WithLabels(SqliteFaults.Label, "get").Inc(content.Length);
        return content;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> ContainsAsync(string digest, CancellationToken cancel)
    {
        StoreArguments.CheckDigest(digest);
        return await database.ReadAsync("Looking for a blob", session =>
            session.Start("SELECT 1 FROM blob WHERE digest = ? AND expires_ms > ?")
                .With(digest).With(database.NowMs).Step(), cancel);
    }

    /// <inheritdoc/>
    public async ValueTask<int> RemoveExpiredAsync(CancellationToken cancel)
    {
        if (Interlocked.Exchange(ref _isSwept, 1) == 0) await SweepAsync(cancel);
        var removed = 0;
        while (true)
        {
            var slice = await database.WriteAsync("Removing blobs", RemoveExpiredRows, cancel);
            removed += slice.Count;
            await database.RunFileWorkAsync("Removing blob files", () =>
            {
                foreach (var file in slice.Files) database.Files.Delete(file);
                return true;
            }, cancel);
            if (slice.Count < RemoveSlice) break;
        }

        StoreMetrics.BlobsExpired.WithLabels(SqliteFaults.Label).Inc(removed);
        return removed;
    }

    private static bool Prolong(SqliteSession session, string digest, long expiresMs) =>
        session.Start("UPDATE blob SET expires_ms = max(expires_ms, ?) WHERE digest = ?")
            .With(expiresMs).With(digest).Execute() == 1;

    // In both cases a copy: the caller may take its buffer back when it stops waiting, while the thread still writes.
    private Task<bool> InsertInlineAsync(string digest, byte[] copy, long expiresMs, CancellationToken cancel) =>
        database.WriteAsync("Storing a blob", session =>
        {
            if (!Prolong(session, digest, expiresMs))
            {
                session.Start("INSERT INTO blob (digest, expires_ms, size, content) VALUES (?, ?, ?, ?)")
                    .With(digest).With(expiresMs).With(copy.Length).With(copy).Execute();
            }

            return true;
        }, cancel, bytes: copy.Length);

    private async Task InsertFileAsync(
        string digest, ReadOnlyMemory<byte> content, long expiresMs, CancellationToken cancel)
    {
        var length = content.Length;
        var copy = ArrayPool<byte>.Shared.Rent(length);
        content.CopyTo(copy);
        var name = BlobFiles.NewName(digest);

        // Stays in the set when this call fails: a job of it may still be to come, and then the file is needed.
        _underWay.TryAdd(name, 0);
        await database.RunFileWorkAsync("Writing a blob file", () =>
        {
            database.Files.Write(name, copy.AsSpan(0, length));
            ArrayPool<byte>.Shared.Return(copy);
            return true;
        }, cancel);
        var isUsed = await database.WriteAsync("Storing a blob", session =>
        {
            if (Prolong(session, digest, expiresMs)) return false; // somebody else stored it meanwhile
            session.Start("INSERT INTO blob (digest, expires_ms, size, file) VALUES (?, ?, ?, ?)")
                .With(digest).With(expiresMs).With(length).With(name).Execute();
            return true;
        }, cancel);
        if (!isUsed) database.Files.Delete(name);
        _underWay.TryRemove(name, out _);
    }

    private (byte[]? Content, string? DamagedFile) Read(SqliteSession session, string digest)
    {
        var row = session.Start("SELECT content, file, size FROM blob WHERE digest = ? AND expires_ms > ?")
            .With(digest).With(database.NowMs);
        if (!row.Step()) return (null, null);
        if (row.IsNull(1)) return (row.Blob(0).ToArray(), null);
        var (file, size) = (row.Text(1), row.Integer(2));
        row.Start();
        var content = database.Files.Read(file);
        return content?.Length == size ? (content, null) : (null, file);
    }

    private (int Count, List<string> Files) RemoveExpiredRows(SqliteSession session)
    {
        var ids = new List<long>();
        var files = new List<string>();
        var old = session.Start("SELECT id, file FROM blob WHERE expires_ms <= ? ORDER BY expires_ms LIMIT ?")
            .With(database.NowMs).With(RemoveSlice);
        while (old.Step())
        {
            ids.Add(old.Integer(0));
            if (!old.IsNull(1)) files.Add(old.Text(1));
        }

        foreach (var id in ids) session.Start("DELETE FROM blob WHERE id = ?").With(id).Execute();
        return (ids.Count, files);
    }

    /// <summary>Removes files that nothing refers to: left by a crash, or by a put that was given up.</summary>
    private async Task SweepAsync(CancellationToken cancel)
    {
        var removed = 0;
        foreach (var names in database.Files.Names().Chunk(RemoveSlice))
        {
            // In this order: what is under way now may have its row a moment later, never the other way round.
            var candidates = names.Where(name => !IsUnderWay(name)).ToList();
            removed += await database.ReadAsync("Looking for blob files", session =>
            {
                var orphans = candidates.Where(name => !IsReferred(session, name)).ToList();
                orphans.ForEach(database.Files.Delete);
                return orphans.Count;
            }, cancel);
        }

        if (removed > 0) StoreLog.OrphansRemoved(database.Logger, removed);
    }

    private bool IsUnderWay(string name) =>
        _underWay.ContainsKey(name.EndsWith(".new", StringComparison.Ordinal) ? name[..^4] : name);

    private static bool IsReferred(SqliteSession session, string name)
    {
        var digest = Path.GetFileName(name).Split('.')[0];
        var find = session.Start("SELECT 1 FROM blob WHERE digest = ? AND file = ?").With(digest).With(name);
        var isThere = find.Step();
        find.Start();
        return isThere;
    }
}
