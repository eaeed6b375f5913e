using Conference.Actors.Ports;

namespace Conference.Store.InMemory;

/// <summary>Blobs in this process's memory.</summary>
/// <param name="time">Says when a lifetime is over.</param>
/// <param name="faults">Faults asked for by a test; null for none.</param>
public sealed class InMemoryBlobStore(TimeProvider time, StoreFaults? faults = null) : IBlobStore
{
    private readonly StoreFaults _faults = faults ?? new StoreFaults(time);

    // Guarded by _gate.
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Blob> _blobs = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async ValueTask PutAsync(
        string digest, ReadOnlyMemory<byte> content, TimeSpan lifetime, CancellationToken cancel)
    {
        StoreArguments.CheckDigest(digest);
        StoreArguments.CheckLifetime(lifetime);
        var copy = content.ToArray();
        await RunAsync("Storing a blob", isWrite: true, () =>
        {
            var expires = time.GetUtcNow() + lifetime;
            var old = Find(digest);
            if (old is null) StoreMetrics.BlobBytes.WithLabels(InMemoryConferenceStore.Label, "put").Inc(copy.Length);
            if (old is null || old.Expires < expires) _blobs[digest] = new Blob(old?.Content ?? copy, expires);
            return true;
        }, cancel);
    }

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>?> GetAsync(string digest, CancellationToken cancel)
    {
        StoreArguments.CheckDigest(digest);
        var blob = await RunAsync("Reading a blob", isWrite: false, () => Find(digest), cancel);
        if (blob is null) return null;
        StoreMetrics.BlobBytes.WithLabels(InMemoryConferenceStore.Label, "get").Inc(blob.Content.Length);
        return blob.Content.ToArray();
    }

    /// <inheritdoc/>
    public ValueTask<bool> ContainsAsync(string digest, CancellationToken cancel)
    {
        StoreArguments.CheckDigest(digest);
        return RunAsync("Looking for a blob", isWrite: false, () => Find(digest) is not null, cancel);
    }

    /// <inheritdoc/>
    public ValueTask<int> RemoveExpiredAsync(CancellationToken cancel) =>
        RunAsync("Removing blobs", isWrite: true, () =>
        {
            var now = time.GetUtcNow();
            var old = _blobs.Where(pair => pair.Value.Expires <= now).Select(pair => pair.Key).ToList();
            old.ForEach(digest => _blobs.Remove(digest));
            StoreMetrics.BlobsExpired.WithLabels(InMemoryConferenceStore.Label).Inc(old.Count);
            return old.Count;
        }, cancel);

    private Blob? Find(string digest) =>
        _blobs.TryGetValue(digest, out var blob) && blob.Expires > time.GetUtcNow() ? blob : null;

    private ValueTask<T> RunAsync<T>(string call, bool isWrite, Func<T> effect, CancellationToken cancel) =>
        _faults.RunAsync(call, isWrite, () =>
        {
            lock (_gate) return effect();
        }, cancel);

    private sealed record Blob(byte[] Content, DateTimeOffset Expires);
}
