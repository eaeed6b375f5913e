using AppServer.Registrations;
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
internal sealed class ParticipantPath(SipLinks links, ParticipantUri participant) : IDelivery
{
    [ThreadStatic]
    private static byte[]? t_buffer;

    // What is left for the body of a datagram before the first head is made.
    private const int HeadBytesUnknown = 600;

    // The smallest read buffer of a CSCF: a body below it is not what a stream was closed for.
    private const int CoreBufferBytesMin = 4_096;

    // Under lock (this).
    private Queue<ConferenceLink>? _waiting;
    private ConferenceLink? _current;
    private EncodedBody? _body;
    private SipConnection? _stream; // That the body was written to.
    private DeliveryHandle _handle;
    private PathHead? _head;
    private System.Net.SocketAddress? _socketAddress;
    private SipTransportKind _transport;
    private DeliveryWindow? _window;
    private bool _holdsPlace;
    private long _noStreamUntil;

    internal ParticipantUri Participant { get; } = participant;

    /// <summary>Links that use it; guarded by <see cref="SipLinks"/>.</summary>
    internal int Users { get; set; }

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

    /// <summary>There is a place in the window: takes a body and sends it. Called by the window.</summary>
    internal void Fire()
    {
        ConferenceLink link;
        lock (this)
        {
            _holdsPlace = true;
            link = _current!;
        }

        var body = link.TakeNext();
        if (body is null) Release(link);
        else Send(link, body);
    }

    /// <inheritdoc/>
    public void Resend(DeliveryHandle handle)
    {
        lock (this)
        {
            if (_handle != handle || _body is not { } body || _current is not { } link) return;
            WriteDatagram(link, body, handle);
        }

        LeaveWindow();
    }

    /// <inheritdoc/>
    public void OnLate(DeliveryHandle handle)
    {
        bool isCurrent;
        lock (this) isCurrent = _handle == handle && _body is not null;
        if (isCurrent) LeaveWindow();
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

    /// <summary>The stream ended that the request under way was written to: its answer is not waited for. A CSCF
    /// closes the stream, and says nothing, when a message is larger than its read buffer: less is sent then.</summary>
    internal void OnStreamClosed(SipConnection stream, LinkReason reason)
    {
        DeliveryHandle handle;
        int bytes;
        lock (this)
        {
            if (_body is not { } body || _stream != stream) return;
            (handle, bytes) = (_handle, body.Bytes.Length);
        }

        links.Slots.TryCancel(handle);
        if (!TryEnd(handle)) return;
        var isTooLarge = reason is LinkReason.PeerClosed or LinkReason.Reset && bytes >= CoreBufferBytesMin;
        Finish(new DeliveryResult(isTooLarge ? DeliveryOutcome.TooLarge : DeliveryOutcome.TryLater, 0, null));
    }

    private bool TryEnd(DeliveryHandle handle)
    {
        lock (this)
        {
            if (_handle != handle || _body is null) return false;
            _body = null;
            _stream = null;
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
        lock (this)
        {
            if (_current == link) _current = _waiting is { Count: > 0 } waiting ? next = waiting.Dequeue() : null;
        }

        // The place is given back even when there is more to send: others wait longer than this participant.
        LeaveWindow();
        if (next is not null) EnterWindow();
    }

    // Once per place: at the end, or when the answer is late. A dead contact must not keep others waiting for the 32 s
    // of timer F, and an answer that comes late comes alone (the window is there for answers that come together).
    private void LeaveWindow()
    {
        DeliveryWindow window;
        lock (this)
        {
            if (!_holdsPlace) return;
            _holdsPlace = false;
            window = _window!;
        }

        window.Leave();
    }

    private void Finish(in DeliveryResult result)
    {
        var link = _current!;
        link.OnDelivered(result);
        Release(link);
    }

    private void Send(ConferenceLink link, EncodedBody body)
    {
        if (!links.Contacts.TryLocate(Participant, out var route))
        {
            Finish(new DeliveryResult(DeliveryOutcome.NoContact, 0, null));
            return;
        }

        var transport = route.Destination.Transport;
        if (transport == SipTransportKind.Udp && !FitsDatagram(link, route, body))
        {
            if (Volatile.Read(ref _noStreamUntil) > links.Now)
            {
                Finish(new DeliveryResult(DeliveryOutcome.TooLarge, 0, null));
                return;
            }

            transport = SipTransportKind.Tcp; // RFC 3261 18.1.1
        }

        if (transport == SipTransportKind.Udp) SendDatagram(link, route, body);
        else SendStream(link, route, transport, body);
    }

    private bool FitsDatagram(ConferenceLink link, ContactRoute route, EncodedBody body) =>
        HeadFor(route, SipTransportKind.Udp) is { } head
        && head.EstimateBytes(link.Head) + body.Bytes.Length <= links.Options.DatagramBytesMax;

    // The head is made again only when the contact or the transport changed.
    private PathHead? HeadFor(ContactRoute route, SipTransportKind transport)
    {
        lock (this)
        {
            if (_head is { } known && ReferenceEquals(known.Route, route) && _transport == transport) return known;
            var destination = route.Destination with { Transport = transport };
            if (!links.Transports.TryGetListenPoint(destination, out var point)) return null;
            _transport = transport;
            _socketAddress = transport == SipTransportKind.Udp ? route.Destination.Address.Serialize() : null;
            var sentBy = $"{point.AdvertisedHost}:{point.AdvertisedPort}";
            return _head = PathHead.Create(route, transport, sentBy, Participant.Value);
        }
    }

    private void SendDatagram(ConferenceLink link, ContactRoute route, EncodedBody body)
    {
        if (HeadFor(route, SipTransportKind.Udp) is null || !links.Slots.TryStart(this, false, out var handle))
        {
            Finish(new DeliveryResult(DeliveryOutcome.TryLater, 0, null));
            return;
        }

        bool isSent;
        lock (this)
        {
            (_handle, _body, _stream) = (handle, body, null);
            isSent = WriteDatagram(link, body, handle);
        }

        if (!isSent) Fail(handle);
    }

    private bool WriteDatagram(ConferenceLink link, EncodedBody body, DeliveryHandle handle)
    {
        var buffer = t_buffer ??= new byte[64 * 1024];
        Span<byte> token = stackalloc byte[DeliveryToken.Length];
        links.Slots.WriteToken(handle, token);
        if (_socketAddress is not { } address || _head is not { } head) return false;
        var length = head.Write(buffer, link.Head, token, body.ContentType, body.Bytes.Length);
        if (length == 0 || length + body.Bytes.Length > buffer.Length) return false;
        body.Bytes.Span.CopyTo(buffer.AsSpan(length));
        return links.Transports.TryGetUdpSender(head.Route.Destination.Address, out var sender)
            && sender.Send(buffer.AsSpan(0, length + body.Bytes.Length), address);
    }

    private void SendStream(ConferenceLink link, ContactRoute route, SipTransportKind transport, EncodedBody body)
    {
        var destination = route.Destination with { Transport = transport };
        if (links.Transports.TryGetConnection(destination, out var connection))
            WriteStream(link, route, transport, body, connection);
        else
            _ = ConnectAndWriteAsync(link, route, destination, body);
    }

    private async Task ConnectAndWriteAsync(
        ConferenceLink link, ContactRoute route, SipDestination destination, EncodedBody body)
    {
        SipConnection? connection = null;
        try
        {
            connection = await links.Transports.ConnectAsync(destination);
        }
        catch (Exception failure)
        {
            links.NoteConnectFailed(failure);
        }

        if (connection is not null)
        {
            WriteStream(link, route, destination.Transport, body, connection);
            SendBatch.FlushUnlessOpen();
            return;
        }

        var isSwitched = route.Destination.Transport == SipTransportKind.Udp;
        if (isSwitched)
            Volatile.Write(ref _noStreamUntil, links.Now + (long)links.Options.StreamRetry.TotalMilliseconds);
        Finish(new DeliveryResult(isSwitched ? DeliveryOutcome.TooLarge : DeliveryOutcome.TryLater, 0, null));
    }

    private void WriteStream(
        ConferenceLink link, ContactRoute route, SipTransportKind transport, EncodedBody body, SipConnection connection)
    {
        if (HeadFor(route, transport) is not { } head || !links.Slots.TryStart(this, true, out var handle))
        {
            Finish(new DeliveryResult(DeliveryOutcome.TryLater, 0, null));
            return;
        }

        Span<byte> token = stackalloc byte[DeliveryToken.Length];
        links.Slots.WriteToken(handle, token);
        var buffer = t_buffer ??= new byte[64 * 1024];
        var length = head.Write(buffer, link.Head, token, body.ContentType, body.Bytes.Length);
        lock (this) (_handle, _body, _stream) = (handle, body, connection);
        if (length > 0 && connection.TryWrite(buffer.AsSpan(0, length), body.Bytes)) SendBatch.NoteWritten(connection);
        else Fail(handle);
    }

    // RFC 3261 17.1.4: a transport error ends the transaction; its response cannot come any more.
    private void Fail(DeliveryHandle handle)
    {
        links.Slots.TryCancel(handle);
        if (TryEnd(handle)) Finish(new DeliveryResult(DeliveryOutcome.TryLater, 0, null));
    }
}
