using Conference.Actors.Ports;
using Conference.Protocol;

namespace Conference.Actors.Fanout;

/// <content>What a participant is sent next. Everything here is called with the recipient's lock held.</content>
internal sealed partial class Recipient
{
    /// <summary>Whether there is something to send besides events and pointers.</summary>
    private bool HasMore => _wantsSnapshot || _aside is { HasWork: true };

    private int LearnedBytesMax => _aside?.LearnedBytesMax ?? int.MaxValue;

    /// <param name="pathBytesMax">What the path carries.</param>
    /// <param name="limit">An option.</param>
    private int BodyBytesMax(int pathBytesMax, int limit) =>
        Math.Min(Math.Min(pathBytesMax, LearnedBytesMax), limit);

    private bool HasWork() =>
        HasMore || _cursor < _conference.Head || (!_isPlainText && _pointersSeen < _conference.NewestPointer);

    /// <summary>The short way, which nearly every delivery takes: what others at this cursor are sent. Null when it is
    /// something else.</summary>
    private EncodedBody? NextCommon(int pathBytesMax)
    {
        if (HasMore || _isPlainText || _conference.Common is not { } common
            || !common.IsAllAfter(_cursor, _conference.Head)
            || common.Body.Bytes.Length > BodyBytesMax(pathBytesMax, _conference.Options.BodyBytesMax)
            || (!WantsOwnEvents && common.Authors.Contains(Participant)))
        {
            return null;
        }

        _conference.NoteTakenAll();
        return Fly(FlightKind.Events, common.Body, common);
    }

    /// <inheritdoc/>
    /// <remarks>The one thing here without the lock: fields are read whole, one that moves meanwhile makes it a moment
    /// old.</remarks>
    public DeliveryPriority Priority => _wantsSnapshot || _aside is { IsUrgent: true }
        ? DeliveryPriority.High
        : _conference.PriorityAfter(Volatile.Read(ref _cursor));

    private EncodedBody? NextBody(int pathBytesMax)
    {
        if (_aside?.Transfer is { IsSnapshot: true } snapshot) return NextPart(snapshot, pathBytesMax);
        if (_aside?.Transfer is { } transfer) return Fly(FlightKind.Transfer, transfer.Bodies[transfer.Sent]);
        if (_aside?.Directed is { Count: > 0 } directed) return Fly(FlightKind.Directed, directed.Peek());
        if (_isPlainText) return NextText();
        if (_aside?.Fetches is { Count: > 0 } fetches && NextFetch(fetches, pathBytesMax) is { } fetched)
            return fetched;
        if (_wantsSnapshot) return NextSnapshot(pathBytesMax);
        if (_aside?.CurrentNeed is { } need)
        {
            if (NextCurrent(need, pathBytesMax) is { } page) return page;
            if (_aside?.CurrentNeed is not null) return null; // Being loaded.
        }

        return NextEvents(pathBytesMax) ?? NextPointers();
    }

    // The page everybody shows, after a snapshot.
    private EncodedBody? NextCurrent(ContentNeed need, int pathBytesMax)
    {
        var content = HasContent(need)
            ? PageContentState.NotToBeHad
            : BeginContent(need, pathBytesMax);
        if (content != PageContentState.Loading) NeedAside().CurrentNeed = null;
        return content == PageContentState.Ready ? Fly(FlightKind.Transfer, _aside!.Transfer!.Bodies[0]) : null;
    }

    private EncodedBody Fly(FlightKind kind, EncodedBody body, EventBatch? events = null)
    {
        _flight = new Flight(kind, body.Bytes.Length, events);
        return body;
    }

    // A reference: conference URI, link with token, digest. A path that carries less than this is given the body.
    private const int ReferenceBytes = 500;

    // What cannot be cut any smaller goes by reference when the path does not carry it (R7). Null while that is
    // prepared.
    private EncodedBody? FlyOrRefer(FlightKind kind, EncodedBody body, EventBatch? events, int pathBytesMax)
    {
        var bytesMax = BodyBytesMax(pathBytesMax, _conference.Options.BodyBytesMax);
        if (body.Bytes.Length <= bytesMax || bytesMax < ReferenceBytes) return Fly(kind, body, events);
        return _conference.References.Get(body, Participant, out var reference) switch
        {
            PageContentState.Ready => Fly(kind, reference!, events),
            PageContentState.Loading => null,
            _ => Fly(kind, body, events), // Nothing is handed out over HTTP: the path decides.
        };
    }

    private EncodedBody? NextFetch(Queue<PageDescriptor> fetches, int pathBytesMax)
    {
        var page = fetches.Peek();
        var bytesMax = BodyBytesMax(pathBytesMax, _conference.Options.PageBodyBytesMax);
        var content = _conference.Pages.Get(page, Participant, bytesMax, out var bodies, out var form);
        if (content == PageContentState.Loading) return null;
        fetches.Dequeue();
        if (content == PageContentState.NotToBeHad) return null;
        NeedAside().Transfer = new Transfer(bodies, IsSnapshot: false, 0, page, form);
        return Fly(FlightKind.Transfer, bodies[0]);
    }

    private EncodedBody? NextEvents(int pathBytesMax)
    {
        while (true)
        {
            ContentNeed? need = null;
            BodyCache.Key key;
            lock (_conference.Gate)
            {
                var window = _conference.Window;
                if (_cursor >= window.Last) return null;
                if (!window.Covers(_cursor))
                {
                    if (_conference.IsRestoring) return null;
                    _wantsSnapshot = true;
                    break; // Encoded without the gate.
                }

                var hasAny = Scan(window, pathBytesMax, out key, out need, out var isFull);
                if (need is null && hasAny)
                {
                    if (isFull) _conference.NoteTakenFull(key.To);
                    else _conference.NoteTakenAll();
                    var batch = _conference.Bodies.Get(_conference.Uri, key, window);
                    _conference.Stir(); // It is dropped once nobody asks for it, also when nothing else happens.
                    if (key.Without == default && key.To == window.Last) _conference.Common = batch;
                    return FlyOrRefer(FlightKind.Events, batch.Body, batch, pathBytesMax);
                }
            }

            if (need is not null)
            {
                if (key.To >= key.From) MoveCursor(key.To); // Its own events only, before the page.
                var content = BeginContent(need, pathBytesMax);
                if (content == PageContentState.Ready) return Fly(FlightKind.Transfer, _aside!.Transfer!.Bodies[0]);
                if (content == PageContentState.Loading) return null; // Kicked when it is there.
                NoteContent(need.Page.Digest); // Not to be had: the event goes without, a client can fetch later.
                continue;
            }

            MoveCursor(key.To); // Nothing but its own events: confirmed by their 202.
        }

        return NextSnapshot(pathBytesMax);
    }

    /// <summary>Finds the next batch: as many events as fit, up to the first page whose content must go before it.
    /// </summary>
    /// <param name="window">The newest events.</param>
    /// <param name="pathBytesMax">What the path carries.</param>
    /// <param name="key">The batch.</param>
    /// <param name="need">The content that must go before the next event; null when there is one to send.</param>
    /// <param name="isFull">Whether there are more events, which have no room in it.</param>
    /// <returns>Whether there is anything to send in it.</returns>
    private bool Scan(
        EventWindow window, int pathBytesMax, out BodyCache.Key key, out ContentNeed? need, out bool isFull)
    {
        need = null;
        isFull = false;
        var from = _cursor + 1;
        var to = _cursor;
        var bytes = 0;
        var bytesMax = BodyBytesMax(pathBytesMax, _conference.Options.BodyBytesMax) - NotificationOverheadBytes;
        var hasAny = false;
        var hasOwn = false;
        for (var revision = from; revision <= window.Last; revision++)
        {
            ref readonly var entry = ref window[revision];
            var isSuperseded = BodyCache.IsSuperseded(entry, window);
            if (entry.Content is { } content && !isSuperseded && !HasContent(content))
            {
                if (hasAny) break;
                need = content;
                break;
            }

            var isOwn = !WantsOwnEvents && entry.IsKnownTo(Participant);
            if (!isOwn && !isSuperseded)
            {
                isFull = hasAny && bytes + entry.Fragment.Length > bytesMax;
                if (isFull) break;
                bytes += entry.Fragment.Length;
                hasAny = true;
            }

            hasOwn |= isOwn;
            to = revision;
        }

        key = new BodyCache.Key(from, to, hasOwn ? Participant : default);
        return hasAny;
    }

    // Head and tail of a notification: element, namespace, conference URI of at most 255, two revisions.
    private const int NotificationOverheadBytes = 450;

    private bool HasContent(ContentNeed content) =>
        content.Sharer == Participant
        || (content.SharedRevision > _contentSince && content.SharedRevision <= _cursor)
        || (_contents is { } contents && contents.Contains(content.Page.Digest));

    private void NoteContent(string digest) =>
        (_contents ??= new ContentSet(_conference.ContentNumbers)).Add(digest);

    /// <summary>Begins to send a page's content before anything else, if it is at hand.</summary>
    private PageContentState BeginContent(ContentNeed need, int pathBytesMax)
    {
        var bytesMax = BodyBytesMax(pathBytesMax, _conference.Options.PageBodyBytesMax);
        var content = _conference.Pages.Get(need.Page, Participant, bytesMax, out var bodies, out var form);
        if (content == PageContentState.Ready)
            NeedAside().Transfer = new Transfer(bodies, IsSnapshot: false, 0, need.Page, form);
        return content;
    }

    private EncodedBody? NextPointers()
    {
        lock (_conference.Gate)
        {
            var body = _conference.Pointers.Since(_pointersSeen, Participant, _conference.Uri, out var newest);
            _pointersSeen = newest; // Volatile: not sent again when this one is lost.
            return body is null ? null : Fly(FlightKind.Pointers, body);
        }
    }

    // A foreign client: chat as text, and a line that tells what it cannot show.
    private EncodedBody? NextText()
    {
        _wantsSnapshot = false;
        lock (_conference.Gate)
        {
            var window = _conference.Window;
            while (_cursor < window.Last)
            {
                if (!window.Covers(_cursor))
                {
                    MoveCursor(window.Before);
                    continue;
                }

                var revision = _cursor + 1;
                ref readonly var entry = ref window[revision];
                var body = !WantsOwnEvents && entry.IsKnownTo(Participant)
                    ? null
                    : PlainText.Of(entry, content => _conference.Pages.Reference(content, Participant));
                if (body is not null)
                {
                    var text = new EventBatch(revision, revision, body, entry.PublishedAt, [], NeedsContent: false);
                    return Fly(FlightKind.Events, body, text);
                }

                MoveCursor(revision);
            }
        }

        return null;
    }
}
