using System.Collections.Immutable;
using Conference.Actors.Ports;

namespace Conference.Store.Sqlite;

/// <summary>Registrations in the embedded database.</summary>
/// <param name="database">Shared with the other SQLite stores; closed by whoever opened it.</param>
public sealed class SqliteRegistrationStore(SqliteDatabase database) : IRegistrationStore
{
    /// <inheritdoc/>
    public async ValueTask WriteAsync(
        string addressOfRecord, ImmutableArray<StoredBinding> bindings, CancellationToken cancel)
    {
        var json = bindings.IsDefaultOrEmpty ? null : BindingsJson.Write(bindings);
        await database.WriteAsync("Writing a registration", session => json is null
            ? session.Start("DELETE FROM registration WHERE aor = ?").With(addressOfRecord).Execute()
            : session.Start("INSERT OR REPLACE INTO registration (aor, bindings) VALUES (?, ?)")
                .With(addressOfRecord).With(json).Execute(), cancel);
    }

    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<StoredRegistration>> ReadAllAsync(CancellationToken cancel) =>
        await database.ReadAsync("Reading registrations", session =>
        {
            var all = ImmutableArray.CreateBuilder<StoredRegistration>();
            var read = session.Start("SELECT aor, bindings FROM registration");
            while (read.Step()) all.Add(new StoredRegistration(read.Text(0), BindingsJson.Read(read.Blob(1))));
            return all.ToImmutable();
        }, cancel);
}
