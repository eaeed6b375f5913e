using Conference.Store.Tests.Contract;
using Xunit;

namespace Conference.Store.Tests.Sqlite;

public sealed class SqliteBlobStoreTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly byte[] Large = StoreSample.Bytes(200_000, seed: 1);
    private static readonly byte[] Small = StoreSample.Bytes(64 << 10, seed: 2);
    private static readonly string LargeDigest = StoreSample.Digest(Large);

    [Fact]
    public async Task Put_LargeGoesToAFile_SmallIntoTheDatabase()
    {
        await using var store = new SqliteUnderTest();

        await store.Blobs.PutAsync(StoreSample.Digest(Small), Small, Hour, default);
        Assert.Empty(Files(store));

        await store.Blobs.PutAsync(LargeDigest, Large, Hour, default);
        var file = Assert.Single(Files(store));
        Assert.StartsWith(LargeDigest, Path.GetFileName(file), StringComparison.Ordinal);
        Assert.Equal(Large, await File.ReadAllBytesAsync(file));

        await store.Blobs.PutAsync(LargeDigest, Large, Hour, default);
        Assert.Single(Files(store)); // stored once
    }

    [Fact]
    public async Task Put_OfSameLargeAtOnce_LeavesOneFile()
    {
        await using var store = new SqliteUnderTest();

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ =>
            store.Blobs.PutAsync(LargeDigest, Large, Hour, default).AsTask()));

        Assert.Single(Files(store));
    }

    [Fact]
    public async Task RemoveExpired_RemovesRowsAndFiles()
    {
        await using var store = new SqliteUnderTest();
        await store.Blobs.PutAsync(LargeDigest, Large, Hour, default);
        await store.Blobs.PutAsync(StoreSample.Digest(Small), Small, Hour * 3, default);

        store.Time.Advance(Hour * 2);
        Assert.Equal(1, await store.Blobs.RemoveExpiredAsync(default));

        Assert.Empty(Files(store));
        Assert.True(await store.Blobs.ContainsAsync(StoreSample.Digest(Small), default));
        Assert.Equal(0, await store.Blobs.RemoveExpiredAsync(default));
    }

    [Fact]
    public async Task RemoveExpired_AfterACrash_RemovesFilesWithoutRow()
    {
        await using var store = new SqliteUnderTest();
        await store.Blobs.PutAsync(LargeDigest, Large, Hour, default);
        var kept = Assert.Single(Files(store));
        await File.WriteAllBytesAsync(kept[..^1] + "x", Large);
        await File.WriteAllBytesAsync(kept + ".new", Large);

        await store.ReopenAsync();
        await store.Blobs.RemoveExpiredAsync(default);

        Assert.Equal([kept], Files(store));
        Assert.Equal(Large, (await store.Blobs.GetAsync(LargeDigest, default))!.Value.ToArray());
    }

    [Fact]
    public async Task Get_OfFileThatIsGone_IsNull_AndCanBePutAgain()
    {
        await using var store = new SqliteUnderTest();
        await store.Blobs.PutAsync(LargeDigest, Large, Hour, default);
        File.Delete(Assert.Single(Files(store)));

        Assert.Null(await store.Blobs.GetAsync(LargeDigest, default));

        await store.Blobs.PutAsync(LargeDigest, Large, Hour, default);
        Assert.Equal(Large, (await store.Blobs.GetAsync(LargeDigest, default))!.Value.ToArray());
    }

    private static string[] Files(SqliteUnderTest store) =>
        Directory.GetFiles(Path.Combine(store.Folder, "blobs"), "*", SearchOption.AllDirectories);
}
