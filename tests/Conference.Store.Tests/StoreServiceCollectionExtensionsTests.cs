using Conference.Actors.Ports;
using Conference.Store.InMemory;
using Conference.Store.Redis;
using Conference.Store.Sqlite;
using Conference.Store.Tests.Contract;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Conference.Store.Tests;

public sealed class StoreServiceCollectionExtensionsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("store-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(StoreKind.Sqlite, typeof(SqliteConferenceStore))]
    [InlineData(StoreKind.Redis, typeof(RedisConferenceStore))]
    [InlineData(StoreKind.InMemory, typeof(InMemoryConferenceStore))]
    public async Task AddConferenceStore_RegistersTheThreePorts(StoreKind kind, Type expected)
    {
        await using var services = Build(new StoreOptions { Kind = kind, Sqlite = new() { Folder = _folder } });

        Assert.IsType(expected, services.GetRequiredService<IConferenceStore>());
        Assert.NotNull(services.GetRequiredService<IBlobStore>());
        Assert.NotNull(services.GetRequiredService<IRegistrationStore>());
    }

    [Fact]
    public async Task Start_WithFolderInUse_Fails()
    {
        var options = new StoreOptions { Sqlite = new() { Folder = _folder } };
        await using var first = Build(options);
        await StartAsync(first);
        await using var second = Build(options);

        await Assert.ThrowsAsync<StoreOpenException>(() => StartAsync(second));
    }

    [Fact]
    public async Task Start_WithRedisAway_Starts()
    {
        await using var services = Build(new StoreOptions
        {
            Kind = StoreKind.Redis,
            Redis = new() { Endpoints = ["127.0.0.1:1"], CallTimeout = TimeSpan.FromMilliseconds(300) },
        });

        await StartAsync(services);

        Assert.False(await services.GetRequiredService<IConferenceStore>().IsReachableAsync(default));
    }

    [Fact]
    public async Task Dispose_ClosesTheStore_AndTheNextFindsWhatItKept()
    {
        var options = new StoreOptions { Sqlite = new() { Folder = _folder } };
        var conference = StoreSample.Conference("c");
        await using (var services = Build(options))
        {
            var store = services.GetRequiredService<IConferenceStore>();
            var epoch = (await store.TakeOwnershipAsync(conference, default)).Epoch;
            await store.AppendAsync(conference, epoch, StoreSample.Events(1, 2), default);
        }

        await using var again = Build(options);
        Assert.Single(await again.GetRequiredService<IConferenceStore>().ListAsync(null, 10, default));
    }

    [Fact]
    public void AddConferenceStore_WithFaults_NamesThem() => Assert.Throws<ArgumentException>(() =>
        new ServiceCollection().AddConferenceStore(new StoreOptions { Sqlite = new() { Folder = "" } }));

    // On a clock that stands still: no call times out.
    private static ServiceProvider Build(StoreOptions options) => new ServiceCollection().AddLogging()
        .AddSingleton<TimeProvider>(new FakeTimeProvider()).AddConferenceStore(options).BuildServiceProvider();

    private static async Task StartAsync(IServiceProvider services)
    {
        foreach (var service in services.GetServices<IHostedService>()) await service.StartAsync(default);
    }
}
