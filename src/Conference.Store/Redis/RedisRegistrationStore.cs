using System.Collections.Immutable;
using Conference.Actors.Ports;
using StackExchange.Redis;

namespace Conference.Store.Redis;

/// <summary>Registrations in one Redis hash. Replicas are not waited for: what a fail-over loses comes again with the
/// next REGISTER.</summary>
/// <param name="connections">Shared with the other Redis stores; closed by whoever opened them.</param>
public sealed class RedisRegistrationStore(RedisConnections connections) : IRegistrationStore
{
    private const int PageSize = 1000;

    /// <inheritdoc/>
    public async ValueTask WriteAsync(
        string addressOfRecord, ImmutableArray<StoredBinding> bindings, CancellationToken cancel)
    {
        var json = bindings.IsDefaultOrEmpty ? null : BindingsJson.Write(bindings);
        await connections.Calls.CallAsync("Writing a registration", database => json is null
            ? database.HashDeleteAsync(connections.Keys.Registrations, addressOfRecord, CommandFlags.DemandMaster)
            : database.HashSetAsync(
                connections.Keys.Registrations, addressOfRecord, json, flags: CommandFlags.DemandMaster), cancel);
    }

    /// <inheritdoc/>
    /// <remarks>Page by page, so that a hundred thousand of them neither block Redis nor meet the time-out.</remarks>
    public async ValueTask<ImmutableArray<StoredRegistration>> ReadAllAsync(CancellationToken cancel)
    {
        // HSCAN may give a field twice while the hash grows: the last one counts.
        var all = new Dictionary<string, StoredRegistration>(StringComparer.Ordinal);
        RedisValue cursor = 0;
        do
        {
            var from = cursor;
            var reply = await connections.Calls.CallAsync("Reading registrations", database => database.ExecuteAsync(
                "HSCAN", [connections.Keys.Registrations, from, "COUNT", PageSize], CommandFlags.DemandMaster), cancel);
            var page = (RedisResult[])reply!;
            var fields = (RedisValue[])page[1]!;
            for (var i = 0; i + 1 < fields.Length; i += 2)
            {
                var address = fields[i].ToString();
                ReadOnlyMemory<byte> json = fields[i + 1];
                all[address] = new StoredRegistration(address, BindingsJson.Read(json.Span));
            }

            cursor = (RedisValue)page[0];
        }
        while (cursor != 0);

        return [.. all.Values];
    }
}
