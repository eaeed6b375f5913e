using System.Collections.Immutable;
using Conference.Protocol.Notifications;

namespace Conference.Actors.Fanout;

/// <summary>Limits, times and choices of the fan-out.</summary>
public sealed record FanoutOptions
{
    /// <summary>Threads that start deliveries; a conference stays with one of them. Default 0: one per processor.
    /// </summary>
    public int Workers { get; init; }

    /// <summary>Events of one conference kept for who is behind; who is further behind gets a snapshot. Default 4,096:
    /// at 20 events/s a participant can be away for three minutes and still gets what it missed, nothing more.
    /// </summary>
    public int HistoryEventsMax { get; init; } = 4_096;

    /// <summary>Bytes of those events. Default 4 MiB: beyond it a snapshot is smaller than the history.</summary>
    public int HistoryBytesMax { get; init; } = 4 * 1024 * 1024;

    /// <summary>Body of one MESSAGE at most, whatever the path carries. Default 60,000: the read buffer of a CSCF as
    /// shipped is 64 kB for the whole message.</summary>
    public int BodyBytesMax { get; init; } = 60_000;

    /// <summary>Body of one MESSAGE with page content in it. Default 1 MiB: a page travels whole where the path
    /// carries it.</summary>
    public int PageBodyBytesMax { get; init; } = 1024 * 1024;

    /// <summary>Forms of page content in order of preference.</summary>
    public ImmutableArray<PageForm> PageForms { get; init; } =
        [PageForm.Inline, PageForm.Parts, PageForm.Reference];

    /// <summary>Parts of one page at most; a page that needs more goes by reference. Default 16: each part waits for
    /// the answer to the one before.</summary>
    public int PagePartsMax { get; init; } = 16;

    /// <summary>How long a body that went by reference can be fetched. Default 1 h: far longer than all retries.
    /// </summary>
    public TimeSpan BodyReferenceLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Encoded page bodies kept in memory. Default 64 MiB: about 200 pages of 200 KB.</summary>
    public long PageCacheBytesMax { get; init; } = 64L * 1024 * 1024;

    /// <summary>A snapshot is used again for who comes within so many events. Default 256: a rush of newcomers costs
    /// one encoding per 256 of them, and each gets the rest as a batch.</summary>
    public int SnapshotReuseEvents { get; init; } = 256;

    /// <summary>Messages of its own (page requests, refusals, files) that wait for one participant. Default 64; the
    /// oldest is dropped and counted as <c>directed_overflow</c>.</summary>
    public int DirectedMax { get; init; } = 64;

    /// <summary>First pause after a failed delivery. Default 1 s.</summary>
    public TimeSpan RetryFirst { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause between retries. Default 60 s.</summary>
    public TimeSpan RetryLongest { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Longest Retry-After that is honoured; a longer one is cut to it and counted. Default 10 minutes: a
    /// conference with somebody backing off stays awake.</summary>
    public TimeSpan RetryAfterMax { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Retries before a participant is parked. Default 5: about half a minute of pauses on top of the
    /// transactions' own 32 s.</summary>
    public int RetriesMax { get; init; } = 5;

    /// <summary>A parked participant is tried again this often, because not every core tells when somebody is back; up
    /// to a quarter earlier, so that not all are tried together. Default 5 minutes; zero for never.</summary>
    public TimeSpan ParkedProbe { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often moved cursors are stored. Default 1 s: after a crash at most a second of deliveries is
    /// repeated, which changes nothing at the receiver.</summary>
    public TimeSpan CursorFlush { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Cursors in one write. Default 256: beyond it a write costs more than it saves (docs/performance.md).
    /// </summary>
    public int CursorsPerWriteMax { get; init; } = 256;

    /// <summary>Pointers remembered per conference. Default 64: more moving pointers than that help nobody.</summary>
    public int PointersMax { get; init; } = 64;

    /// <summary>Participants known to have something waiting in conferences that sleep. Default 1,000,000.</summary>
    public int WaitingIndexMax { get; init; } = 1_000_000;
}
