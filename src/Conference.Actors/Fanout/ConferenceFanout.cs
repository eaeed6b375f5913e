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
    private readonly RecipientTable _recipients = new(); // Under Gate.
    // Under Gate. Pages shared since this fan-out began; earlier ones are sent again when they are turned to.
    private Dictionary<PageRef, long>? _sharedRevisions;
    private long _head; // Written under Gate, read without it.
    private long _newestPointer; // The same.
    private volatile EventBatch? _common; // The same.
    private ConferenceState _state; // Under Gate.
    private ConferencePages? _pages;
    private BodyReferences? _references;
    private ContentNumbers? _contentNumbers;

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

    /// <summary>The page everybody shows, for who has just had a snapshot.</summary>
    internal ContentNeed? CurrentContent()
    {
        lock (Gate) return _state.CurrentPage is { } page ? NeedOf(page, _state) : null;
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
