namespace Conference.Store.Sqlite;

/// <summary>Options of section <c>Store:Sqlite</c>.</summary>
public sealed record SqliteStoreOptions
{
    /// <summary>Folder of the database and its blob files; made when missing. On a local disk: SQLite's WAL needs
    /// shared memory and locks that network file systems do not give. Default <c>data</c> in the working folder.
    /// </summary>
    public string Folder { get; init; } = "data";

    /// <summary>How long a call waits at most. Default 0.8 s: an event with a new page makes two calls (blob, append),
    /// and the sender's 503 must leave within 2 s.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromMilliseconds(800);

    /// <summary>Writes that wait for the writer thread at most; one more is refused as unavailable
    /// (<c>queue_full</c>). Default 10,000: at 8,000 single commits/s that is more than a second of
    /// work, so a longer queue would only hold writes whose callers have given up.</summary>
    public int WriteQueueLengthMax { get; init; } = 10_000;

    /// <summary>Reads that wait at most, as <see cref="WriteQueueLengthMax"/>. Default 10,000.</summary>
    public int ReadQueueLengthMax { get; init; } = 10_000;

    /// <summary>Threads that read, each with its own connection. Default 2: reads are openings of conferences.
    /// </summary>
    public int ReaderCount { get; init; } = 2;

    /// <summary>Writes that share one commit at most. Default 512: beyond, the gain per event is below 10 %
    /// (368,000 events/s at 128) and the first writer waits longer.</summary>
    public int CommitWritesMax { get; init; } = 512;

    /// <summary>Payload that shares one commit at most, in bytes. Default 8 MiB: about 30 ms of disk at 0.3 GB/s.
    /// A single larger write still goes through, alone.</summary>
    public int CommitBytesMax { get; init; } = 8 << 20;

    /// <summary>Blobs larger than this lie in files beside the database, in bytes. Default 64 KiB: files take large
    /// blobs 3 to 6 times faster and keep them out of the journal's way.</summary>
    public int InlineBlobBytesMax { get; init; } = 64 << 10;

    /// <summary>Largest size of the database file, in bytes; 0 for what the disk holds. When reached, writes are
    /// unavailable (<c>disk_full</c>) until something is deleted. Blob files do not count.</summary>
    public long DatabaseBytesMax { get; init; }

    /// <summary>Reads the whole database at start and refuses to start when a page is damaged. Default off: it takes
    /// seconds per GiB. Damage in what is read is found in any case.</summary>
    public bool CheckIntegrityAtStart { get; init; }
}
