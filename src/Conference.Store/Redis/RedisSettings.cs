using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Conference.Store.Redis;

/// <summary>Tells the operator about settings of the server that lose what was acknowledged (docs/store.md).</summary>
internal static class RedisSettings
{
    /// <summary>Looks in the background; a server that does not let us look (managed services) is not complained about.
    /// </summary>
    public static void Check(IServer server, RedisStoreOptions options, ILogger logger) =>
        _ = CheckAsync(server, options, logger);

    private static async Task CheckAsync(IServer server, RedisStoreOptions options, ILogger logger)
    {
        try
        {
            var endpoint = $"{server.EndPoint}";
            var appendOnly = await ReadAsync(server, "appendonly");
            if (appendOnly == "no")
            {
                StoreLog.RedisSettingRisky(logger, endpoint, "appendonly", appendOnly,
                    "a restart of Redis loses everything since its last snapshot");
            }

            var sync = await ReadAsync(server, "appendfsync");
            if (appendOnly == "yes" && sync != "always" && options.WaitReplicas == 0)
            {
                StoreLog.RedisSettingRisky(logger, endpoint, "appendfsync", sync,
                    "a power cut loses up to about a second of acknowledged events");
            }

            var policy = await ReadAsync(server, "maxmemory-policy");
            if (policy != "noeviction" && await ReadAsync(server, "maxmemory") != "0")
            {
                StoreLog.RedisSettingRisky(logger, endpoint, "maxmemory-policy", policy,
                    "Redis may throw away conferences when memory runs out");
            }
        }
        catch (Exception e) when (
            e is RedisException or RedisCommandException or TimeoutException or InvalidCastException)
        {
            // CONFIG is forbidden there, or the server has gone again.
        }
    }

    private static async Task<string> ReadAsync(IServer server, string setting)
    {
        var reply = await server.ExecuteAsync("CONFIG", "GET", setting);
        return reply.ToDictionary().TryGetValue(setting, out var value) ? (string?)value ?? "" : "";
    }
}
