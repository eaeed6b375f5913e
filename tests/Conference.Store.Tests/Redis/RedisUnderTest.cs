using Conference.Actors.Ports;
using Conference.Store.Redis;
using Conference.Store.Tests.Contract;
using Microsoft.Extensions.Logging.Abstractions;
using Tests.Shared.Redis;

namespace Conference.Store.Tests.Redis;

/// <summary>A Redis store with a key prefix of its own. Uses the real clock: lifetimes end in Redis.</summary>
internal sealed class RedisUnderTest : IStoreUnderTest
{
    public RedisUnderTest(RedisServerProcess server, Func<RedisStoreOptions, RedisStoreOptions>? change = null)
    {
        // Generous: a test machine may be busy. The tests of time-outs set their own.
        Options = new RedisStoreOptions
        {
            Endpoints = [server.Endpoint],
            KeyPrefix = $"test-{Guid.NewGuid():N}:",
            CallTimeout = TimeSpan.FromSeconds(10),
        };
        Options = change?.Invoke(Options) ?? Options;
        Connections = Open();
    }

    public RedisStoreOptions Options { get; }

    public RedisConnections Connections { get; private set; }

    public IConferenceStore Conferences => new RedisConferenceStore(Connections);

    public IBlobStore Blobs => new RedisBlobStore(Connections);

    public IRegistrationStore Registrations => new RedisRegistrationStore(Connections);

    public bool IsPersistent => true;

    public RedisConnections Open() => new(Options, TimeProvider.System, NullLogger.Instance);

    public Task PassAsync(TimeSpan time) => Task.Delay(time); // the clock is the server's

    public async Task ReopenAsync()
    {
        await Connections.DisposeAsync();
        Connections = Open();
    }

    public ValueTask DisposeAsync() => Connections.DisposeAsync();
}
