using Sip.Stack.Delivery;
using Sip.Stack.Transport;

namespace AppServer.Links;

/// <summary>Takes the answers to fan-out deliveries off the receive threads before anything is parsed.</summary>
public sealed class FanoutResponses(DeliverySlots slots) : IResponseInterceptor
{
    /// <inheritdoc/>
    public bool TryHandle(ReadOnlySpan<byte> message) => slots.TryHandle(message);

    /// <inheritdoc/>
    public bool TryTake(ReadOnlySpan<byte> buffered, out int length) => slots.TryTake(buffered, out length);

    /// <inheritdoc/>
    public void BeginBatch() => SendBatch.Begin();

    /// <inheritdoc/>
    public void EndBatch() => SendBatch.End();
}
