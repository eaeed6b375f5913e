using AppServer.Configuration;

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

    /// <summary>Body of one MESSAGE that the path behind a TCP next hop carries; larger ones leave in parts or as a
    /// reference. 0: 1 MiB in Standalone mode, 60,000 in Ims mode, since a CSCF with a read buffer of 64 kB closes the
    /// stream on a larger message. In Ims mode set it to what all CSCFs of the core take.</summary>
    [ZeroAllowed]
    public int StreamBodyBytesMax { get; init; }

    /// <summary>How long a UDP contact that took no TCP connection is sent small messages only. Default 60 s.</summary>
    public TimeSpan StreamRetry { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>These limits with what is left to the mode decided.</summary>
    /// <param name="mode">How the server runs.</param>
    public LinkOptions For(ServerMode mode) => StreamBodyBytesMax > 0
        ? this
        : this with { StreamBodyBytesMax = mode == ServerMode.Ims ? 60_000 : 1024 * 1024 };
}
