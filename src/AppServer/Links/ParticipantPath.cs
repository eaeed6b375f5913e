using Conference.Actors.Ports;
using Conference.Protocol;
using Sip.Stack.Delivery;
using Sip.Stack.Transport;

namespace AppServer.Links;

/// <summary>The path to one participant, shared by all conferences it is in: one MESSAGE is out at a time (R4).
/// </summary>
/// <remarks>
/// Room 11. One of its links at a time holds the path, from asking for a place in the window until the outcome is told.
/// Locking: the object itself guards its fields, and is held from taking a body until it lies in the batch that this
/// thread sends, so that a delivery takes it twice: when it leaves and when it ends. It is not held while the window is
/// entered or left: that calls other paths.
/// </remarks>
internal sealed partial class ParticipantPath(SipLinks links, ParticipantUri participant) : IDelivery, IWindowGuest
{
    // What is left for the body of a datagram before the first head is made.
    private const int HeadBytesUnknown = 600;

    // The smallest read buffer of a CSCF: a body below it is not what a stream was closed for.
    private const int CoreBufferBytesMin = 4_096;

    // Under lock (this).
    private ConferenceLink? _current;
    private EncodedBody? _body; // What is out; null when nothing is.
    private DeliveryHandle _handle;
    private HopHead? _head;
    private SipConnection? _stream; // Over which the last request left; null after a datagram.
    private bool _holdsPlace;
    private int _place;

    private DeliveryWindow? _window; // Written by who is about to enter it.

    private int _users; // Written under the lock of SipLinks.

    internal ParticipantUri Participant { get; } = participant;

    /// <inheritdoc/>
    /// <remarks>Of the link that asked for a place: it has the path until it is fired.</remarks>
    public DeliveryPriority Priority => _current!.Priority;

    /// <summary>Links that use it; guarded by <see cref="SipLinks"/>.</summary>
    internal int Users
    {
        get => _users;
        set => Volatile.Write(ref _users, value);
    }

    /// <summary>The stream that tells this path of its end; guarded by <see cref="SipLinks"/>.</summary>
    internal SipConnection? KnownStream { get; set; }

    /// <summary>Where it is among those of that stream; the same.</summary>
    internal int PlaceInStream { get; set; }

    /// <summary>Whether nothing is out and nothing waits.</summary>
    /// <remarks>Takes no lock: it is asked for under that of the table of paths. Who retires a path writes first that
    /// nobody uses it and asks then; who ends its last delivery does it the other way round, so one of the two sees
    /// both.</remarks>
    internal bool IsIdle
    {
        get
        {
            Interlocked.MemoryBarrier();
            return Volatile.Read(ref _current) is null;
        }
    }

    /// <summary>What to do once the lock is given back.</summary>
    /// <param name="Place">To be given back.</param>
    /// <param name="IsOver">A link let go of the path.</param>
    /// <param name="HasNext">And another one, or the same again, holds it now.</param>
    private readonly record struct After(HeldPlace Place, bool IsOver, bool HasNext);

    /// <summary>A place in a window and how it was used; none when there is no window.</summary>
    private readonly record struct HeldPlace(DeliveryWindow? Window, int Number, PlaceEnd End)
    {
        internal void Leave() => Window?.Leave(Number, End);
    }

    /// <summary>What the path carries now.</summary>
    internal LinkCapabilities Capabilities(ConferenceHead conference)
    {
        links.Contacts.TryLocate(Participant, out var route);
        return CapabilitiesOf(route, conference);
    }

    /// <summary>Takes a link into the order; it is asked for its body when its time comes.</summary>
    internal void Enqueue(ConferenceLink link)
    {
        lock (this)
        {
            if (_current is not null)
            {
                NeedAside().Waiting.Enqueue(link);
                return;
            }

            _current = link;
        }

        EnterWindow();
    }

    /// <inheritdoc/>
    /// <remarks>Takes a body and sends it.</remarks>
    public void Fire(int place)
    {
        After after;
        lock (this)
        {
            (_holdsPlace, _place) = (true, place);
            try
            {
                after = SendNext(_current!);
            }
            catch (Exception failure)
            {
                after = Contain(failure);
            }
        }

        Go(after);
    }

    /// <inheritdoc/>
    public void Resend(DeliveryHandle handle)
    {
        HeldPlace place;
        lock (this)
        {
            if (_handle != handle || _body is not { } body || _current is not { } link) return;
            SendAgain(link, body, handle);
            place = TakePlace(PlaceEnd.Late);
        }

        place.Leave();
    }

    /// <inheritdoc/>
    public void OnLate(DeliveryHandle handle)
    {
        HeldPlace place;
        lock (this) place = _handle == handle && _body is not null ? TakePlace(PlaceEnd.Late) : default;
        place.Leave();
    }

    /// <inheritdoc/>
    public void OnFinal(DeliveryHandle handle, int status, ReadOnlySpan<byte> response)
    {
        var outcome = DeliveryStatus.Map(status);
        var retryAfter = outcome == DeliveryOutcome.TryLater ? DeliveryResponse.RetryAfter(response) : null;
        End(handle, new DeliveryResult(outcome, status, retryAfter, links.Timestamp));
    }

    /// <inheritdoc/>
    public void OnTimeout(DeliveryHandle handle) =>
        End(handle, new DeliveryResult(DeliveryOutcome.TryLater, 408));

    /// <summary>The participant registered. A request under way to another contact than its best one now is given up
    /// and may be tried again at once: a client that lost its socket would wait for the 32 s of timer F, with its
    /// snapshot behind a request that nobody answers (R4).</summary>
    internal void Reroute()
    {
        if (!links.Contacts.TryLocate(Participant, out var route)) return;
        DeliveryHandle handle;
        lock (this)
        {
            if (_body is null || _head is not { } head || head.Route.Destination == route.Destination) return;
            handle = _handle;
        }

        Fail(handle);
    }

    /// <summary>A stream ended. What is out over it gets no answer any more (RFC 3261 17.1.4): it is given up now, not
    /// when the 32 s of timer F have passed. A CSCF closes the stream, and says nothing, when a message is larger than
    /// its read buffer: less is sent then.</summary>
    internal void OnStreamClosed(SipConnection stream, LinkReason reason)
    {
        DeliveryHandle handle;
        bool isTooLarge;
        lock (this)
        {
            if (_stream != stream || _body is not { } body) return;
            handle = _handle;
            isTooLarge = reason is LinkReason.PeerClosed or LinkReason.Reset
                && body.Bytes.Length >= CoreBufferBytesMin && _head is { Route.AssertsIdentity: true };
        }

        LinkMetrics.StreamsLost.Inc();
        Fail(handle, isTooLarge ? DeliveryOutcome.TooLarge : DeliveryOutcome.TryLater);
    }

    /// <summary>The network did not take it, or its stream has ended: told when the batch that it was in is sent.
    /// RFC 3261 17.1.4: a transport error ends the transaction; its response cannot come any more.</summary>
    internal void Fail(DeliveryHandle handle, DeliveryOutcome outcome = DeliveryOutcome.TryLater)
    {
        links.Slots.TryCancel(handle);
        End(handle, new DeliveryResult(outcome, 0));
    }

    /// <summary>Nothing has failed: the stream is busy with pages for others. The body goes when there is room; a pause
    /// would be longer than that. Whoever waits holds no place: the hop may be one of many.</summary>
    internal void WaitForRoom(DeliveryHandle handle, SipConnection connection)
    {
        links.Slots.TryCancel(handle);
        HeldPlace place;
        lock (this)
        {
            if (_handle != handle || _body is not { } body) return; // Ended with its stream in the meantime.
            (_body, NeedAside().Deferred) = (null, body);
            place = TakePlace(PlaceEnd.Unused);
        }

        LinkMetrics.RoomWaits.Inc();
        connection.WhenRoom(EnterWindow);
        place.Leave();
    }

    internal void Close(ConferenceUri conference) => links.Close(this, conference);

    private void End(DeliveryHandle handle, in DeliveryResult result)
    {
        After after;
        lock (this)
        {
            if (_handle != handle || _body is null) return;
            after = Finish(result);
        }

        Go(after);
    }

    private void EnterWindow()
    {
        // A participant without a contact needs a place too, to fail in turn; the shared one is as good as any.
        links.Contacts.TryLocate(Participant, out var route);
        var window = links.WindowFor(route);
        _window = window; // Nobody else looks at it before there is a place, which comes by the lock of the window.
        window.Enter(_current!.Head.Flows, this);
    }

    // Under the lock.
    private After Finish(in DeliveryResult result)
    {
        _body = null;
        var hasMore = false;
        try
        {
            hasMore = _current!.OnDelivered(result);
        }
        catch (Exception failure)
        {
            links.NoteSendFailed(Participant, failure);
        }

        return Release(hasMore, DeliveryStatus.EndOfPlace(result.Status));
    }

    // Under the lock. The place is given back even when there is more to send: others wait longer than this
    // participant. So is the path: its links take turns.
    private After Release(bool hasMore, PlaceEnd end)
    {
        if (_aside?.Waiting is { Count: > 0 } waiting)
        {
            if (hasMore) waiting.Enqueue(_current!);
            _current = waiting.Dequeue();
        }
        else if (!hasMore)
        {
            _current = null;
            DropAside();
        }

        return new After(TakePlace(end), IsOver: true, HasNext: _current is not null);
    }

    private void Go(in After after)
    {
        after.Place.Leave();
        if (!after.IsOver) return;
        if (after.HasNext) EnterWindow();
        else if (Volatile.Read(ref _users) == 0) links.Retire(this);
    }

    // Under the lock. Once per place: at the end, or when the answer is late. A dead contact must not keep others
    // waiting for the 32 s of timer F, and an answer that comes late comes alone (the window is there for answers that
    // come together).
    private HeldPlace TakePlace(PlaceEnd end)
    {
        if (!_holdsPlace) return default;
        _holdsPlace = false;
        return new HeldPlace(_window, _place, end);
    }

    // Under the lock. A bug in one request must cost neither the place in the window nor the turn of this path.
    private After Contain(Exception failure)
    {
        links.NoteSendFailed(Participant, failure);
        TakeDeferred(out _);
        return Finish(new DeliveryResult(DeliveryOutcome.TryLater, 0));
    }
}
