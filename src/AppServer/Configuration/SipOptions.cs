using System.Collections.Immutable;
using System.Net;
using Sip.Stack;
using Sip.Stack.Delivery;
using Sip.Stack.Messages;
using Sip.Stack.Transactions;
using Sip.Stack.Transport;

namespace AppServer.Configuration;

/// <summary>SIP listeners, their limits and timers.</summary>
public sealed record SipOptions
{
    /// <summary>Addresses to listen on, each with UDP and TCP on the same port (an S-CSCF changes to TCP by itself).
    /// </summary>
    public ImmutableArray<string> Addresses { get; init; } = ["127.0.0.1"];

    /// <summary>Port for UDP and TCP; 0 takes a free one.</summary>
    [ZeroAllowed]
    public int Port { get; init; } = 5060;

    /// <summary>Host that others reach this server by, for Via and Contact; empty for the address listened on.
    /// </summary>
    public string AdvertisedHost { get; init; } = "";

    /// <summary>Port that others reach this server by; 0 for the port listened on.</summary>
    [ZeroAllowed]
    public int AdvertisedPort { get; init; }

    /// <summary>Batched: many datagrams in one system call where the system can (64-bit Linux: recvmmsg, UDP_SEGMENT).
    /// Portable: one by one, for a system that says it can and cannot.</summary>
    public SipSystemCalls SystemCalls { get; init; } = SipSystemCalls.Batched;

    /// <summary>SO_REUSEPORT sockets, with a thread each, per UDP address. More than one gains nothing below 4 cores.
    /// </summary>
    public int UdpSocketsPerAddress { get; init; } = 1;

    /// <summary>Receive buffer of a UDP socket in bytes. 4 MiB hold 3,640 answers; raise net.core.rmem_max to it.
    /// </summary>
    public int UdpReceiveBufferBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>How full the receive queue of a UDP socket is, in per cent, when most requests in it are dropped unread
    /// until it is half as full. 75: beyond 100 the kernel drops answers too, and what they answer is sent again. 1000:
    /// never.</summary>
    public int UdpShedAtPercent { get; init; } = 75;

    /// <summary>Requests that are read from a UDP socket in a second once its queue is nearly full; more are kept out
    /// of the queue by the kernel, by chance, until fewer arrive. 20000: to refuse them takes a fifth of a core. 0: no
    /// limit.</summary>
    [ZeroAllowed]
    public int UdpRequestsPerSecondMax { get; init; } = 20_000;

    /// <summary>Malformed messages over UDP that are answered and logged (Debug) in a second; more are only counted.
    /// 100: a client under development is told, a flood is not.</summary>
    public int UdpMalformedPerSecondMax { get; init; } = 100;

    /// <summary>Send buffer of a UDP socket in bytes.</summary>
    public int UdpSendBufferBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Deliveries of equal length to one address that leave in one system call (Linux, UDP_SEGMENT), at most
    /// 64; shorter ones are padded by some spaces. 1: each by itself.</summary>
    public int UdpSegmentsMax { get; init; } = 32;

    /// <summary>A request of this server above this many bytes goes by TCP instead of UDP (RFC 3261 18.1.1).</summary>
    public int DatagramRequestBytesMax { get; init; } = 1300;

    /// <summary>Largest message on a stream in bytes; a larger one gets 513 and the stream is closed.</summary>
    public int MessageBytesMax { get; init; } = 1024 * 1024;

    /// <summary>Start line and headers of a message in bytes; beyond, 513.</summary>
    public int HeadBytesMax { get; init; } = 32 * 1024;

    /// <summary>Header lines of a message; beyond, 513.</summary>
    public int HeaderCountMax { get; init; } = 256;

    /// <summary>Streams open, both directions; one more is closed. The last tenth is for those that this server opens.
    /// </summary>
    public int ConnectionsMax { get; init; } = 20_000;

    /// <summary>Streams open with one address; one more is closed.</summary>
    public int ConnectionsPerAddressMax { get; init; } = 12_000;

    /// <summary>In Ims mode, streams open that came in from other addresses than Ims:TrustedPeers; one more is closed.
    /// 256: a peer that was forgotten there is told so, strangers do not take the places of the others.</summary>
    public int ConnectionsUntrustedMax { get; init; } = 256;

    /// <summary>Bytes waiting to be written on one stream; beyond, a delivery waits for room.</summary>
    public int WriteQueueBytesMax { get; init; } = 8 * 1024 * 1024;

    /// <summary>Memory of all write queues together, without bodies that many share; beyond, the streams with the
    /// fullest queues are closed. Queues below 256 KiB do not count.</summary>
    public long QueuedBytesMax { get; init; } = 256L * 1024 * 1024;

    /// <summary>A stream without traffic this long is closed: four keep-alives of RFC 5626.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(8);

    /// <summary>How long a message that has begun may take to become whole, and a stream that comes in to bring its
    /// first one; else the stream is closed. As timer F.</summary>
    public TimeSpan MessageTimeout { get; init; } = TimeSpan.FromSeconds(32);

    /// <summary>Bytes kept for unfinished messages, all streams together; beyond, the streams whose message began first
    /// are closed.</summary>
    public long UnfinishedBytesMax { get; init; } = 256L * 1024 * 1024;

    /// <summary>A stream that takes longer than this for one write is closed. A write carries 64 KiB at most, to a
    /// quick stream 256 KiB: at 10 s one may be as slow as 6.5 KB/s.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long opening a stream may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Server transactions alive, about 1.1 KB each for 32 s over UDP; beyond, those of refused requests and
    /// of OPTIONS are forgotten, and when there are none, 503. Default 262,144: some 8,000 requests a second.</summary>
    public int ServerTransactionsMax { get; init; } = 262_144;

    /// <summary>Client transactions alive besides deliveries.</summary>
    public int ClientTransactionsMax { get; init; } = 65_536;

    /// <summary>Deliveries without an answer, all members together, 64 bytes each; beyond, tried later.</summary>
    public int DeliveriesInFlightMax { get; init; } = 262_144;

    /// <summary>Estimate of the round-trip time (RFC 3261 17.1.1.1): first resend after it, give up after 64 of it.
    /// </summary>
    public TimeSpan T1 { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest interval between resends of a request (RFC 3261 17.1.2.2).</summary>
    public TimeSpan T2 { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long a message may stay in the network (RFC 3261 17.1.2.2).</summary>
    public TimeSpan T4 { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The options of the SIP stack.</summary>
    /// <param name="retryAfter">Of its own 503s.</param>
    /// <param name="interceptor">Sees responses first.</param>
    internal SipStackOptions ForStack(RetryAfterRange retryAfter, IResponseInterceptor interceptor) => new()
    {
        Transport = new SipTransportOptions
        {
            Endpoints = [.. Addresses.Select(Endpoint)],
            SystemCalls = SystemCalls,
            UdpShedAtPercent = UdpShedAtPercent,
            UdpRequestsPerSecondMax = UdpRequestsPerSecondMax,
            UdpSocketsPerEndpoint = UdpSocketsPerAddress,
            UdpReceiveBufferBytes = UdpReceiveBufferBytes,
            UdpSendBufferBytes = UdpSendBufferBytes,
            UdpSegmentsMax = UdpSegmentsMax,
            DatagramRequestBytesMax = DatagramRequestBytesMax,
            MessageBytesMax = MessageBytesMax,
            ConnectionsMax = ConnectionsMax,
            ConnectionsPerAddressMax = ConnectionsPerAddressMax,
            ConnectionsUntrustedMax = ConnectionsUntrustedMax,
            WriteQueueBytesMax = WriteQueueBytesMax,
            QueuedBytesMax = QueuedBytesMax,
            IdleTimeout = IdleTimeout,
            MessageTimeout = MessageTimeout,
            UnfinishedBytesMax = UnfinishedBytesMax,
            SendTimeout = SendTimeout,
            ConnectTimeout = ConnectTimeout,
        },
        Times = new SipTimes(T1, T2, T4),
        ParseLimits = new SipParseLimits
        {
            HeadBytesMax = HeadBytesMax,
            HeaderCountMax = HeaderCountMax,
            MessageBytesMax = MessageBytesMax,
        },
        UdpMalformedPerSecondMax = UdpMalformedPerSecondMax,
        ServerTransactionsMax = ServerTransactionsMax,
        ClientTransactionsMax = ClientTransactionsMax,
        RetryAfter = retryAfter,
        ResponseInterceptor = interceptor,
    };

    /// <summary>The options of the fan-out's client transactions.</summary>
    internal DeliverySlotsOptions ForDeliveries() => new() { InFlightMax = DeliveriesInFlightMax, T1 = T1, T2 = T2 };

    private SipListenEndpoint Endpoint(string address) => new()
    {
        Address = IPAddress.Parse(address),
        Port = Port,
        AdvertisedHost = AdvertisedHost.Length > 0 ? AdvertisedHost : null,
        AdvertisedPort = AdvertisedPort > 0 ? AdvertisedPort : null,
    };
}
