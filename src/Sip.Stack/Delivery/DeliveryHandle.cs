namespace Sip.Stack.Delivery;

/// <summary>Names one request in flight: a slot, and which of its users it is.</summary>
/// <param name="Slot">Index of the slot with the shard in the lowest bits.</param>
/// <param name="Generation">Grows by one each time the slot is taken; begins at a random number.</param>
public readonly record struct DeliveryHandle(uint Slot, uint Generation);
