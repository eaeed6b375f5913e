using Conference.Actors.Ports;
using Conference.Store.Redis;
using Conference.Store.Tests.Contract;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Tests.Shared.Redis;

namespace Conference.Store.Tests.Redis;

/// <summary>A Redis store with a key prefix of its own. The clock of its time-outs and of its breaker stands still
/// unless told; lifetimes end in Redis, by the real one.</summary>
internal sealed class RedisUnderTest : IStoreUnderTest
{
    public RedisUnderTest(RedisServerProcess server, Func<RedisStoreOptions, RedisStoreOptions>? change = null)
    {
        // For the connection, which has a clock of its own. Generous: a test machine may be busy.
        Options = new RedisStoreOptions
        {
            Endpoints = [server.Endpoint],
            KeyPrefix = $"test-{Guid.NewGuid():N}:",
            CallTimeout = TimeSpan.FromMinutes(1),
        };
        Options = change?.Invoke(Options) ?? Options;
        Connections = Open();
    }

    public RedisStoreOptions Options { get; }

    public FakeTimeProvider Time { get; } = new();

    public RedisConnections Connections { get; private set; }

    public IConferenceStore Conferences => new RedisConferenceStore(Connections);

    public IBlobStore Blobs => new RedisBlobStore(Connections);

    public IRegistrationStore Registrations => new RedisRegistrationStore(Connections);

    public bool IsPersistent => true;

    public RedisConnections Open() => new(Options, Time, NullLogger.Instance);

    public Task PassAsync(TimeSpan time) => Task.Delay(time); // the clock is the server's

    public async Task ReopenAsync()
    {
        await Connections.DisposeAsync();
        Connections = Open();
    }

    public ValueTask DisposeAsync() => Connections.DisposeAsync();
}
