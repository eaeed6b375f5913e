using Microsoft.Extensions.Logging;
using Sip.Stack.Messages;
using Sip.Stack.Timers;
using Sip.Stack.Transport;

namespace Sip.Stack.Transactions;

/// <summary>
/// The transaction layer (RFC 3261 17): parses what the transports receive and gives it to the transaction that it
/// belongs to, or to the handler as a new one. Time is virtual: one timer of the given clock drives all of them.
/// </summary>
public sealed class TransactionTable : ISipMessageSink, IDisposable
{
    private readonly SipStackOptions _options;
    private readonly ILogger _log;
    private readonly TimerLanes<ITimerOwner, TransactionTimer> _timers;
    private readonly RateBudget _malformed; // Over UDP.

    internal TransactionTable(
        SipStackOptions options, ISipRequestHandler handler, ITransactionWire wire, TimeProvider time, ILogger log)
    {
        _options = options;
        _log = log;
        _malformed = new RateBudget(options.UdpMalformedPerSecondMax, time);
        _timers = new TimerLanes<ITimerOwner, TransactionTimer>(time, static (owner, timer) => owner.OnTimer(timer));
        Servers = new ServerTransactionTable(options, handler, wire, _timers, log);
        Clients = new ClientTransactionTable(options, wire, _timers, log);
    }

    /// <summary>Server transactions alive.</summary>
    public int ServerCount => Servers.Count;

    /// <summary>Client transactions alive.</summary>
    public int ClientCount => Clients.Count;

    internal ServerTransactionTable Servers { get; }

    internal ClientTransactionTable Clients { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Clients.AbandonAll();
        Servers.EndAll();
        _timers.Dispose();
    }

    /// <inheritdoc/>
    public void OnMessage(ReadOnlySpan<byte> message, in SipPeer peer)
    {
        var outcome = SipMessageReader.TryRead(message, _options.ParseLimits, out var read);
        switch (read)
        {
            case SipRequest request when outcome == SipParseOutcome.Ok:
                SipMetrics.CountRequestIn(peer.Transport, request.Method);
                Servers.OnRequest(request, peer);
                break;
            case SipResponse response when outcome == SipParseOutcome.Ok:
                Clients.OnResponse(response, peer);
                break;
            default:
                Refuse(outcome, message, peer);
                break;
        }
    }

    /// <inheritdoc/>
    public void OnMalformed(SipParseOutcome outcome, ReadOnlySpan<byte> message, in SipPeer peer) =>
        Refuse(outcome, message, peer);

    /// <inheritdoc/>
    public void OnConnectionClosed(SipConnection connection) => Clients.OnConnectionClosed(connection);

    internal Task<SipClientResult> SendAsync(ClientCall call, CancellationToken cancel) =>
        Clients.SendAsync(call, cancel);

    /// <summary>
    /// Counts what is malformed and answers it when it is a request with enough left to answer; stateless, so each copy
    /// gets the same answer (RFC 3261 8.2.7). Malformed responses and ACKs are dropped (RFC 3261 18.1.2, 17.1.1.3).
    /// Over UDP only so many a second: a flood of them, with forged sources, becomes neither a flood of answers nor of
    /// log lines.
    /// </summary>
    private void Refuse(SipParseOutcome outcome, ReadOnlySpan<byte> message, in SipPeer peer)
    {
        var refusal = SipParseOutcomes.Describe(outcome);
        SipMetrics.Malformed.WithLabels(peer.Transport.Label(), refusal.Label).Inc();
        if (peer.Transport == SipTransportKind.Udp && !_malformed.TryTake())
        {
            SipMetrics.MalformedUnanswered.Inc();
            return;
        }

        TransactionLog.Malformed(_log, peer.Remote, refusal.Label);
        if (refusal.IsDrop) return;
        if (!SipMessageReader.TryReadForRefusal(message, _options.ParseLimits, out var request)) return;
        if (request?.TopVia is not { } via) return;

        var response = new SipResponseBuilder(request, refusal.Status, refusal.ReasonPhrase)
            .WithReceived(peer.Remote);
        if (request.To?.Tag is null) response.WithToTag(RequestMark.Of(request).ToTag());
        Servers.Send(new ResponseRoute(ResponseRouting.For(via, peer), peer.Local), response.Build());
    }
}
