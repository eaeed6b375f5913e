using Conference.Store.Redis;
using Conference.Store.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Conference.Store;

/// <summary>Opens the store when the host starts, before anything else uses it: a data folder in use or damaged ends
/// the start (<see cref="StoreOpenException"/>), a Redis that is away does not.</summary>
internal sealed class StoreOpening(IServiceProvider services, StoreOptions options) : IHostedService
{
    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Kind == StoreKind.Sqlite) services.GetRequiredService<SqliteDatabase>();
        if (options.Kind == StoreKind.Redis)
            await services.GetRequiredService<RedisConnections>().StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>The container closes it, after everything that uses it.</remarks>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
