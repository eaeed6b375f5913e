using System.Globalization;
using StackExchange.Redis;

namespace Conference.Store.Redis;

/// <summary>Turns <see cref="RedisStoreOptions"/> into the client's configuration.</summary>
internal static class RedisConfiguration
{
    /// <summary>Whether the text is <c>host:port</c> or <c>[ipv6]:port</c>.</summary>
    public static bool IsEndpoint(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and < 65536
            && (text[0] == '[' ? text[colon - 1] == ']' : !text.AsSpan(0, colon).Contains(':'));
    }

    /// <summary>The client's configuration.</summary>
    /// <param name="options">Validated.</param>
    /// <param name="name">What <c>CLIENT LIST</c> of the server shows.</param>
    public static ConfigurationOptions Create(RedisStoreOptions options, string name)
    {
        var timeoutMs = (int)options.CallTimeout.TotalMilliseconds;
        var configuration = new ConfigurationOptions
        {
            ClientName = name,
            ServiceName = options.SentinelService,
            User = options.User,
            Password = options.PasswordFile is { } file ? File.ReadAllText(file).TrimEnd() : options.Password,
            Ssl = options.Tls,
            SslHost = options.TlsHost,
            DefaultDatabase = options.Database,

            // Start without Redis: readiness says so, and the process comes into service when Redis does (R12).
            AbortOnConnectFail = false,
            ConnectTimeout = timeoutMs,
            ConnectRetry = 1,
            ReconnectRetryPolicy = new LinearRetry(250),

            // While disconnected a call fails at once; queued, it would outlive the caller's patience and then write.
            BacklogPolicy = BacklogPolicy.FailFast,
            AsyncTimeout = timeoutMs,
            SyncTimeout = timeoutMs,

            // Time-outs are noticed on the heartbeat (default 1 s): finer, so that dead requests do not pile up.
            HeartbeatInterval = TimeSpan.FromMilliseconds(250),
            KeepAlive = 5,
        };
        foreach (var endpoint in options.Endpoints) configuration.EndPoints.Add(endpoint);
        return configuration;
    }
}
