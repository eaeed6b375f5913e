using System.Collections.Immutable;
using Conference.Client.Model;
using Conference.Client.Pages;
using Conference.Client.Requests;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Xml;

namespace Conference.Client;

/// <summary>One conference as one participant takes part in it: the model that follows it, and the requests.</summary>
/// <remarks>
/// Requests leave in the order of the calls, one outstanding at a time, and are repeated with the same id until the
/// answer is final (R3). They end when the server has them; the change itself comes as an event like everybody else's:
/// wait for it with <see cref="WaitForRevisionAsync"/>. Handlers of the events are called in order under the lock that
/// guards the model: they may read the session and start requests, must not wait for anything, and must not throw: the
/// other handlers and events of that message would be left out.
/// </remarks>
public sealed partial class ConferenceSession : IAsyncDisposable
{
    private readonly ConferenceClientOptions _options;
    private readonly RequestQueue _queue;
    private readonly TimeProvider _time;
    private readonly IFileDownload _download;
    private readonly CancellationTokenSource _closing = new();

    // Guarded by _gate.
    private readonly Lock _gate = new();
    private readonly SnapshotMerger _snapshots = new();
    private readonly PartAssembler _parts = new();
    private readonly List<Waiter> _waiters = [];
    private readonly Dictionary<string, IPageSource> _sources = [];
    private readonly HashSet<string> _digestsBeingDownloaded = [];
    private long? _resyncAskedAt;
    private long? _badSnapshotAt;
    private long _snapshotsTaken;
    private bool _isClosed;
    private volatile ConferenceModel _model;

    internal ConferenceSession(
        ConferenceUri uri, ConferenceClientOptions options, IRequestCarrier carrier, PageStore pages,
        IFileDownload download, TimeProvider time)
    {
        (Uri, _options, Pages, _download, _time) = (uri, options, pages, download, time);
        _queue = new RequestQueue(uri.Value, carrier, options.Retry, options.QueueLengthMax, time);
        _model = ConferenceModel.Empty(uri);
    }

    /// <summary>An event was applied. With the time it was applied at; the event itself says when it was accepted.
    /// </summary>
    public event Action<ConferenceEvent, DateTimeOffset>? EventApplied;

    /// <summary>The content of a page came and has its digest.</summary>
    public event Action<PageDescriptor>? PageReceived;

    /// <summary>An acknowledged request could not be carried out after all.</summary>
    public event Action<Refusal>? Refused;

    /// <summary>Others point somewhere.</summary>
    public event Action<ImmutableArray<PointerPosition>>? PointersMoved;

    /// <summary>A saved file is ready for this participant.</summary>
    public event Action<SavedFile>? FileSaved;

    /// <summary>Which conference.</summary>
    public ConferenceUri Uri { get; }

    /// <summary>The conference as known now.</summary>
    public ConferenceModel Model => _model;

    /// <summary>Content of pages, shared by all sessions of the client.</summary>
    public PageStore Pages { get; }

    /// <summary>What went other than straight.</summary>
    public SessionCounters Counters { get; } = new();

    /// <summary>Requests that were sent again.</summary>
    public long Retries => _queue.Retries;

    /// <summary>Pages that the server has and this client not.</summary>
    public ImmutableArray<PageDescriptor> MissingPages =>
        [.. _model.Pages.Where(page => !Pages.Contains(page.Digest))];

    /// <summary>Told when the session begins to end; more than once when it is ended more than once.</summary>
    internal Action<ConferenceSession>? Closing { get; init; }

    /// <summary>Waits until the model fulfils a condition, which is tried after each change and each page.</summary>
    /// <remarks>What the condition throws is thrown here.</remarks>
    /// <exception cref="TimeoutException">It did not in time.</exception>
    public Task WaitForAsync(
        Func<ConferenceModel, bool> condition, TimeSpan? timeout = null, CancellationToken cancel = default) =>
        WaitUntilAsync(() => condition(_model), timeout, cancel);

    /// <summary>Waits until the model has reached a revision, such as the one of one's own request.</summary>
    public Task WaitForRevisionAsync(long revision, TimeSpan? timeout = null, CancellationToken cancel = default) =>
        WaitForAsync(model => model.Revision >= revision, timeout, cancel);

    /// <summary>Ends the session on this side: what waits is cancelled, and the client forgets it. The server is not
    /// told (see LeaveAsync). Once; further calls only wait for the end.</summary>
    public async ValueTask DisposeAsync()
    {
        Closing?.Invoke(this);
        lock (_gate)
        {
            _isClosed = true;
            foreach (var waiter in _waiters) waiter.Done.TrySetCanceled();
            _waiters.Clear();
        }

        await _closing.CancelAsync().ConfigureAwait(false);
        await _queue.DisposeAsync().ConfigureAwait(false);
    }

    private async Task WaitUntilAsync(Func<bool> condition, TimeSpan? timeout, CancellationToken cancel)
    {
        var waiter = new Waiter(condition);
        lock (_gate)
        {
            if (condition()) return;
            ObjectDisposedException.ThrowIf(_isClosed, this);
            _waiters.Add(waiter);
        }

        try
        {
            await waiter.Done.Task.WaitAsync(timeout ?? _options.FollowUpTimeout, _time, cancel).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException(
                $"{_options.Identity} waited in vain: revision {_model.Revision}, without the content of "
                + $"[{string.Join(", ", MissingPages.Select(page => page.Page))}], counters {Counters}.");
        }
        finally
        {
            lock (_gate) _waiters.Remove(waiter);
        }
    }

    /// <summary>Call with the gate held, after every change.</summary>
    private void WakeWaiters()
    {
        for (var i = _waiters.Count - 1; i >= 0; i--)
        {
            if (_waiters[i].TryEnd()) _waiters.RemoveAt(i);
        }
    }

    private sealed record Waiter(Func<bool> Condition)
    {
        internal TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>A condition that throws ends its own wait, not the message that it was tried after.</summary>
        internal bool TryEnd()
        {
            try
            {
                return Condition() && Done.TrySetResult();
            }
            catch (Exception fault)
            {
                return Done.TrySetException(fault);
            }
        }
    }
}

/// <summary>What went other than straight in a session. Grows only.</summary>
public sealed class SessionCounters
{
    /// <summary>Messages in which nothing was new.</summary>
    public long Repeated { get; internal set; }

    /// <summary>Notifications that came with revisions missing before them.</summary>
    public long Gaps { get; internal set; }

    /// <summary>Boards whose digest was not the server's.</summary>
    public long BoardsDiffered { get; internal set; }

    /// <summary>Resyncs asked for because of the two.</summary>
    public long Resyncs { get; internal set; }

    /// <summary>Snapshots taken.</summary>
    public long Snapshots { get; internal set; }

    /// <summary>Bodies by reference that came as announced.</summary>
    public long BodiesFetched { get; internal set; }

    /// <summary>Bodies by reference that could not be had in time, or had another size or digest.</summary>
    public long BadBodies { get; internal set; }

    /// <summary>Page contents that had not the size or digest they were announced with.</summary>
    public long BadPages { get; internal set; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"repeated {Repeated}, gaps {Gaps}, boards differed {BoardsDiffered}, resyncs {Resyncs}, "
        + $"snapshots {Snapshots}, bodies fetched {BodiesFetched}, bad bodies {BadBodies}, bad pages {BadPages}";
}
