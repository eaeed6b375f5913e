using Microsoft.Extensions.Logging;
using Sip.Stack.Messages;

namespace Sip.Stack.Transport;

/// <summary>
/// Room 1: where every framed message of every transport comes through. Responses are offered to the fan-out first;
/// exceptions end here, so that nothing that arrives ends a receive thread or a connection's loop.
/// </summary>
internal sealed class IncomingMessages(ISipMessageSink sink, IResponseInterceptor? interceptor, ILogger log)
{
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
    }

    internal void OnMessage(ReadOnlySpan<byte> message, in SipPeer peer)
    {
        try
        {
            if (interceptor is not null && message.StartsWith(ResponseStart) && interceptor.TryHandle(message, peer))
            {
                SipMetrics.CountIntercepted(peer.Transport);
                return;
            }

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

    private void OnFault(Exception e, in SipPeer peer)
    {
        SipMetrics.LoopFaults.WithLabels(peer.Transport.Label()).Inc();
        TransportLog.MessageFault(log, e, peer.Remote);
    }
}
