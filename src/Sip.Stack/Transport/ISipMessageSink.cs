using Sip.Stack.Messages;

namespace Sip.Stack.Transport;

/// <summary>
/// Takes what the transports receive. Called on receive threads and in connection loops; must not block.
/// </summary>
public interface ISipMessageSink
{
    /// <summary>One framed message, not parsed. Valid only during the call.</summary>
    void OnMessage(ReadOnlySpan<byte> message, in SipPeer peer);

    /// <summary>Bytes of a stream that cannot be framed. The stream is closed after the call.</summary>
    void OnMalformed(SipParseOutcome outcome, ReadOnlySpan<byte> message, in SipPeer peer);

    /// <summary>A stream ended, or could not be opened: its pending transactions fail (RFC 3261 17.1.4).</summary>
    void OnConnectionClosed(SipConnection connection);
}
