namespace Sip.Stack.Transport;

/// <summary>
/// Sees every message that begins with "SIP/2.0 " before it is parsed, on the receive thread (UDP) or in the
/// connection's read loop (TCP). The fan-out takes the responses to its own deliveries here.
/// </summary>
public interface IResponseInterceptor
{
    /// <summary>Takes the message, or leaves it to the transaction layer.</summary>
    /// <param name="message">One framed message; valid only during the call. Its source is not told: over UDP it may
    /// be anybody's, and to find it out costs more than the rest.</param>
    /// <returns>True when the message is dealt with. Must not block and must not throw; a throw is contained.</returns>
    bool TryHandle(ReadOnlySpan<byte> message);

    /// <summary>Takes the message at the start of what a stream has brought, if it is one that
    /// <see cref="TryHandle"/> would take, whole, and can be cut off without a doubt where it ends.</summary>
    /// <param name="buffered">It and what follows; valid only during the call.</param>
    /// <param name="length">How long it is.</param>
    /// <returns>False leaves it to the general way.</returns>
    bool TryTake(ReadOnlySpan<byte> buffered, out int length);

    /// <summary>What this thread brings until <see cref="EndBatch"/> was there together: what it causes to be sent may
    /// wait for the end.</summary>
    void BeginBatch();

    /// <summary>Ends a batch, always on the thread that began it. A throw is contained.</summary>
    void EndBatch();
}
