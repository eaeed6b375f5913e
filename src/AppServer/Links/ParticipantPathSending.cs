using AppServer.Registrations;
using Conference.Actors.Ports;
using Sip.Stack.Delivery;
using Sip.Stack.Transport;

namespace AppServer.Links;

/// <content>Room 11: how one MESSAGE leaves, as a datagram or over a stream. Under the lock unless it says otherwise.
/// </content>
internal sealed partial class ParticipantPath
{
    // Above this a body is not copied beside its head but sent from where it lies, to all.
    private const int CopiedBodyBytesMax = 16 * 1024;

    private LinkCapabilities CapabilitiesOf(ContactRoute? route, ConferenceHead conference)
    {
        var streamMax = links.Options.StreamBodyBytesMax;
        if (route is null) return new(streamMax, HasContact: false);
        if (route.Destination.Transport != SipTransportKind.Udp || HasStreamBeside) return new(streamMax, true);
        var headBytes = _head?.BytesMax(Participant, conference) ?? HeadBytesUnknown;
        return new(Math.Max(0, links.Options.DatagramBytesMax - headBytes), HasContact: true);
    }

    private After SendNext(ConferenceLink link)
    {
        links.Contacts.TryLocate(Participant, out var route);
        var body = TakeDeferred(out var tried) ?? link.TakeNext(CapabilitiesOf(route, link.Head));
        if (body is null) return Release(hasMore: false, PlaceEnd.Unused);
        if (route is null) return Finish(new DeliveryResult(DeliveryOutcome.NoContact, 0));
        var transport = route.Destination.Transport;
        if (transport == SipTransportKind.Udp)
        {
            if (HeadFor(route, SipTransportKind.Udp) is { } head && FitsDatagram(head, link, body))
                return SendDatagram(link, head, body);
            if (!HasStreamBeside) return Finish(new DeliveryResult(DeliveryOutcome.TooLarge, 0));
            transport = SipTransportKind.Tcp;
        }

        if (TryGetStream(route, transport, out var connection)) return SendStream(link, route, body, connection);
        if (ReferenceEquals(tried, route)) return Finish(new DeliveryResult(DeliveryOutcome.TryLater, 0));
        // Who waits for a connect holds no place: nothing is out, and others have a way already.
        NeedAside().Deferred = body;
        _ = ConnectAsync(route, transport);
        return new After(TakePlace(PlaceEnd.Unused), IsOver: false, HasNext: false);
    }

    private bool FitsDatagram(HopHead head, ConferenceLink link, EncodedBody body) =>
        head.Bytes(Participant, link.Head, body) + body.Bytes.Length <= links.Options.DatagramBytesMax;

    private HopHead? HeadFor(ContactRoute route, SipTransportKind transport)
    {
        if (_head is { } known && ReferenceEquals(known.Route, route) && known.Transport == transport) return known;
        return links.HeadFor(route, transport) is { } head ? _head = head : null;
    }

    private After SendDatagram(ConferenceLink link, HopHead head, EncodedBody body)
    {
        if (!links.Transports.TryGetUdpSender(head.Route.Destination.Address, out var sender)
            || !links.Slots.TryStart(this, false, links.Timestamp, out var handle))
        {
            return Finish(new DeliveryResult(DeliveryOutcome.TryLater, 0));
        }

        (_handle, _body, _stream) = (handle, body, null);
        var bytes = head.Bytes(Participant, link.Head, body) + body.Bytes.Length;
        var place = SendBatch.Datagrams.Add(sender, head.Address!, bytes, this, handle);
        Render(place, head, link, body, handle);
        return default;
    }

    private void SendAgain(ConferenceLink link, EncodedBody body, DeliveryHandle handle)
    {
        if (_head is not { Address: { } address } head
            || !links.Transports.TryGetUdpSender(head.Route.Destination.Address, out var sender))
        {
            return;
        }

        var buffer = SendBatch.Buffer;
        var datagram = buffer.AsSpan(0, head.Bytes(Participant, link.Head, body) + body.Bytes.Length);
        Render(datagram, head, link, body, handle);
        sender.Send(datagram, address);
    }

    // What the place has more than the message is filled with spaces in the head.
    private void Render(Span<byte> place, HopHead head, ConferenceLink link, EncodedBody body, DeliveryHandle handle)
    {
        Span<byte> token = stackalloc byte[DeliveryToken.Length];
        links.Slots.WriteToken(handle, token);
        var headPlace = place[..^body.Bytes.Length];
        head.Write(headPlace, Participant, link.Head, token, body);
        body.Bytes.Span.CopyTo(place[headPlace.Length..]);
    }

    // The stream of the last request is most often the one of the next.
    private bool TryGetStream(
        ContactRoute route, SipTransportKind transport,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SipConnection? connection)
    {
        connection = _stream;
        if (connection is { IsOpen: true } && _head is { } head && ReferenceEquals(head.Route, route)
            && head.Transport == transport)
        {
            return true;
        }

        return links.Transports.TryGetConnection(route.Destination with { Transport = transport }, out connection);
    }

    // Not under the lock. The path is this link's meanwhile; what it is to send lies aside.
    private async Task ConnectAsync(ContactRoute route, SipTransportKind transport)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // The caller holds the lock.
        var isOpen = false;
        After after = default;
        try
        {
            var destination = route.Destination with { Transport = transport };
            isOpen = await links.Transports.ConnectAsync(destination) is not null;
            lock (this)
            {
                if (isOpen) NeedAside().Tried = route;
                else after = FailConnect(route);
            }
        }
        catch (Exception failure)
        {
            lock (this) after = Contain(failure);
        }

        try
        {
            if (isOpen) EnterWindow();
            else Go(after);
            SendBatch.FlushUnlessOpen();
        }
        catch (Exception failure)
        {
            // Of a path that was fired or sent for here. This one's delivery may be out already: it is not ended.
            links.NoteSendFailed(Participant, failure);
        }
    }

    private After FailConnect(ContactRoute route)
    {
        TakeDeferred(out _);
        var isSwitched = route.Destination.Transport == SipTransportKind.Udp;
        if (isSwitched)
            NeedAside().NoStreamUntil = links.Now + (long)links.Options.StreamRetry.TotalMilliseconds;
        return Finish(new DeliveryResult(isSwitched ? DeliveryOutcome.TooLarge : DeliveryOutcome.TryLater, 0));
    }

    private After SendStream(ConferenceLink link, ContactRoute route, EncodedBody body, SipConnection connection)
    {
        if (HeadFor(route, connection.Transport) is not { } head
            || !links.Slots.TryStart(this, true, links.Timestamp, out var handle))
        {
            return Finish(new DeliveryResult(DeliveryOutcome.TryLater, 0));
        }

        var isKnown = _stream == connection;
        (_handle, _body, _stream) = (handle, body, connection);
        // Known as user of the stream before the request is in it: the stream may close at any time.
        if (!isKnown) links.NoteStream(connection, this);
        var headBytes = head.Bytes(Participant, link.Head, body);
        if (body.Bytes.Length <= CopiedBodyBytesMax)
        {
            var place = SendBatch.Streams.Add(connection, headBytes + body.Bytes.Length, this, handle);
            try
            {
                Render(place, head, link, body, handle);
            }
            catch
            {
                SendBatch.Streams.TakeBack(place.Length);
                throw;
            }

            return default;
        }

        Span<byte> token = stackalloc byte[DeliveryToken.Length];
        links.Slots.WriteToken(handle, token);
        var rendered = SendBatch.Buffer.AsSpan(0, headBytes);
        head.Write(rendered, Participant, link.Head, token, body);
        var outcome = connection.Write(rendered, body.Bytes, waitsItsTurn: true);
        if (outcome == SipSendOutcome.Sent) SendBatch.NoteWritten(connection);
        else SendBatch.Streams.NoteUnsent(this, handle, connection, outcome);
        return default;
    }
}
