using Prometheus;
using Sip.Stack.Messages;
using Sip.Stack.Transport;

namespace Sip.Stack;

/// <summary>
/// What the stack counts. Labels are bounded: transport, method of the known list, status class, named reasons.
/// </summary>
public static class SipMetrics
{
    internal static readonly Counter RequestsIn = Metrics.CreateCounter(
        "conference_as_sip_requests_received_total", "Requests received, resends included.", "transport", "method");

    internal static readonly Counter RequestsOut = Metrics.CreateCounter(
        "conference_as_sip_requests_sent_total", "Requests sent by client transactions, resends included.",
        "transport", "method");

    internal static readonly Counter ResponsesIn = Metrics.CreateCounter(
        "conference_as_sip_responses_received_total", "Responses received, those of the fan-out excluded.",
        "transport", "class");

    internal static readonly Counter ResponsesOut = Metrics.CreateCounter(
        "conference_as_sip_responses_sent_total", "Responses sent, resends included.", "transport", "class");

    internal static readonly Counter Intercepted = Metrics.CreateCounter(
        "conference_as_sip_responses_intercepted_total", "Responses taken by the fan-out before parsing.", "transport");

    internal static readonly Counter Absorbed = Metrics.CreateCounter(
        "conference_as_sip_retransmissions_absorbed_total", "Resends that ended in the transaction layer.", "kind");

    internal static readonly Counter Malformed = Metrics.CreateCounter(
        "conference_as_sip_malformed_total", "What arrived and is no proper message.", "transport", "reason");

    internal static readonly Counter Dropped = Metrics.CreateCounter(
        "conference_as_sip_messages_dropped_total", "Proper messages without an effect.", "reason");

    internal static readonly Counter Refused = Metrics.CreateCounter(
        "conference_as_sip_requests_refused_total",
        "Requests refused by the stack before its user saw them.",
        "reason");

    internal static readonly Gauge Transactions = Metrics.CreateGauge(
        "conference_as_sip_transactions", "Transactions alive.", "kind");

    internal static readonly Counter TransactionsEvicted = Metrics.CreateCounter(
        "conference_as_sip_transactions_evicted_total",
        "Refused requests and OPTIONS that were forgotten before their time, as there were too many transactions.");

    internal static readonly Counter TransactionEnds = Metrics.CreateCounter(
        "conference_as_sip_transaction_failures_total", "Transactions that ended without what they waited for.",
        "kind", "reason");

    internal static readonly Counter HandlerFaults = Metrics.CreateCounter(
        "conference_as_sip_handler_faults_total", "Exceptions of the request handler, each answered with 500.");

    internal static readonly Counter LoopFaults = Metrics.CreateCounter(
        "conference_as_sip_loop_faults_total", "Exceptions contained in a receive loop: bugs.", "loop");

    internal static readonly Gauge Connections = Metrics.CreateGauge(
        "conference_as_sip_connections", "Streams alive or being opened.");

    internal static readonly Gauge UnfinishedBytes = Metrics.CreateGauge(
        "conference_as_sip_unfinished_bytes", "Memory kept for messages that are not whole yet, all streams.");

    internal static readonly Gauge QueuedBytes = Metrics.CreateGauge(
        "conference_as_sip_queued_bytes", "Memory of write queues, in steps of 256 KiB for each stream.");

    internal static readonly Counter ConnectionEnds = Metrics.CreateCounter(
        "conference_as_sip_connection_ends_total", "Streams ended, by the first reason.", "reason");

    internal static readonly Counter KeepAlives = Metrics.CreateCounter(
        "conference_as_sip_keepalives_total", "CRLF keep-alives received (RFC 5626 3.5.1).", "transport");

    internal static readonly Counter StreamWrites = Metrics.CreateCounter(
        "conference_as_sip_stream_writes_total", "Writes to streams; many messages may share one.");

    internal static readonly Counter UdpDrops = Metrics.CreateCounter(
        "conference_as_sip_udp_receive_drops_total",
        "Datagrams that the kernel dropped: a receive buffer was full, or requests were kept out of it.");

    internal static readonly Gauge UdpRequestShare = Metrics.CreateGauge(
        "conference_as_sip_udp_request_share",
        "Share of the requests that are let into a receive queue, by socket; 1 while not too many arrive.", "socket");

    internal static readonly Counter UdpBatches = Metrics.CreateCounter(
        "conference_as_sip_udp_receive_batches_total",
        "Times that datagrams were taken from a socket, as many as were there.");

    internal static readonly Counter UdpDatagrams = Metrics.CreateCounter(
        "conference_as_sip_udp_datagrams_received_total", "Datagrams received, garbage included.");

    internal static readonly Counter MalformedUnanswered = Metrics.CreateCounter(
        "conference_as_sip_malformed_unanswered_total",
        "Malformed messages over UDP that were neither logged nor answered, because too many had come.");

    internal static readonly Counter SegmentSends = Metrics.CreateCounter(
        "conference_as_sip_udp_segment_sends_total", "System calls that sent several datagrams (UDP_SEGMENT).");

    internal static readonly Counter SegmentRefusals = Metrics.CreateCounter(
        "conference_as_sip_udp_segment_refusals_total",
        "Times the kernel took no segments; the next datagrams leave one by one.");

    internal static readonly Counter SendErrors = Metrics.CreateCounter(
        "conference_as_sip_send_errors_total",
        "Messages that could not be given to the network.",
        "transport",
        "reason");

    internal static readonly Counter TransportSwitches = Metrics.CreateCounter(
        "conference_as_sip_transport_switches_total", "Requests moved between UDP and TCP (RFC 3261 18.1.1).", "to");

    internal static readonly Counter Resolutions = Metrics.CreateCounter(
        "conference_as_sip_name_lookups_total", "Host names looked up.", "result");

    // WithLabels looks its child up in a dictionary: too slow for what is counted on each message.
    private static readonly Counter.Child[][] RequestsInBy = ByTransport(t =>
        [.. Enum.GetValues<SipMethod>().Select(m => RequestsIn.WithLabels(t, SipLabels.Of(m)))]);

    private static readonly Counter.Child[][] RequestsOutBy = ByTransport(t =>
        [.. Enum.GetValues<SipMethod>().Select(m => RequestsOut.WithLabels(t, SipLabels.Of(m)))]);

    private static readonly Counter.Child[][] ResponsesInBy = ByTransport(t => ByClass(ResponsesIn, t));

    private static readonly Counter.Child[][] ResponsesOutBy = ByTransport(t => ByClass(ResponsesOut, t));

    private static readonly Counter.Child[][] InterceptedBy = ByTransport(t => [Intercepted.WithLabels(t)]);

    /// <summary>Requests, and responses but those to deliveries, dropped unread: the receive queue was nearly full.
    /// </summary>
    internal static readonly Counter.Child Shed = Dropped.WithLabels("receive_queue");

    /// <summary>Messages dropped unread: of sources that are not trusted, beyond what those may send.</summary>
    internal static readonly Counter.Child Strange = Dropped.WithLabels("untrusted_source");

    private static readonly Counter.Child?[] DatagramFaults = [.. Enum.GetValues<DatagramKind>().Select(
        kind => DatagramKinds.Fault(kind) is { } label ? Malformed.WithLabels("udp", label) : null)];

    private static readonly Counter.Child UdpKeepAlives = KeepAlives.WithLabels("udp");

    internal static void CountRequestIn(SipTransportKind transport, SipMethod method) =>
        RequestsInBy[(int)transport][(int)method].Inc();

    internal static void CountRequestOut(SipTransportKind transport, SipMethod method) =>
        RequestsOutBy[(int)transport][(int)method].Inc();

    internal static void CountResponseIn(SipTransportKind transport, int status) =>
        ResponsesInBy[(int)transport][(status / 100) - 1].Inc();

    /// <summary>The class is the eighth byte: "SIP/2.0 200".</summary>
    internal static void CountResponseOut(SipTransportKind transport, ReadOnlySpan<byte> response) =>
        ResponsesOutBy[(int)transport][response[8] - '1'].Inc();

    internal static void CountIntercepted(SipTransportKind transport, int count) =>
        InterceptedBy[(int)transport][0].Inc(count);

    /// <summary>Counts the datagrams of a batch that went no further.</summary>
    /// <param name="kinds">How many there were, by <see cref="DatagramKind"/>.</param>
    internal static void CountKinds(ReadOnlySpan<int> kinds)
    {
        if (kinds[(int)DatagramKind.KeepAlive] > 0) UdpKeepAlives.Inc(kinds[(int)DatagramKind.KeepAlive]);
        for (var kind = 0; kind < kinds.Length; kind++)
        {
            if (kinds[kind] > 0) DatagramFaults[kind]?.Inc(kinds[kind]);
        }
    }

    private static Counter.Child[][] ByTransport(Func<string, Counter.Child[]> make) =>
        [.. Enum.GetValues<SipTransportKind>().Select(t => make(t.Label()))];

    private static Counter.Child[] ByClass(Counter counter, string transport) =>
        [.. Enumerable.Range(1, 6).Select(c => counter.WithLabels(transport, $"{c}xx"))];
}
