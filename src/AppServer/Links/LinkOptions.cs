namespace AppServer.Links;

/// <summary>Limits of the outbound paths to participants.</summary>
public sealed record LinkOptions
{
    /// <summary>MESSAGEs without an answer towards all UDP next hops together. Default 2,000: a receive buffer of 4 MiB
    /// holds 3,640 answers (docs/performance.md), the rest is for requests.</summary>
    public int UdpOutstandingMax { get; init; } = 2_000;

    /// <summary>MESSAGEs without an answer over all streams of participants together. Default 4,000: answers on streams
    /// are not lost, this bounds what waits in write queues.</summary>
    public int StreamOutstandingMax { get; init; } = 4_000;

    /// <summary>MESSAGEs without an answer towards one S-CSCF (mode Ims). Default 50: measured with a Kamailio
    /// S-CSCF, 10 to 50 deliver 2,000 messages in half the time that no limit takes.</summary>
    public int CoreOutstandingMax { get; init; } = 50;

    /// <summary>A larger request leaves over TCP although the contact is a UDP one (RFC 3261 18.1.1). Default 1,300.
    /// </summary>
    public int DatagramBytesMax { get; init; } = 1_300;

    /// <summary>Body of one MESSAGE that the path behind a TCP next hop carries, as declared by the operator (R7).
    /// Default 1 MiB in Standalone; set it to what the CSCFs of the core take, 60,000 for a read buffer of 64 kB.
    /// </summary>
    public int StreamBodyBytesMax { get; init; } = 1024 * 1024;

    /// <summary>How long a UDP contact that took no TCP connection is sent small messages only. Default 60 s.</summary>
    public TimeSpan StreamRetry { get; init; } = TimeSpan.FromSeconds(60);
}
