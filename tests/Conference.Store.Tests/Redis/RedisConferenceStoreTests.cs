using Conference.Store.Tests.Contract;
using Xunit;

namespace Conference.Store.Tests.Redis;

[NeedsRedis]
public sealed class RedisConferenceStoreTests(RedisFixture fixture)
    : ConferenceStoreContract, IClassFixture<RedisFixture>
{
    protected override Task<IStoreUnderTest> OpenAsync() =>
        Task.FromResult<IStoreUnderTest>(new RedisUnderTest(fixture.Server));
}
