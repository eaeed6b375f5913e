using Conference.Store.Tests.Contract;

namespace Conference.Store.Tests.Sqlite;

public sealed class SqliteConferenceStoreTests : ConferenceStoreContract
{
    protected override Task<IStoreUnderTest> OpenAsync() => Task.FromResult<IStoreUnderTest>(new SqliteUnderTest());
}
