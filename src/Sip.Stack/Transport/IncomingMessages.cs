using Microsoft.Extensions.Logging;
using Sip.Stack.Messages;

namespace Sip.Stack.Transport;

/// <summary>
/// Room 1: where every framed message of every transport comes through. Responses are offered to the fan-out first;
/// exceptions end here, so that nothing that arrives ends a receive thread or a connection's loop.
/// </summary>
internal sealed class IncomingMessages(ISipMessageSink sink, IResponseInterceptor? interceptor, ILogger log)
{
    // Counted once per batch: an instrument that all receivers count on costs a cache line for each answer.
    [ThreadStatic]
    private static int t_intercepted;

    [ThreadStatic]
    private static SipTransportKind t_transport;

    private static ReadOnlySpan<byte> ResponseStart => "SIP/2.0 "u8;

    /// <summary>Until <see cref="EndBatch"/>, on this thread, come messages that were there together.</summary>
    internal void BeginBatch() => interceptor?.BeginBatch();

    internal void EndBatch()
    {
        try
        {
            interceptor?.EndBatch();
        }
        catch (Exception e)
        {
            SipMetrics.LoopFaults.WithLabels("batch").Inc();
            TransportLog.BatchFault(log, e);
        }

        CountIntercepted();
    }

    /// <summary>The short way of answers to deliveries on a stream: cut and taken in one look at them.</summary>
    /// <returns>False when it is something else, or not whole: it is to be looked at as everything is.</returns>
    internal bool TryTakeResponse(ReadOnlySpan<byte> buffered, in SipPeer peer, out int length)
    {
        length = 0;
        if (interceptor is null || !buffered.StartsWith(ResponseStart)) return false;
        try
        {
            if (!interceptor.TryTake(buffered, out length)) return false;
            NoteIntercepted(peer.Transport);
        }
        catch (Exception e)
        {
            OnFault(e, peer);
        }

        return length > 0;
    }

    internal void OnMessage(ReadOnlySpan<byte> message, in SipPeer peer)
    {
        if (!TryIntercept(message, peer.Transport)) Pass(message, peer);
    }

    /// <summary>Offers a message to the fan-out, which asks nothing about its source.</summary>
    /// <returns>True when it is dealt with.</returns>
    internal bool TryIntercept(ReadOnlySpan<byte> message, SipTransportKind transport)
    {
        try
        {
            if (interceptor is null || !message.StartsWith(ResponseStart) || !interceptor.TryHandle(message))
                return false;
            NoteIntercepted(transport);
        }
        catch (Exception e)
        {
            SipMetrics.LoopFaults.WithLabels(transport.Label()).Inc();
            TransportLog.InterceptFault(log, e, transport);
        }

        return true;
    }

    /// <summary>Hands on what the fan-out did not take.</summary>
    internal void Pass(ReadOnlySpan<byte> message, in SipPeer peer)
    {
        try
        {
            sink.OnMessage(message, peer);
        }
        catch (Exception e)
        {
            OnFault(e, peer);
        }
    }

    internal void OnMalformed(SipParseOutcome outcome, ReadOnlySpan<byte> message, in SipPeer peer)
    {
        try
        {
            sink.OnMalformed(outcome, message, peer);
        }
        catch (Exception e)
        {
            OnFault(e, peer);
        }
    }

    internal void OnConnectionClosed(SipConnection connection)
    {
        try
        {
            sink.OnConnectionClosed(connection);
        }
        catch (Exception e)
        {
            SipMetrics.LoopFaults.WithLabels("close").Inc();
            TransportLog.MessageFault(log, e, connection.Remote);
        }
    }

    private static void NoteIntercepted(SipTransportKind transport)
    {
        if (t_transport != transport) CountIntercepted();
        t_transport = transport;
        t_intercepted++;
    }

    private static void CountIntercepted()
    {
        if (t_intercepted == 0) return;
        SipMetrics.CountIntercepted(t_transport, t_intercepted);
        t_intercepted = 0;
    }

    private void OnFault(Exception e, in SipPeer peer)
    {
        SipMetrics.LoopFaults.WithLabels(peer.Transport.Label()).Inc();
        TransportLog.MessageFault(log, e, peer.Remote);
    }
}
