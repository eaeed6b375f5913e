using Tests.Shared.Redis;
using Xunit;

namespace Conference.Store.Tests.Redis;

/// <summary>One redis-server for the tests of a class; none where it is not installed (the tests are skipped then).
/// </summary>
public sealed class RedisFixture : IAsyncLifetime
{
    public RedisServerProcess Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (RedisServerProcess.MissingReason is null) Server = await RedisServerProcess.CreateAsync();
    }

    public async Task DisposeAsync()
    {
        if (Server is not null) await Server.DisposeAsync();
    }
}
