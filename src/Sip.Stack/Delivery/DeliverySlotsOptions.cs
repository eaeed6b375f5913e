namespace Sip.Stack.Delivery;

/// <summary>Limits and times of the fan-out's client transactions.</summary>
public sealed record DeliverySlotsOptions
{
    /// <summary>Requests in flight at most; beyond it a request is not started (outcome: try later, counted as
    /// <c>slots_exhausted</c>). Default 262,144: 64 bytes each, 16 MiB in all, ten times the widest window used.
    /// </summary>
    public int InFlightMax { get; init; } = 262_144;

    /// <summary>Lock stripes. Default: the number of processors, up to 16.</summary>
    public int Shards { get; init; } = Math.Min(16, Environment.ProcessorCount);

    /// <summary>RFC 3261 17.1.1.1: estimate of the round-trip time. Default 500 ms.</summary>
    public TimeSpan T1 { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>RFC 3261 17.1.2.2: longest interval between retransmissions. Default 4 s.</summary>
    public TimeSpan T2 { get; init; } = TimeSpan.FromSeconds(4);
}
