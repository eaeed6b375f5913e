namespace Sip.Stack.Delivery;

/// <summary>The owner of one request in flight. Called from receive threads and the timer thread, never with a lock of
/// the slots held; for one handle at most one of <see cref="OnFinal"/> and <see cref="OnTimeout"/>, once.</summary>
public interface IDelivery
{
    /// <summary>Timer E fired: send the same request again, unless another one has taken its place since.</summary>
    void Resend(DeliveryHandle handle);

    /// <summary>T1 has passed without an answer over a reliable transport, where nothing is sent again.</summary>
    void OnLate(DeliveryHandle handle);

    /// <summary>A final response came.</summary>
    /// <param name="handle">Of which request.</param>
    /// <param name="status">200 to 699.</param>
    /// <param name="response">All of it; only during the call.</param>
    void OnFinal(DeliveryHandle handle, int status, ReadOnlySpan<byte> response);

    /// <summary>Timer F fired: to be treated as a received 408 (RFC 3261 8.1.3.1).</summary>
    void OnTimeout(DeliveryHandle handle);
}
