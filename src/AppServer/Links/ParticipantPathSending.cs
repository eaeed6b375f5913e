using AppServer.Registrations;
using Conference.Actors.Ports;
using Sip.Stack.Delivery;
using Sip.Stack.Transport;

namespace AppServer.Links;

/// <content>Room 11: how one MESSAGE leaves, as a datagram or over a stream.</content>
internal sealed partial class ParticipantPath
{
    [ThreadStatic]
    private static byte[]? t_buffer;

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

        bool isTaken;
        lock (this)
        {
            (_handle, _body, _stream) = (handle, body, null);
            isTaken = TryRender(link, body, handle, out var datagram, out var sender);
            if (isTaken) SendBatch.Datagrams.Add(sender!, _socketAddress!, datagram, _head!.PadAt, this, handle);
        }

        if (!isTaken) Fail(handle);
    }

    /// <summary>The network did not take a datagram of a batch.</summary>
    internal void OnUnsent(DeliveryHandle handle) => Fail(handle);

    // Under the lock.
    private void SendAgain(ConferenceLink link, EncodedBody body, DeliveryHandle handle)
    {
        if (TryRender(link, body, handle, out var datagram, out var sender)) sender!.Send(datagram, _socketAddress!);
    }

    // Under the lock. Into a buffer of the thread.
    private bool TryRender(
        ConferenceLink link, EncodedBody body, DeliveryHandle handle, out Span<byte> datagram, out UdpSender? sender)
    {
        datagram = default;
        sender = null;
        var buffer = t_buffer ??= new byte[64 * 1024];
        Span<byte> token = stackalloc byte[DeliveryToken.Length];
        links.Slots.WriteToken(handle, token);
        if (_socketAddress is null || _head is not { } head) return false;
        var length = head.Write(buffer, link.Head, token, body.ContentType, body.Bytes.Length);
        if (length == 0 || length + body.Bytes.Length > buffer.Length) return false;
        body.Bytes.Span.CopyTo(buffer.AsSpan(length));
        datagram = buffer.AsSpan(0, length + body.Bytes.Length);
        return links.Transports.TryGetUdpSender(head.Route.Destination.Address, out sender);
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
        try
        {
            if (await links.Transports.ConnectAsync(destination) is { } connection)
            {
                WriteStream(link, route, destination.Transport, body, connection);
                SendBatch.FlushUnlessOpen();
                return;
            }
        }
        catch (Exception failure)
        {
            Contain(link, failure);
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
        bool isKnown;
        lock (this)
        {
            isKnown = _stream == connection;
            (_handle, _body, _stream) = (handle, body, connection);
        }

        // Known as user of the stream before the request is in it: the stream may close at any time.
        if (!isKnown) links.NoteStream(connection, this);
        var outcome = length > 0 ? connection.Write(buffer.AsSpan(0, length), body.Bytes) : SipSendOutcome.Failed;
        if (outcome == SipSendOutcome.Sent) SendBatch.NoteWritten(connection);
        else if (outcome == SipSendOutcome.QueueFull) WaitForRoom(handle, body, connection);
        else Fail(handle, outcome == SipSendOutcome.TooLarge ? DeliveryOutcome.TooLarge : DeliveryOutcome.TryLater);
    }

    // Nothing has failed: the stream is busy with pages for others. The body goes when there is room; a pause would be
    // longer than that. Whoever waits holds no place: the hop may be one of many.
    private void WaitForRoom(DeliveryHandle handle, EncodedBody body, SipConnection connection)
    {
        links.Slots.TryCancel(handle);
        DeliveryWindow? place;
        lock (this)
        {
            if (_handle != handle || _body is null) return; // Ended with its stream in the meantime.
            (_body, _deferred) = (null, body);
            place = TakePlace();
        }

        LinkMetrics.RoomWaits.Inc();
        connection.WhenRoom(EnterWindow);
        place?.Leave();
    }

    // RFC 3261 17.1.4: a transport error ends the transaction; its response cannot come any more.
    private void Fail(DeliveryHandle handle, DeliveryOutcome outcome = DeliveryOutcome.TryLater)
    {
        links.Slots.TryCancel(handle);
        if (TryEnd(handle)) Finish(new DeliveryResult(outcome, 0, null));
    }
}
