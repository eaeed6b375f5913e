using AppServer.Configuration;

namespace AppServer.Links;

/// <summary>Limits of the outbound paths to participants.</summary>
public sealed record LinkOptions
{
    /// <summary>MESSAGEs without an answer towards all UDP contacts together, however well they answer. Default 2,000:
    /// a receive buffer of 4 MiB holds 3,640 answers (docs/performance.md), the rest is for requests.</summary>
    public int UdpOutstandingMax { get; init; } = 2_000;

    /// <summary>The same where most answers are lost, and after the start. Default 200: twice what a receive buffer of
    /// the system's default size holds (92), which is no flood. Not used above the maximum.</summary>
    public int UdpOutstandingMin { get; init; } = 200;

    /// <summary>MESSAGEs without an answer over all streams of participants together. Default 4,000: answers on streams
    /// are not lost, this bounds what waits in write queues. It does not adapt: each stream has the congestion control
    /// of TCP, and one that is slow says nothing about the others.</summary>
    public int StreamOutstandingMax { get; init; } = 4_000;

    /// <summary>MESSAGEs without an answer towards one S-CSCF (mode Ims), however well it answers. Default 50: measured
    /// with a Kamailio S-CSCF, 10 to 50 deliver 2,000 messages in half the time that no limit takes.</summary>
    public int CoreOutstandingMax { get; init; } = 50;

    /// <summary>The same while the S-CSCF loses, refuses or delays what it is sent, and after the start. Default 10:
    /// the fewest that were measured, as fast as 50. Not used above the maximum.</summary>
    public int CoreOutstandingMin { get; init; } = 10;

    /// <summary>By how much the fastest answers by way of an S-CSCF may become slower than the fastest of the last
    /// minute before less is sent at a time. Default 50 ms: with 50 requests out, an S-CSCF that handles 1,000 a second
    /// is that slow. 0: never.</summary>
    [ZeroAllowed]
    public TimeSpan CoreDelayMax { get; init; } = TimeSpan.FromMilliseconds(50);

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

    internal LimitBounds UdpBounds => new(UdpOutstandingMin, UdpOutstandingMax);

    internal LimitBounds StreamBounds => new(StreamOutstandingMax, StreamOutstandingMax);

    internal LimitBounds CoreBounds =>
        new(CoreOutstandingMin, CoreOutstandingMax, (int)Math.Min(CoreDelayMax.TotalMilliseconds, int.MaxValue));

    /// <summary>These limits with what is left to the mode decided.</summary>
    /// <param name="mode">How the server runs.</param>
    public LinkOptions For(ServerMode mode) => StreamBodyBytesMax > 0
        ? this
        : this with { StreamBodyBytesMax = mode == ServerMode.Ims ? 60_000 : 1024 * 1024 };
}
