using Conference.Store.Redis;
using Conference.Store.Sqlite;

namespace Conference.Store;

/// <summary>Options of section <c>Store</c>.</summary>
public sealed record StoreOptions
{
    /// <summary>Which store. Default Sqlite: works with nothing else installed.</summary>
    public StoreKind Kind { get; init; } = StoreKind.Sqlite;

    /// <summary>How often blobs that have outlived their lifetime are removed. Default 10 min: lifetimes are hours, so
    /// the disk holds a few per cent more than it must. The Redis store has nothing to remove.</summary>
    public TimeSpan MaintenanceInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Used when <see cref="Kind"/> is Sqlite.</summary>
    public SqliteStoreOptions Sqlite { get; init; } = new();

    /// <summary>Used when <see cref="Kind"/> is Redis.</summary>
    public RedisStoreOptions Redis { get; init; } = new();
}
