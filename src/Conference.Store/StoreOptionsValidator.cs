using System.Globalization;
using Conference.Store.Redis;
using Conference.Store.Sqlite;

namespace Conference.Store;

/// <summary>Checks store options once at start and names every fault: option, value, rule.</summary>
public static class StoreOptionsValidator
{
    private static readonly TimeSpan CallTimeoutMax = TimeSpan.FromMilliseconds(1500);

    /// <summary>Checks all options, those of the store that is not chosen excepted.</summary>
    /// <returns>One line per fault; empty when all is well.</returns>
    public static IReadOnlyList<string> Validate(StoreOptions options)
    {
        var faults = new List<string>();
        if (!Enum.IsDefined(options.Kind)) Add(faults, "Kind", options.Kind, "must be Sqlite, Redis or InMemory");
        Range(faults, "MaintenanceInterval", options.MaintenanceInterval,
            TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        if (options.Kind == StoreKind.Sqlite) Validate(options.Sqlite, faults);
        if (options.Kind == StoreKind.Redis) Validate(options.Redis, faults);
        return faults;
    }

    private static void Validate(SqliteStoreOptions options, List<string> faults)
    {
        if (string.IsNullOrWhiteSpace(options.Folder))
            Add(faults, "Sqlite:Folder", options.Folder, "must name a folder");
        CallTimeout(faults, "Sqlite:CallTimeout", options.CallTimeout);
        Range(faults, "Sqlite:WriteQueueLengthMax", options.WriteQueueLengthMax, 1, 1_000_000);
        Range(faults, "Sqlite:ReadQueueLengthMax", options.ReadQueueLengthMax, 1, 1_000_000);
        Range(faults, "Sqlite:ReaderCount", options.ReaderCount, 1, 64);
        Range(faults, "Sqlite:CommitWritesMax", options.CommitWritesMax, 1, 100_000);
        Range(faults, "Sqlite:CommitBytesMax", options.CommitBytesMax, 1, 1 << 30);
        Range(faults, "Sqlite:InlineBlobBytesMax", options.InlineBlobBytesMax, 0, 1 << 24);
        if (options.DatabaseBytesMax is not 0 and < 1 << 16)
            Add(faults, "Sqlite:DatabaseBytesMax", options.DatabaseBytesMax, "must be 0 or at least 65536");
    }

    private static void Validate(RedisStoreOptions options, List<string> faults)
    {
        if (options.Endpoints.Count == 0) Add(faults, "Redis:Endpoints", "", "must name at least one host:port");
        foreach (var endpoint in options.Endpoints)
        {
            if (!RedisConfiguration.IsEndpoint(endpoint)) Add(faults, "Redis:Endpoints", endpoint, "must be host:port");
        }

        if (options.KeyPrefix.AsSpan().IndexOfAny('{', '}') >= 0)
            Add(faults, "Redis:KeyPrefix", options.KeyPrefix, "must not contain braces");
        if (options.Password is not null && options.PasswordFile is not null)
            Add(faults, "Redis:PasswordFile", options.PasswordFile, "must not be set beside Password");
        if (options.PasswordFile is not null && !File.Exists(options.PasswordFile))
            Add(faults, "Redis:PasswordFile", options.PasswordFile, "must be a file that exists");
        CallTimeout(faults, "Redis:CallTimeout", options.CallTimeout);
        Range(faults, "Redis:CallsMax", options.CallsMax, 1, 1_000_000);
        Range(faults, "Redis:Database", options.Database, 0, 1_000);
        Range(faults, "Redis:WaitReplicas", options.WaitReplicas, 0, 10);
        Range(faults, "Redis:BreakerFailurePercent", options.BreakerFailurePercent, 1, 100);
        Range(faults, "Redis:BreakerCallsMin", options.BreakerCallsMin, 2, 100_000);
        Range(faults, "Redis:BreakerOpenFor", options.BreakerOpenFor,
            TimeSpan.FromMilliseconds(500), TimeSpan.FromMinutes(1));
        Range(faults, "Redis:EmptyConferenceLifetime", options.EmptyConferenceLifetime,
            TimeSpan.FromMinutes(1), TimeSpan.FromDays(30));
    }

    private static void CallTimeout(List<string> faults, string name, TimeSpan value) =>
        Range(faults, name, value, TimeSpan.FromMilliseconds(10), CallTimeoutMax);

    private static void Range<T>(List<string> faults, string name, T value, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            Add(faults, name, value, string.Create(CultureInfo.InvariantCulture, $"must be {least} to {most}"));
    }

    private static void Add(List<string> faults, string name, object? value, string rule) =>
        faults.Add(string.Create(CultureInfo.InvariantCulture, $"Store:{name} = '{value}' {rule}."));
}
