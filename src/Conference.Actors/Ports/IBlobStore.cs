namespace Conference.Actors.Ports;

/// <summary>Keeps large immutable content: page images and saved files. A blob is named by its SHA-256 digest, so it is
/// stored once however often it is shared.</summary>
/// <remarks>Throws <see cref="StoreUnavailableException"/> as <see cref="IConferenceStore"/> does.</remarks>
public interface IBlobStore
{
    /// <summary>Stores content, or prolongs it when it is there (a lifetime is never shortened). Durable when it
    /// returns.</summary>
    /// <param name="digest">SHA-256 of the content: 64 lower-case hexadecimal digits. The caller has checked that it is
    /// the digest of the content; the store only checks its form (<see cref="ArgumentException"/>).</param>
    /// <param name="content">Not used after the task has ended, however it ended: a pooled buffer may go back.</param>
    /// <param name="lifetime">How long it is kept at least, from now. Positive.</param>
    /// <param name="cancel">Ends the wait, not the effect.</param>
    ValueTask PutAsync(string digest, ReadOnlyMemory<byte> content, TimeSpan lifetime, CancellationToken cancel);

    /// <summary>Reads content.</summary>
    /// <returns>Null when it is not there or has outlived its lifetime. A copy of the caller's own.</returns>
    ValueTask<ReadOnlyMemory<byte>?> GetAsync(string digest, CancellationToken cancel);

    /// <summary>Whether the content is there, without reading it.</summary>
    ValueTask<bool> ContainsAsync(string digest, CancellationToken cancel);

    /// <summary>Removes what has outlived its lifetime, where the store does not do so by itself.</summary>
    /// <returns>How many blobs were removed.</returns>
    ValueTask<int> RemoveExpiredAsync(CancellationToken cancel);
}
