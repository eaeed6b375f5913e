using Conference.Actors.Ports;
using Conference.Protocol;
using Sip.Stack.Delivery;
using Sip.Stack.Transport;

namespace AppServer.Links;

/// <summary>The path to one participant, shared by all conferences it is in: one MESSAGE is out at a time (R4).
/// </summary>
/// <remarks>
/// Room 11. One of its links at a time holds the path, from asking for a place in the window until the outcome is told.
/// Locking: the object itself guards its fields; it is not held while a source, the window or a socket is called,
/// except in <see cref="Resend"/>, which must not race with the end of its request.
/// </remarks>
internal sealed partial class ParticipantPath(SipLinks links, ParticipantUri participant) : IDelivery, IWindowGuest
{
    // What is left for the body of a datagram before the first head is made.
    private const int HeadBytesUnknown = 600;

    // The smallest read buffer of a CSCF: a body below it is not what a stream was closed for.
    private const int CoreBufferBytesMin = 4_096;

    // Under lock (this).
    private Queue<ConferenceLink>? _waiting;
    private ConferenceLink? _current;
    private EncodedBody? _body;
    private EncodedBody? _deferred; // Taken, and waiting for room in the stream's write queue.
    private DeliveryHandle _handle;
    private PathHead? _head;
    private System.Net.SocketAddress? _socketAddress;
    private SipTransportKind _transport;
    private SipConnection? _stream; // Over which the last request left; null after a datagram.
    private DeliveryWindow? _window;
    private bool _holdsPlace;
    private long _noStreamUntil;

    private int _users; // Written under the lock of SipLinks.

    internal ParticipantUri Participant { get; } = participant;

    /// <summary>Links that use it; guarded by <see cref="SipLinks"/>.</summary>
    internal int Users
    {
        get => _users;
        set => Volatile.Write(ref _users, value);
    }

    /// <summary>The stream that tells this path of its end; guarded by <see cref="SipLinks"/>.</summary>
    internal SipConnection? KnownStream { get; set; }

    /// <summary>Whether nothing is out and nothing waits.</summary>
    internal bool IsIdle
    {
        get
        {
            lock (this) return _current is null;
        }
    }

    /// <summary>What the path carries now.</summary>
    internal LinkCapabilities Capabilities(ConferenceHead conference)
    {
        var streamMax = links.Options.StreamBodyBytesMax;
        if (!links.Contacts.TryLocate(Participant, out var route)) return new(streamMax, HasContact: false);
        if (route.Destination.Transport != SipTransportKind.Udp || Volatile.Read(ref _noStreamUntil) <= links.Now)
            return new(streamMax, HasContact: true);
        var headBytes = _head?.EstimateBytes(conference) ?? HeadBytesUnknown;
        return new(Math.Max(0, links.Options.DatagramBytesMax - headBytes), HasContact: true);
    }

    /// <summary>Takes a link into the order; it is asked for its body when its time comes.</summary>
    internal void Enqueue(ConferenceLink link)
    {
        lock (this)
        {
            if (_current is not null)
            {
                (_waiting ??= new Queue<ConferenceLink>(1)).Enqueue(link);
                return;
            }

            _current = link;
        }

        EnterWindow();
    }

    /// <inheritdoc/>
    /// <remarks>Takes a body and sends it.</remarks>
    public void Fire()
    {
        ConferenceLink link;
        EncodedBody? body;
        lock (this)
        {
            _holdsPlace = true;
            link = _current!;
            (body, _deferred) = (_deferred, null);
        }

        try
        {
            body ??= link.TakeNext();
            if (body is null) Release(link);
            else Send(link, body);
        }
        catch (Exception failure)
        {
            Contain(link, failure);
        }
    }

    /// <inheritdoc/>
    public void Resend(DeliveryHandle handle)
    {
        DeliveryWindow? place;
        lock (this)
        {
            if (_handle != handle || _body is not { } body || _current is not { } link) return;
            SendAgain(link, body, handle);
            place = TakePlace();
        }

        place?.Leave();
    }

    /// <inheritdoc/>
    public void OnLate(DeliveryHandle handle)
    {
        DeliveryWindow? place;
        lock (this) place = _handle == handle && _body is not null ? TakePlace() : null;
        place?.Leave();
    }

    /// <inheritdoc/>
    public void OnFinal(DeliveryHandle handle, int status, ReadOnlySpan<byte> response)
    {
        var outcome = DeliveryStatus.Map(status);
        var retryAfter = outcome == DeliveryOutcome.TryLater ? DeliveryResponse.RetryAfter(response) : null;
        if (TryEnd(handle)) Finish(new DeliveryResult(outcome, status, retryAfter));
    }

    /// <inheritdoc/>
    public void OnTimeout(DeliveryHandle handle)
    {
        if (TryEnd(handle)) Finish(new DeliveryResult(DeliveryOutcome.TryLater, 408, null));
    }

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

    private bool TryEnd(DeliveryHandle handle)
    {
        lock (this)
        {
            if (_handle != handle || _body is null) return false;
            _body = null;
            return true;
        }
    }

    private void EnterWindow()
    {
        // A participant without a contact needs a place too, to fail in turn; the shared one is as good as any.
        links.Contacts.TryLocate(Participant, out var route);
        var window = links.WindowFor(route);
        lock (this) _window = window;
        window.Enter(this);
    }

    private void Release(ConferenceLink link)
    {
        ConferenceLink? next = null;
        DeliveryWindow? place;
        lock (this)
        {
            if (_current == link) _current = _waiting is { Count: > 0 } waiting ? next = waiting.Dequeue() : null;
            place = TakePlace();
        }

        // The place is given back even when there is more to send: others wait longer than this participant.
        place?.Leave();
        if (next is not null) EnterWindow();
        else if (Volatile.Read(ref _users) == 0) links.Retire(this);
    }

    // Under the lock. Once per place: at the end, or when the answer is late. A dead contact must not keep others
    // waiting for the 32 s of timer F, and an answer that comes late comes alone (the window is there for answers that
    // come together).
    private DeliveryWindow? TakePlace()
    {
        if (!_holdsPlace) return null;
        _holdsPlace = false;
        return _window;
    }

    // A bug in one request must cost neither the place in the window nor the turn of this path.
    private void Contain(ConferenceLink link, Exception failure)
    {
        links.NoteSendFailed(Participant, failure);
        bool isOurs;
        lock (this)
        {
            isOurs = _current == link;
            _body = null;
        }

        if (isOurs) Finish(new DeliveryResult(DeliveryOutcome.TryLater, 0, null));
    }

    private void Finish(in DeliveryResult result)
    {
        var link = _current!;
        try
        {
            link.OnDelivered(result);
        }
        catch (Exception failure)
        {
            links.NoteSendFailed(Participant, failure);
        }

        Release(link);
    }
}
