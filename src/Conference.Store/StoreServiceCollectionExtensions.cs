using Conference.Actors.Ports;
using Conference.Store.InMemory;
using Conference.Store.Redis;
using Conference.Store.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Conference.Store;

/// <summary>Puts the configured store into the host.</summary>
public static class StoreServiceCollectionExtensions
{
    /// <summary>Registers <see cref="IConferenceStore"/>, <see cref="IBlobStore"/> and <see cref="IRegistrationStore"/>
    /// by <see cref="StoreOptions.Kind"/>, opens the store when the host starts, removes expired blobs while it runs.
    /// </summary>
    /// <remarks>Uses the host's <see cref="TimeProvider"/> and <see cref="ILoggerFactory"/>. Call it before services
    /// that use the store at their start. The container closes the store.</remarks>
    /// <param name="services">The host's.</param>
    /// <param name="options">Of section <c>Store</c>; checked with <see cref="StoreOptionsValidator"/>.</param>
    /// <exception cref="ArgumentException">Options that the validator refuses; all faults in one message.</exception>
    public static IServiceCollection AddConferenceStore(this IServiceCollection services, StoreOptions options)
    {
        var faults = StoreOptionsValidator.Validate(options);
        if (faults.Count > 0) throw new ArgumentException(string.Join(Environment.NewLine, faults), nameof(options));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        switch (options.Kind)
        {
            case StoreKind.Sqlite:
                services.AddSingleton(provider => SqliteDatabase.Open(
                    options.Sqlite, provider.GetRequiredService<TimeProvider>(), Logger(provider)));
                services.AddSingleton<IConferenceStore, SqliteConferenceStore>();
                services.AddSingleton<IBlobStore, SqliteBlobStore>();
                services.AddSingleton<IRegistrationStore, SqliteRegistrationStore>();
                break;
            case StoreKind.Redis:
                services.AddSingleton(provider => new RedisConnections(
                    options.Redis, provider.GetRequiredService<TimeProvider>(), Logger(provider)));
                services.AddSingleton<IConferenceStore, RedisConferenceStore>();
                services.AddSingleton<IBlobStore, RedisBlobStore>();
                services.AddSingleton<IRegistrationStore, RedisRegistrationStore>();
                break;
            default:
                services.AddSingleton(provider => new StoreFaults(provider.GetRequiredService<TimeProvider>()));
                services.AddSingleton<IConferenceStore, InMemoryConferenceStore>();
                services.AddSingleton<IBlobStore, InMemoryBlobStore>();
                services.AddSingleton<IRegistrationStore, InMemoryRegistrationStore>();
                break;
        }

        services.AddHostedService<StoreOpening>();
        services.AddHostedService<StoreMaintenance>();
        return services;
    }

    private static ILogger Logger(IServiceProvider provider) =>
        provider.GetRequiredService<ILoggerFactory>().CreateLogger("Conference.Store");
}
