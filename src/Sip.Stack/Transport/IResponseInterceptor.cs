namespace Sip.Stack.Transport;

/// <summary>
/// Sees every message that begins with "SIP/2.0 " before it is parsed, on the receive thread (UDP) or in the
/// connection's read loop (TCP). The fan-out takes the responses to its own deliveries here.
/// </summary>
public interface IResponseInterceptor
{
    /// <summary>Takes the message, or leaves it to the transaction layer.</summary>
    /// <param name="message">One framed message; valid only during the call.</param>
    /// <param name="peer">Its source. Do not trust it for more than routing.</param>
    /// <returns>True when the message is dealt with. Must not block and must not throw; a throw is contained.</returns>
    bool TryHandle(ReadOnlySpan<byte> message, in SipPeer peer);

    /// <summary>What this thread brings until <see cref="EndBatch"/> was there together: what it causes to be sent may
    /// wait for the end.</summary>
    void BeginBatch();

    /// <summary>Ends a batch, always on the thread that began it. A throw is contained.</summary>
    void EndBatch();
}
