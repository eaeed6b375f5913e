using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Conference.Store.Redis;

/// <summary>The connections that the three Redis stores share.</summary>
/// <remarks>Two, so that a page image of megabytes on its way does not hold up an append; a third for WAIT when
/// replicas are waited for, because WAIT stalls its connection.</remarks>
public sealed class RedisConnections : IAsyncDisposable
{
    private readonly RedisReplicaWait? _wait;

    /// <param name="options">Validated.</param>
    /// <param name="time">Clock of time-outs.</param>
    /// <param name="logger">For operators.</param>
    public RedisConnections(RedisStoreOptions options, TimeProvider time, ILogger logger)
    {
        Options = options;
        Keys = new RedisKeys(options.KeyPrefix);
        Calls = new RedisLink(options, "calls", time, logger)
        {
            Connected = server => RedisSettings.Check(server, options, logger),
        };
        Blobs = new RedisLink(options, "blobs", time, logger);
        if (options.WaitReplicas > 0) _wait = new RedisReplicaWait(options, time, logger);
    }

    internal RedisStoreOptions Options { get; }

    internal RedisKeys Keys { get; }

    internal RedisLink Calls { get; }

    internal RedisLink Blobs { get; }

    /// <summary>Begins to connect. Does not wait for a server that is away, and does not fail for it.</summary>
    public async Task StartAsync(CancellationToken cancel)
    {
        try
        {
            await Task.WhenAll(Calls.ConnectAsync(), Blobs.ConnectAsync()).WaitAsync(Options.CallTimeout * 2, cancel);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            // Readiness says that the store is away; the next call tries again (R12).
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_wait is not null) await _wait.DisposeAsync();
        await Calls.DisposeAsync();
        await Blobs.DisposeAsync();
    }

    /// <summary>Waits until the writes answered so far are on enough replicas, where the options ask for it.</summary>
    /// <param name="writes">What those writes went over: <see cref="Calls"/> or <see cref="Blobs"/>.</param>
    /// <param name="mark">A key on the server of those writes, see <see cref="RedisKeys"/>.</param>
    /// <param name="cancel">Ends the wait.</param>
    internal Task WaitForReplicasAsync(RedisLink writes, RedisKey mark, CancellationToken cancel) =>
        _wait is null ? Task.CompletedTask : _wait.WaitAsync(writes, mark, cancel);
}
