using System.Buffers;
using Conference.Actors.Ports;
using StackExchange.Redis;

namespace Conference.Store.Redis;

/// <summary>Blobs in Redis, each a string that expires. On a connection of their own.</summary>
/// <param name="connections">Shared with the other Redis stores; closed by whoever opened them.</param>
public sealed class RedisBlobStore(RedisConnections connections) : IBlobStore
{
    /// <inheritdoc/>
    /// <remarks>First asks to prolong, without the content: a page shared again does not travel again.</remarks>
    public async ValueTask PutAsync(
        string digest, ReadOnlyMemory<byte> content, TimeSpan lifetime, CancellationToken cancel)
    {
        StoreArguments.CheckDigest(digest);
        StoreArguments.CheckLifetime(lifetime);
        RedisKey[] keys = [connections.Keys.Blob(digest)];
        RedisValue lifetimeMs = (long)Math.Ceiling(lifetime.TotalMilliseconds);
        var isThere = await connections.Blobs.CallAsync("Prolonging a blob", async database =>
            (int)await RedisScript.BlobPut.RunAsync(database, keys, [lifetimeMs]) == 1, cancel);
        if (!isThere)
        {
            // The client may still read it when the caller has stopped waiting and reused its buffer: hence a copy.
            var copy = ArrayPool<byte>.Shared.Rent(content.Length);
            content.CopyTo(copy);
            RedisValue[] values = [lifetimeMs, copy.AsMemory(0, content.Length)];
            await connections.Blobs.CallAsync("Storing a blob", async database =>
            {
                await RedisScript.BlobPut.RunAsync(database, keys, values);
                ArrayPool<byte>.Shared.Return(copy); // answered, so no longer read; lost after a failure
                return true;
            }, cancel);
            StoreMetrics.BlobBytes.WithLabels(RedisLink.Label, "put").Inc(content.Length);
        }

        await connections.WaitForReplicasAsync(connections.Blobs, connections.Keys.Wait(digest), cancel);
    }

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>?> GetAsync(string digest, CancellationToken cancel)
    {
        StoreArguments.CheckDigest(digest);
        var content = await connections.Blobs.CallAsync("Reading a blob", database =>
            database.StringGetAsync(connections.Keys.Blob(digest), CommandFlags.DemandMaster), cancel);
        if (content.IsNull) return null;
        ReadOnlyMemory<byte> bytes = content;
        StoreMetrics.BlobBytes.WithLabels(RedisLink.Label, "get").Inc(bytes.Length);
        return bytes;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> ContainsAsync(string digest, CancellationToken cancel)
    {
        StoreArguments.CheckDigest(digest);
        return await connections.Blobs.CallAsync("Looking for a blob", database =>
            database.KeyExistsAsync(connections.Keys.Blob(digest), CommandFlags.DemandMaster), cancel);
    }

    /// <inheritdoc/>
    /// <remarks>Redis does it by itself.</remarks>
    public ValueTask<int> RemoveExpiredAsync(CancellationToken cancel) => ValueTask.FromResult(0);
}
