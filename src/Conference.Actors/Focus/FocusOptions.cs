namespace Conference.Actors.Focus;

/// <summary>Limits and times of conferences. Every limit names the outcome that meets whoever goes beyond it.</summary>
public sealed record FocusOptions
{
    /// <summary>Members of one conference (<see cref="RefuseReason.ConferenceFull"/>). 10,000: the size that the
    /// fan-out is measured with.</summary>
    public int MembersMax { get; init; } = 10_000;

    /// <summary>Documents shared at a time (<see cref="RefuseReason.TooManyDocuments"/>). 100: a long day's meeting.
    /// </summary>
    public int DocumentsMax { get; init; } = 100;

    /// <summary>Pages of one document (<see cref="RefuseReason.TooLarge"/>). 5,000: as the protocol.</summary>
    public int PagesPerDocumentMax { get; init; } = 5_000;

    /// <summary>Bytes of one page (<see cref="RefuseReason.TooLarge"/>). 16 MiB: as the protocol.</summary>
    public int PageBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>Parts of one page (<see cref="RefuseReason.PartMismatch"/>). 1,024: 16 MiB in parts of 16
    /// KiB.</summary>
    public int PartsPerPageMax { get; init; } = 1_024;

    /// <summary>Bytes of parts kept per conference until their page is whole (<see cref="RefuseReason.TooLarge"/>).
    /// 32 MiB: two of the largest pages.</summary>
    public long PartBytesMax { get; init; } = 32 * 1024 * 1024;

    /// <summary>How long parts are kept after the last one came. 60 s: longer than any SIP transaction (32
    /// s).</summary>
    public TimeSpan PartLifetime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether a page must begin like its media type says (<see cref="RefuseReason.NotValid"/>). Off: what the
    /// content shows is between sharer and viewers, and the digest is checked always.</summary>
    public bool ChecksImageHeaders { get; init; }

    /// <summary>How long a page is kept in the cache at least. 30 days: a conference may be resumed.</summary>
    public TimeSpan PageLifetime { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Marks on one page (<see cref="RefuseReason.TooManyMarks"/>). 2,000: a page is unreadable long before.
    /// </summary>
    public int MarksPerPageMax { get; init; } = 2_000;

    /// <summary>Bytes of all marks on one page: points, texts, pictures (<see cref="RefuseReason.TooManyMarks"/>).
    /// 8 MiB: a snapshot of it still travels.</summary>
    public long MarkBytesPerPageMax { get; init; } = 8 * 1024 * 1024;

    /// <summary>Points of one mark (<see cref="RefuseReason.TooLarge"/>). 4,000: as the protocol.</summary>
    public int PointsPerMarkMax { get; init; } = 4_000;

    /// <summary>Bytes of the picture in a mark (<see cref="RefuseReason.TooLarge"/>). 256 KiB: as the
    /// protocol.</summary>
    public int MarkImageBytesMax { get; init; } = 256 * 1024;

    /// <summary>Operations in one request (<see cref="RefuseReason.TooLarge"/>). 1,024: as the protocol.</summary>
    public int OperationsPerRequestMax { get; init; } = 1_024;

    /// <summary>Characters of names and subjects (<see cref="RefuseReason.TooLarge"/>). 256: one line.</summary>
    public int LineCharactersMax { get; init; } = 256;

    /// <summary>Characters of a chat line or text mark (<see cref="RefuseReason.TooLarge"/>). 4,096: a
    /// screen.</summary>
    public int TextCharactersMax { get; init; } = 4_096;

    /// <summary>Operations that one author can take back; older ones cannot be undone
    /// (<see cref="RefuseReason.NothingToUndo"/>). 50: more than anybody counts.</summary>
    public int UndoDepthMax { get; init; } = 50;

    /// <summary>Requests remembered per author; an older id is <see cref="RefuseReason.IdReused"/>. 256: more than
    /// one sender can have unanswered.</summary>
    public int RememberedRequestsMax { get; init; } = 256;

    /// <summary>Turns and saves waiting for pages, each (<see cref="RefuseReason.TooManyAwaited"/>). 16: each one asks
    /// a sharer.</summary>
    public int AwaitedMax { get; init; } = 16;

    /// <summary>How long a turn waits for its page (<see cref="RefuseReason.PageTimeout"/>). 10 s: people give up.
    /// </summary>
    public TimeSpan PagePullTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a save waits for missing pages before it is made without them. 60 s: a sharer renders a long
    /// document in that time.</summary>
    public TimeSpan SaveTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Bytes of a saved file before compression; beyond it the save fails by name. 256 MiB: one blob
    /// of any store.</summary>
    public long SavedFileBytesMax { get; init; } = 256L * 1024 * 1024;

    /// <summary>How long a saved file is kept at least. 30 days, as pages.</summary>
    public TimeSpan SavedFileLifetime { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Commands waiting in one conference (<see cref="RefuseReason.ConferenceBusy"/>). 1,000: what a store at
    /// 5,000 events a second works off in 200 ms.</summary>
    public int CommandsWaitingMax { get; init; } = 1_000;

    /// <summary>Events in one append; what is beyond waits for the next. 128: one page of writes in SQLite and Redis.
    /// </summary>
    public int EventsPerAppendMax { get; init; } = 128;

    /// <summary>Requests that a sender may send per second in the long run (<see cref="RefuseReason.SenderTooFast"/>).
    /// 100: no hand draws faster.</summary>
    public double SenderRequestsPerSecond { get; init; } = 100;

    /// <summary>Requests that a sender may send at once (<see cref="RefuseReason.SenderTooFast"/>). 400: a page in
    /// parts.</summary>
    public double SenderBurst { get; init; } = 400;

    /// <summary>Senders whose rate is remembered; the ones longest full are forgotten. 20,000: all members twice.
    /// </summary>
    public int SendersMax { get; init; } = 20_000;

    /// <summary>How long the gateway waits for a conference (<see cref="RefuseReason.StoreUnavailable"/>). 1.5 s: an
    /// S-CSCF by-passes an application server that does not answer within 2 s.</summary>
    public TimeSpan AskTimeout { get; init; } = TimeSpan.FromMilliseconds(1_500);

    /// <summary>Events between two checkpoints. 500: restored in a few milliseconds.</summary>
    public int CheckpointEveryEvents { get; init; } = 500;

    /// <summary>Events read at a time when a conference is restored. 500.</summary>
    public int EventsPerReadMax { get; init; } = 500;

    /// <summary>How long reading a conference may take before it counts as failed. 10 s: a million events.</summary>
    public TimeSpan RestoreTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A conference without commands is put away after this time, when all is delivered. 2 min.</summary>
    public TimeSpan PassivateAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>A conference that was never there is put away after this time: anybody can ask for made-up ones, each
    /// holds an actor. 0.2 s: long enough for a burst to one of them.</summary>
    public TimeSpan PassivateUnknownAfter { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>A conference that has ended is put away after this time. 5 s.</summary>
    public TimeSpan PassivateEndedAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>First wait before a conference is read again after the store failed; doubles each time. 200 ms.
    /// </summary>
    public TimeSpan RestoreBackoffMin { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest wait before a conference is read again. 5 s: recovery within seconds after the store is back.
    /// </summary>
    public TimeSpan RestoreBackoffMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What the state remembers under these options.</summary>
    public StateLimits StateLimits => new(UndoDepthMax, RememberedRequestsMax);
}
