using System.Net;

namespace Sip.Stack.Transport;

/// <summary>What to listen on, and the limits of sockets and streams.</summary>
public sealed record SipTransportOptions
{
    /// <summary>The addresses to listen on.</summary>
    public IReadOnlyList<SipListenEndpoint> Endpoints { get; init; } = [new SipListenEndpoint()];

    /// <summary>By which system calls datagrams come and go. Batched: falls back by itself where the system cannot.
    /// </summary>
    public SipSystemCalls SystemCalls { get; init; } = SipSystemCalls.Batched;

    /// <summary>
    /// SO_REUSEPORT sockets and threads per UDP address. One: more gain nothing below 4 cores (measured).
    /// </summary>
    public int UdpSocketsPerEndpoint { get; init; } = 1;

    /// <summary>
    /// SO_RCVBUF wanted. 4 MiB hold 3,640 responses of 700 bytes; the Linux default holds 92 (measured).
    /// </summary>
    public int UdpReceiveBufferBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>
    /// How full the receive queue of a UDP socket is, in per cent, when most that is in it but answers to deliveries is
    /// dropped unread until it is half as full (counted as <c>receive_queue</c>). 75: the kernel charges up to a
    /// quarter of the buffer for what has been read already, and beyond 100 it drops answers as well, which are then
    /// sent for again. 1,000 for never.
    /// </summary>
    public int UdpShedAtPercent { get; init; } = 75;

    /// <summary>
    /// Requests that are read from a UDP socket in a second once its queue is nearly full; more are kept out of the
    /// queue by the kernel, by chance, until fewer arrive (gauge <c>request_share</c>). 20,000: to refuse them takes a
    /// fifth of a core. 0 for no limit. Without effect where <see cref="SystemCalls"/> are those of .NET.
    /// </summary>
    public int UdpRequestsPerSecondMax { get; init; } = 20_000;

    /// <summary>
    /// Networks whose datagrams are read without a limit, and that the places for streams are for. Empty for all: then
    /// anybody may send.
    /// </summary>
    public IReadOnlyList<IPNetwork> TrustedNetworks { get; init; } = [];

    /// <summary>
    /// Datagrams a second that are read of all other sources together, where there are trusted ones; more are dropped
    /// unread (<c>untrusted_source</c>). 100: enough that a peer that was forgotten in the configuration is told so,
    /// and less than 1 % of a core.
    /// </summary>
    public int UdpUntrustedPerSecondMax { get; init; } = 100;

    /// <summary>SO_SNDBUF wanted: a fan-out of 1,000 leaves in one go.</summary>
    public int UdpSendBufferBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>
    /// Datagrams of equal length to one address that leave in one system call (UDP_SEGMENT). 32: more gain nothing
    /// (measured), the kernel takes 64. 1: each by itself, as where the system cannot.
    /// </summary>
    public int UdpSegmentsMax { get; init; } = 32;

    /// <summary>
    /// A request above this many bytes goes by TCP instead of UDP (RFC 3261 18.1.1: path MTU unknown).
    /// </summary>
    public int DatagramRequestBytesMax { get; init; } = 1300;

    /// <summary>Largest message on a stream, head and body; beyond: 513 and the stream closes.</summary>
    public int MessageBytesMax { get; init; } = 1024 * 1024;

    /// <summary>
    /// Streams alive, both directions; beyond, new ones are closed with <see cref="LinkReason.Limit"/>. The last tenth
    /// is for streams that we open: however many connect, the next hop is reached.
    /// </summary>
    public int ConnectionsMax { get; init; } = 20_000;

    /// <summary>Streams alive with one remote address. High enough for a load generator or a NAT.</summary>
    public int ConnectionsPerAddressMax { get; init; } = 12_000;

    /// <summary>
    /// Streams alive that came in from all other addresses than <see cref="TrustedNetworks"/> together, where there
    /// are such; beyond, new ones are closed with <see cref="LinkReason.UntrustedLimit"/>. 256: enough that a peer that
    /// was forgotten in the configuration is told so, and strangers do not take the places of the trusted ones.
    /// </summary>
    public int ConnectionsUntrustedMax { get; init; } = 256;

    /// <summary>Bytes waiting on one stream; beyond, <see cref="SipConnection.Write"/> says no.</summary>
    public int WriteQueueBytesMax { get; init; } = 8 * 1024 * 1024;

    /// <summary>
    /// Memory of all write queues together; beyond, the streams with the fullest are closed. Bodies that many queues
    /// share are not in it, nor queues below 256 KiB. 256 MiB: as <see cref="UnfinishedBytesMax"/>; some 32 peers that
    /// send requests and read no answers.
    /// </summary>
    public long QueuedBytesMax { get; init; } = 256L * 1024 * 1024;

    /// <summary>SO_SNDBUF of streams. Without it the kernel takes a whole page per peer that does not read.</summary>
    public int StreamSendBufferBytes { get; init; } = 128 * 1024;

    /// <summary>
    /// A stream without traffic this long is closed. Above the 2 minutes of RFC 5626 keep-alives, four times.
    /// </summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(8);

    /// <summary>
    /// A stream whose message has begun and is not whole after this long is closed: nobody waits longer than timer F
    /// for an answer, and every unfinished message holds memory. So is one that came in and has not brought a whole
    /// message: whoever connects has something to say, and keep-alives alone would hold a place for ever.
    /// </summary>
    public TimeSpan MessageTimeout { get; init; } = TimeSpan.FromSeconds(32);

    /// <summary>
    /// Bytes kept for unfinished messages, all streams together; beyond, the streams whose message began first are
    /// closed. A message holds up to twice of what has arrived of it: 128 nearly whole ones of
    /// <see cref="MessageBytesMax"/>, or more.
    /// </summary>
    public long UnfinishedBytesMax { get; init; } = 256L * 1024 * 1024;

    /// <summary>
    /// A stream that takes longer than this for one write is closed. A write carries 64 KiB at most, to a quick
    /// stream 256 KiB: at 10 s one may be as slow as 6.5 KB/s.
    /// </summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long opening a stream may take: well below timer F, so that a fall-back still has time.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Waiting connections in the kernel (listen backlog).</summary>
    public int AcceptBacklog { get; init; } = 1024;
}
