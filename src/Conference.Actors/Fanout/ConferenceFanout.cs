using System.Collections.Immutable;
using Conference.Actors.Focus;
using Conference.Actors.Ports;
using Conference.Protocol;
using Conference.Protocol.Notifications;
using Conference.Protocol.Xml;

namespace Conference.Actors.Fanout;

/// <summary>The fan-out of one conference: who is in it, what there is to send, and who has to be kicked.</summary>
/// <remarks>
/// Threads: the actor calls the public side; a worker runs <see cref="RunSlice"/>; links call the recipients. What they
/// share is under <see cref="Gate"/>, which is held for a lookup or one encoding, never for a send.
/// </remarks>
internal sealed partial class ConferenceFanout : IConferenceFanout
{
    // One read of history: about 200 KB of events.
    private const int HistoryPageEvents = 512;

    private readonly List<Recipient> _dirty = []; // Cursors to be stored. Its own lock: taken inside all others.
    private readonly RecipientTable _recipients = new(); // Under Gate.
    // Under Gate. Pages shared since this fan-out began; earlier ones are sent again when they are turned to.
    private Dictionary<PageRef, long>? _sharedRevisions;
    private long _head; // Written under Gate, read without it.
    private long _newestPointer; // The same.
    private volatile EventBatch? _common; // The same.
    private ConferenceState _state; // Under Gate.
    private int _flushesUnderWay; // Under the lock of _dirty.
    private bool _isStirred; // Under the lock of _dirty: the engine's flush loop knows of it.
    private ConferencePages? _pages;
    private BodyReferences? _references;
    private ContentNumbers? _contentNumbers;
    private DeliveryLagMeter? _lag; // Made when a body is full for the first time.

    internal ConferenceFanout(FanoutEngine engine, ConferenceState state, long epoch)
    {
        Engine = engine;
        Epoch = epoch;
        _state = state;
        Uri = state.Uri;
        Window = new EventWindow(Options.HistoryEventsMax, Options.HistoryBytesMax);
        Window.Reset(state.Revision);
        NoteWindow();
        Pointers = new PointerBoard(Options.PointersMax);
        Snapshots = new SnapshotBodies(this);
    }

    internal FanoutEngine Engine { get; }

    internal FanoutOptions Options => Engine.Options;

    internal ConferenceUri Uri { get; }

    internal long Epoch { get; }

    /// <summary>Guards window, bodies, pointers, roster and state.</summary>
    internal Lock Gate { get; } = new();

    internal EventWindow Window { get; }

    internal BodyCache Bodies { get; } = new();

    internal PointerBoard Pointers { get; }

    internal SnapshotBodies Snapshots { get; }

    // Made when they are needed: few conferences of the many that are awake share pages at a time.
    internal ConferencePages Pages => _pages ?? Keep(ref _pages, new ConferencePages(this));

    internal BodyReferences References => _references ?? Keep(ref _references, new BodyReferences(this));

    internal ContentNumbers ContentNumbers => _contentNumbers ?? Keep(ref _contentNumbers, new ContentNumbers());

    /// <summary>The newest revision.</summary>
    internal long Head => Volatile.Read(ref _head);

    /// <summary>The newest move of a pointer.</summary>
    internal long NewestPointer => Volatile.Read(ref _newestPointer);

    /// <summary>The batch that was made last for somebody who then has everything. Most are at the same cursor and are
    /// sent the same: they take it here, without the gate.</summary>
    internal EventBatch? Common
    {
        get => _common;
        set => _common = value;
    }

    /// <summary>How far most members are behind; null when they are not.</summary>
    internal DeliveryLag? Lag => Volatile.Read(ref _lag)?.Read(Head);

    /// <summary>Events that some are behind by are being read from the store.</summary>
    internal bool IsRestoring { get; private set; }

    /// <summary>The state after the last event published.</summary>
    internal ConferenceState State
    {
        get
        {
            lock (Gate) return _state;
        }
    }

    /// <inheritdoc/>
    public bool IsSettled
    {
        get
        {
            if (IsRestoring || !HasStoredCursors) return false;

            foreach (var recipient in Recipients())
            {
                if (!recipient.IsSettled(out _)) return false;
            }

            return true;
        }
    }

    /// <summary>Whether no cursor is to be stored or being stored.</summary>
    internal bool HasStoredCursors
    {
        get
        {
            lock (_dirty) return _dirty.Count == 0 && _flushesUnderWay == 0;
        }
    }

    /// <summary>Its owner has put it away; only cursors may be left to store.</summary>
    internal bool IsDisposed { get; private set; }

    /// <summary>Takes over the roster and the stored cursors, and reads what some are behind by.</summary>
    internal void Begin(ImmutableArray<StoredCursor> cursors)
    {
        var stored = cursors.ToDictionary(c => c.Participant, c => c.Revision);
        var oldest = _state.Revision;
        foreach (var member in _state.Roster.Values)
        {
            long? cursor = stored.TryGetValue(member.Participant, out var revision) ? revision : null;
            if (cursor is { } known && known < oldest && known >= _state.Revision - Options.HistoryEventsMax)
                oldest = known;
            AddRecipient(member, cursor);
        }

        if (oldest < _state.Revision)
        {
            IsRestoring = true;
            Engine.Background(() => RestoreAsync(oldest, _state));
        }

        Engine.Schedule(this);
    }

    /// <inheritdoc/>
    public void Publish(ConferenceState state, ImmutableArray<PublishedEvent> events)
    {
        var now = Engine.Time.GetTimestamp();
        List<Recipient>? gone = null;
        lock (Gate)
        {
            _state = state;
            foreach (var published in events)
            {
                Window.Add(ToEntry(published, state, now));
                ApplyToRoster(published.Event.Body, ref gone);
                NotePublished(EventPriority.Of(published.Event.Body));
            }

            NoteWindow();
        }

        FanoutMetrics.Events.Inc(events.Length);
        gone?.ForEach(r => r.Leave());
        Stir();
        Engine.Schedule(this);
    }

    /// <inheritdoc/>
    public void Resync(ParticipantUri participant, long sinceRevision) => Find(participant)?.Resync(sinceRevision);

    /// <inheritdoc/>
    public void SendTo(ParticipantUri participant, ServerMessage message) =>
        Find(participant)?.SendDirected(new EncodedBody(MediaTypes.ConferenceXml, ServerMessageWriter.Write(message)));

    /// <inheritdoc/>
    public void SendPage(ParticipantUri participant, PageDescriptor page) => Find(participant)?.SendContent(page);

    /// <inheritdoc/>
    public void MovePointer(PointerPosition position)
    {
        lock (Gate)
        {
            Pointers.Move(position);
            Volatile.Write(ref _newestPointer, Pointers.Newest);
        }

        Engine.Schedule(this);
    }

    /// <inheritdoc/>
    public void Wake(ParticipantUri participant) => Find(participant)?.Wake();

    /// <inheritdoc/>
    public ImmutableArray<DeliveryDescription> Describe() => [.. Recipients().Select(r => r.Describe())];

    /// <inheritdoc/>
    public void Dispose()
    {
        if (IsDisposed) return;
        IsDisposed = true;
        foreach (var recipient in Recipients())
        {
            recipient.IsSettled(out var isBehind);
            if (isBehind) Engine.Waiting.Add(recipient.Participant, Uri);
            recipient.Leave();
            FanoutMetrics.Recipients.Dec();
        }

        Engine.Close(this);
    }

    internal void NoteDirty(Recipient recipient)
    {
        lock (_dirty)
        {
            _dirty.Add(recipient);
            if (_isStirred) return;
            _isStirred = true;
        }

        Engine.Stir(this);
    }

    /// <summary>There is something that the engine's flush loop has to look after: cursors to be stored, or encoded
    /// bodies that nobody will ask for soon.</summary>
    internal void Stir()
    {
        lock (_dirty)
        {
            if (_isStirred) return;
            _isStirred = true;
        }

        Engine.Stir(this);
    }

    /// <summary>After a flush: drops encoded bodies that were not made lately.</summary>
    /// <returns>Whether nothing is left to look after.</returns>
    internal bool TrySettle()
    {
        var isKept = Snapshots.Age();
        lock (Gate)
        {
            if (Bodies.Age()) isKept = true;
            else Common = null;
        }

        lock (_dirty)
        {
            if (isKept || _dirty.Count > 0 || _flushesUnderWay > 0) return false;
            _dirty.Capacity = 0;
            _isStirred = false;
            return true;
        }
    }

    /// <summary>Stores moved cursors. One call at a time per conference (the engine's flush loop).</summary>
    internal async Task FlushCursorsAsync(CancellationToken cancel)
    {
        Recipient[] taken;
        lock (_dirty)
        {
            if (_dirty.Count == 0) return;
            taken = [.. _dirty];
            _dirty.Clear();
            _flushesUnderWay++;
        }

        try
        {
            foreach (var chunk in taken.Chunk(Options.CursorsPerWriteMax)) await WriteCursorsAsync(chunk, cancel);
        }
        finally
        {
            lock (_dirty) _flushesUnderWay--;
        }
    }

    /// <summary>The page everybody shows, for who has just had a snapshot.</summary>
    internal ContentNeed? CurrentContent()
    {
        lock (Gate) return _state.CurrentPage is { } page ? NeedOf(page, _state) : null;
    }

    /// <summary>A member has taken all there was for it.</summary>
    internal void NoteTakenAll() => Volatile.Read(ref _lag)?.NoteAll();

    /// <summary>A member has taken what there was room for, or is so far behind that it gets a snapshot. Gate is held.
    /// </summary>
    /// <param name="sentUpTo">The first event after this has still to be sent to it.</param>
    internal void NoteTakenFull(long sentUpTo)
    {
        var lag = _lag ?? Keep(ref _lag, new DeliveryLagMeter(Engine.Time));
        // The history is bounded by events and by bytes: once it has been full, what it holds is what it has room for.
        var historyEvents = Window.HasDropped ? Window.Count : Options.HistoryEventsMax;
        var publishedAt = Window[sentUpTo + 1].PublishedAt;
        if (lag.NoteFull(_recipients.Count, publishedAt, sentUpTo, Window.Last, historyEvents)) Engine.NoteLag(this);
    }

    private async Task WriteCursorsAsync(Recipient[] recipients, CancellationToken cancel)
    {
        var cursors = ImmutableArray.CreateBuilder<StoredCursor>(recipients.Length);
        foreach (var recipient in recipients)
        {
            if (recipient.TryTakeDirtyCursor(out var cursor)) cursors.Add(cursor);
        }

        try
        {
            // A stale epoch means that another owner keeps the cursors now.
            await Engine.Store.WriteCursorsAsync(Uri, Epoch, cursors.ToImmutable(), cancel);
            FanoutMetrics.CursorsStored.Inc(cursors.Count);
        }
        catch (Exception failure)
        {
            if (failure is not StoreUnavailableException) Engine.NoteCursorsFailed(Uri, failure);
            FanoutMetrics.CursorWriteFailures.Inc();
            foreach (var recipient in recipients)
            {
                recipient.MarkCursorDirty();
                NoteDirty(recipient);
            }
        }
    }

    private async Task RestoreAsync(long afterRevision, ConferenceState state)
    {
        var read = new List<PublishedEvent>();
        try
        {
            await ReadHistoryAsync(afterRevision, state.Revision, read);
        }
        catch (StoreUnavailableException)
        {
            read.Clear(); // Those who are behind get a snapshot instead.
        }
        catch (Exception failure)
        {
            Engine.NoteRestoreFailed(Uri, failure);
            read.Clear();
        }

        lock (Gate)
        {
            // Unless so much was published meanwhile that the window has moved on: then it is a snapshot, too.
            if (read.Count == state.Revision - afterRevision && Window.Before == state.Revision)
                Window.Prepend(afterRevision, [.. read.Select(e => ToEntry(e, state, Engine.Time.GetTimestamp()))]);
            NoteWindow();
            IsRestoring = false;
        }

        Engine.Schedule(this);
    }

    private async Task ReadHistoryAsync(long afterRevision, long toRevision, List<PublishedEvent> to)
    {
        var next = afterRevision;
        while (next < toRevision)
        {
            var page = await Engine.Store.ReadEventsAsync(Uri, next, HistoryPageEvents, CancellationToken.None);
            if (page.IsEmpty) return;
            foreach (var stored in page)
            {
                if (stored.Revision > toRevision) return;
                if (!EventReader.TryReadFragment(stored.Payload, out var happened)) return;
                to.Add(new PublishedEvent(happened, stored.Payload));
            }

            next = page[^1].Revision;
        }
    }

    // Gate is held.
    private EventWindow.Entry ToEntry(PublishedEvent published, ConferenceState state, long now)
    {
        PageRef? page = null;
        switch (published.Event.Body)
        {
            case PageShared shared:
                page = shared.Page.Page;
                // History is read while newer events come in: a page shared again keeps its newest revision.
                if (published.Event.Revision > SharedRevisionOf(shared.Page.Page))
                    (_sharedRevisions ??= [])[shared.Page.Page] = published.Event.Revision;
                _pages?.NoteShared(shared.Page.Digest);
                break;
            case PageTurned turned:
                page = turned.Page;
                break;
        }

        return new EventWindow.Entry(
            published.Event.Revision, published.Event.Author, IsKnownToAuthor(published.Event), published.Event.Body,
            published.Fragment,
            page is { } known ? NeedOf(known, state) : null, now);
    }

    // What the server did later on somebody's behalf has no request id; who joins needs to see its own role.
    private static bool IsKnownToAuthor(ConferenceEvent happened) =>
        happened.RequestId.Length > 0 && happened.Body is not MembersJoined;

    // Gate is held.
    private ContentNeed? NeedOf(PageRef page, ConferenceState state) =>
        state.FindPage(page) is { } found && state.FindDocument(page.DocumentId) is { } document
            ? new ContentNeed(found, SharedRevisionOf(page), document.Sharer)
            : null;

    // Gate is held.
    private long SharedRevisionOf(PageRef page) => _sharedRevisions?.GetValueOrDefault(page) ?? 0;

    private void ApplyToRoster(EventBody body, ref List<Recipient>? gone)
    {
        switch (body)
        {
            case ConferenceCreated created:
                foreach (var member in created.Members) AddRecipient(member, null);
                break;
            case MembersJoined joined:
                foreach (var member in joined.Members) AddRecipient(member, null);
                break;
            case MemberLeft left when _recipients.Remove(left.Participant) is { } recipient:
                FanoutMetrics.Recipients.Dec();
                (gone ??= []).Add(recipient);
                break;
        }
    }

    private void AddRecipient(RosterEntry member, long? cursor)
    {
        lock (Gate)
        {
            if (_recipients.Find(member.Participant) is { } known)
            {
                known.WantsOwnEvents = member.WantsOwnEvents; // Comes back under the same name.
                return;
            }

            var recipient = new Recipient(this, member, Engine.Links.Open(Uri, member.Participant));
            recipient.Begin(cursor, Window.Last);
            _recipients.Add(recipient);
            FanoutMetrics.Recipients.Inc();
        }
    }

    internal Recipient? Find(ParticipantUri participant)
    {
        lock (Gate) return _recipients.Find(participant);
    }

    private Recipient[] Recipients()
    {
        lock (Gate) return _recipients.All();
    }

    // One of two threads that make it at the same time wins.
    private static T Keep<T>(ref T? field, T made)
        where T : class => Interlocked.CompareExchange(ref field, made, null) ?? made;
}
