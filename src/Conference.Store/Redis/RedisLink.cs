using Conference.Actors.Ports;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using StackExchange.Redis;

namespace Conference.Store.Redis;

/// <summary>One multiplexed connection with the rules of every call: a limit on calls under way, a breaker, a time-out,
/// and every failure told as <see cref="StoreUnavailableException"/>.</summary>
internal sealed class RedisLink : IAsyncDisposable
{
    public const string Label = "redis";

    private readonly RedisStoreOptions _options;
    private readonly string _name;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline _breaker;
    private readonly Prometheus.Gauge.Child _underWay;
    private int _calls;

    // Guarded by _gate.
    private readonly Lock _gate = new();
    private Task<ConnectionMultiplexer>? _connection;
    private bool _isClosed;

    /// <param name="options">Validated.</param>
    /// <param name="name">What the connection is for: label of the queue and part of the client's name.</param>
    /// <param name="time">Clock of time-outs and of the breaker.</param>
    /// <param name="logger">For operators.</param>
    public RedisLink(RedisStoreOptions options, string name, TimeProvider time, ILogger logger)
    {
        (_options, _name, _time, _logger) = (options, name, time, logger);
        _underWay = StoreMetrics.QueueLength.WithLabels(Label, name);
        _breaker = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<StoreUnavailableException>(),
                FailureRatio = options.BreakerFailurePercent / 100.0,
                MinimumThroughput = options.BreakerCallsMin,
                SamplingDuration = TimeSpan.FromSeconds(2),
                BreakDuration = options.BreakerOpenFor,
                OnOpened = opened =>
                {
                    StoreLog.RedisBreakerOpened(logger, opened.BreakDuration.TotalSeconds);
                    return default;
                },
                OnClosed = _ =>
                {
                    StoreLog.RedisBreakerClosed(logger);
                    return default;
                },
            })
            .Build();
    }

    /// <summary>Told when a server comes (back) to be connected; any thread.</summary>
    public Action<IServer>? Connected { get; init; }

    /// <summary>Makes a call.</summary>
    /// <param name="call">For messages: "An append".</param>
    /// <param name="work">Commands on the database; all of them within one time-out.</param>
    /// <param name="cancel">Ends the wait, not the effect.</param>
    /// <exception cref="StoreUnavailableException">Not done, or not known to be done.</exception>
    public async Task<T> CallAsync<T>(string call, Func<IDatabase, Task<T>> work, CancellationToken cancel)
    {
        if (Interlocked.Increment(ref _calls) > _options.CallsMax)
        {
            Interlocked.Decrement(ref _calls);
            throw StoreMetrics.Refuse(Label, StoreFault.QueueFull,
                $"{call} refused: {_options.CallsMax} calls are under way");
        }

        _underWay.Inc();
        try
        {
            return await _breaker.ExecuteAsync(
                static async (state, token) => await state.Link.TryAsync(state.Call, state.Work, token),
                (Link: this, Call: call, Work: work), cancel);
        }
        catch (BrokenCircuitException)
        {
            throw StoreMetrics.Refuse(Label, StoreFault.BreakerOpen, $"{call} refused: Redis failed just before");
        }
        finally
        {
            _underWay.Dec();
            Interlocked.Decrement(ref _calls);
        }
    }

    /// <summary>As <see cref="CallAsync{T}"/>, past breaker and limit: for the probe.</summary>
    public async Task<T> TryAsync<T>(string call, Func<IDatabase, Task<T>> work, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var running = RunAsync(work);
        try
        {
            return await running.WaitAsync(_options.CallTimeout, _time, cancel);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested && FaultOf(e) is { } fault)
        {
            throw StoreMetrics.Refuse(Label, fault, $"{call} failed", e);
        }
        finally
        {
            // Nobody waits for it any more when it was given up: its failure is seen here.
            if (!running.IsCompletedSuccessfully)
                _ = running.ContinueWith(static task => _ = task.Exception, TaskScheduler.Default);
        }
    }

    /// <summary>The connection; made when there is none. A connection comes back by itself, this only begins it.
    /// </summary>
    public Task<ConnectionMultiplexer> ConnectAsync()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            if (_connection is null or { IsFaulted: true } or { IsCanceled: true }) _connection = OpenAsync();
            return _connection;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task<ConnectionMultiplexer>? connection;
        lock (_gate)
        {
            _isClosed = true;
            connection = _connection;
        }

        try
        {
            if (connection is not null) await (await connection).DisposeAsync();
        }
        catch (Exception)
        {
            // However it failed to connect, whoever called was told; there is nothing to close.
        }
    }

    private async Task<T> RunAsync<T>(Func<IDatabase, Task<T>> work)
    {
        var connection = await ConnectAsync();
        return await work(connection.GetDatabase());
    }

    private async Task<ConnectionMultiplexer> OpenAsync()
    {
        await Task.Yield(); // reading the password file and resolving names must not happen under the lock
        StoreLog.RedisConnecting(_logger, string.Join(", ", _options.Endpoints));
        var connection = await ConnectionMultiplexer.ConnectAsync(
            RedisConfiguration.Create(_options, $"conference-as-{_name}"));
        connection.ConnectionFailed += (_, failed) => StoreLog.RedisConnectionFailed(
            _logger, $"{failed.EndPoint}", $"{failed.FailureType}", failed.Exception?.Message ?? "closed");
        connection.ConnectionRestored += (_, restored) =>
        {
            StoreLog.RedisConnectionRestored(_logger, $"{restored.EndPoint}");
            if (restored is { ConnectionType: ConnectionType.Interactive, EndPoint: { } endpoint })
                Connected?.Invoke(connection.GetServer(endpoint));
        };
        foreach (var server in connection.GetServers().Where(server => server.IsConnected)) Connected?.Invoke(server);
        return connection;
    }

    /// <returns>Null for a bug, which goes to the caller as it is.</returns>
    private static StoreFault? FaultOf(Exception exception) => exception switch
    {
        TimeoutException => StoreFault.Timeout, // RedisTimeoutException too
        RedisConnectionException => StoreFault.Disconnected,
        RedisServerException server when server.Message.Contains("OOM", StringComparison.Ordinal) =>
            StoreFault.MemoryFull,
        RedisException => StoreFault.ServerRefused,
        RedisCommandException => StoreFault.ServerRefused, // not sent: only a replica is known, in a fail-over
        ObjectDisposedException => StoreFault.Closed,
        OperationCanceledException => StoreFault.Closed, // the client gave it up when it was closed
        IOException or UnauthorizedAccessException => StoreFault.InputOutput, // the password file
        _ => null,
    };
}
