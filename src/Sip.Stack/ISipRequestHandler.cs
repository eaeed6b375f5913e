using Sip.Stack.Messages;
using Sip.Stack.Transactions;
using Sip.Stack.Transport;

namespace Sip.Stack;

/// <summary>The transaction user (RFC 3261 5): takes new requests.</summary>
public interface ISipRequestHandler
{
    /// <summary>
    /// Asked for each new request before it costs a transaction: whether it is taken at all. Called on the receive
    /// thread or connection loop for each request of a flood, so it must be quick, and must not block.
    /// </summary>
    /// <param name="request">A copy of it that is resent is asked for again, unless it was taken.</param>
    /// <param name="peer">Where it came from, and how long it has waited.</param>
    /// <param name="mark">The same for all copies of it: chance for whoever needs some.</param>
    /// <returns>The refusal to send; null to take it.</returns>
    StatelessRefusal? Admit(SipRequest request, in SipPeer peer, RequestMark mark) => null;

    /// <summary>
    /// One new server transaction; resends, CANCEL and the ACK of a refusal never come here. Called on the receive
    /// thread or connection loop, so it must not block before its first await. May answer after it has returned.
    /// </summary>
    /// <remarks>An exception is contained: logged, counted and answered with 500 if nothing was answered.</remarks>
    ValueTask HandleAsync(SipServerExchange exchange);

    /// <summary>An ACK that belongs to no refusal: the ACK of a 2xx (RFC 3261 13.3.1.4), or a stray one.</summary>
    void OnAck(SipRequest ack, in SipPeer peer)
    {
    }
}
