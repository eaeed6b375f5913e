using Conference.Store.Redis;
using Conference.Store.Sqlite;
using Xunit;

namespace Conference.Store.Tests;

public sealed class StoreOptionsValidatorTests
{
    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Redis)]
    [InlineData(StoreKind.InMemory)]
    public void Validate_Defaults_AreFine(StoreKind kind) =>
        Assert.Empty(StoreOptionsValidator.Validate(new StoreOptions { Kind = kind }));

    [Fact]
    public void Validate_SeveralFaults_NamesThemAll()
    {
        var faults = StoreOptionsValidator.Validate(new StoreOptions
        {
            MaintenanceInterval = TimeSpan.Zero,
            Sqlite = new SqliteStoreOptions { Folder = " ", CallTimeout = TimeSpan.FromSeconds(3), ReaderCount = 0 },
        });

        Assert.Equal(4, faults.Count);
        Assert.Contains(faults, fault => fault.StartsWith("Store:Sqlite:ReaderCount = '0'", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.StartsWith("Store:Sqlite:CallTimeout", StringComparison.Ordinal));
    }

    [Fact]
    public void Validate_RedisFaults_NamesThemAll()
    {
        var faults = StoreOptionsValidator.Validate(new StoreOptions
        {
            Kind = StoreKind.Redis,
            Redis = new RedisStoreOptions
            {
                Endpoints = ["redis", "[::1]:6379", "::1:6379", "redis:70000"],
                KeyPrefix = "a{b}",
                Password = "x",
                PasswordFile = "/does/not/exist",
                WaitReplicas = -1,
            },
        });

        Assert.Equal(7, faults.Count);
        Assert.DoesNotContain(faults, fault => fault.Contains("[::1]:6379", StringComparison.Ordinal));
        Assert.DoesNotContain(faults, fault => fault.Contains("'x'", StringComparison.Ordinal)); // no secret told
    }

    [Fact]
    public void Validate_FaultsOfTheOtherStore_DoNotCount() => Assert.Empty(StoreOptionsValidator.Validate(
        new StoreOptions { Redis = new RedisStoreOptions { Endpoints = [] } }));
}
