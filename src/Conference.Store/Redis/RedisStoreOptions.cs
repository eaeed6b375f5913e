namespace Conference.Store.Redis;

/// <summary>Options of section <c>Store:Redis</c>.</summary>
public sealed record RedisStoreOptions
{
    /// <summary><c>host:port</c> of the server, of some cluster nodes, or of the Sentinels (with
    /// <see cref="SentinelService"/>). Default one server on this machine.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = ["127.0.0.1:6379"];

    /// <summary>Name of the master group; then <see cref="Endpoints"/> are Sentinels. Null for none.</summary>
    public string? SentinelService { get; init; }

    /// <summary>ACL user name; null for the default user.</summary>
    public string? User { get; init; }

    /// <summary>Password; null for none. Better: <see cref="PasswordFile"/>.</summary>
    public string? Password { get; init; }

    /// <summary>File that holds the password, such as a mounted secret; read once at start, white space at the end
    /// dropped. Null for none.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>Whether the connection is TLS. The server's certificate is checked against the machine's trust.
    /// </summary>
    public bool Tls { get; init; }

    /// <summary>Name that the server's certificate must carry; null for the endpoint's host.</summary>
    public string? TlsHost { get; init; }

    /// <summary>Database number; a cluster has only 0.</summary>
    public int Database { get; init; }

    /// <summary>Begins every key, so that several systems can share a server. No braces (they are the hash tag).
    /// </summary>
    public string KeyPrefix { get; init; } = "conf-as:";

    /// <summary>How long a call waits at most. Default 0.8 s, as in the SQLite store: two calls fit into 2 s.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromMilliseconds(800);

    /// <summary>Calls that may be under way at most; one more is unavailable at once (<c>queue_full</c>). Default
    /// 10,000: at 70,000 appends/s 0.15 s of work.</summary>
    public int CallsMax { get; init; } = 10_000;

    /// <summary>Replicas that must have received a write before it counts as durable (WAIT, one for all writes that
    /// wait at the same time). Default 0: durability is what <c>appendfsync</c> of the master gives.</summary>
    public int WaitReplicas { get; init; }

    /// <summary>Share of failed calls, in per cent, at which the breaker opens and calls fail at once. Default 50.
    /// </summary>
    public int BreakerFailurePercent { get; init; } = 50;

    /// <summary>Calls within 2 s needed before the breaker judges. Default 10.</summary>
    public int BreakerCallsMin { get; init; } = 10;

    /// <summary>How long the breaker stays open before it lets one call try. Default 0.5 s: recovery is noticed soon,
    /// and a struggling server is not hammered.</summary>
    public TimeSpan BreakerOpenFor { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the epoch of a conference without events is kept. Default 1 h: longer than any owner stays
    /// alive with nothing to own.</summary>
    public TimeSpan EmptyConferenceLifetime { get; init; } = TimeSpan.FromHours(1);
}
