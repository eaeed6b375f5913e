using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sip.Stack.Messages;
using Sip.Stack.Timers;
using Sip.Stack.Transport;

namespace Sip.Stack.Transactions;

/// <summary>All server transactions alive. Room 3: a request is new, or a resend that ends here.</summary>
/// <remarks>Locks are those of single entries; none is held while the handler or the wire is called.</remarks>
internal sealed class ServerTransactionTable
{
    private static readonly SipMethod[] Cancellable =
        [.. Enum.GetValues<SipMethod>().Where(m => m is not (SipMethod.Unknown or SipMethod.Ack or SipMethod.Cancel))];

    private static readonly StatelessRefusal NothingToCancel =
        new(481, SipReasonPhrases.For(481), "no_transaction", RetryAfter: null);

    private readonly ConcurrentDictionary<TransactionKey, ServerTransaction> _alive = new();
    private readonly ConcurrentDictionary<MergeKey, ServerTransaction> _merges = new();
    private readonly SipStackOptions _options;
    private readonly ISipRequestHandler _handler;
    private readonly ITransactionWire _wire;
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;
    private int _unanswered;
    private volatile bool _isDraining;

    internal ServerTransactionTable(
        SipStackOptions options,
        ISipRequestHandler handler,
        ITransactionWire wire,
        TimerLanes<ITimerOwner, TransactionTimer> timers,
        ILogger log)
    {
        _options = options;
        _handler = handler;
        _wire = wire;
        Timers = timers;
        Log = log;
    }

    internal SipTimes Times => _options.Times;

    internal TimerLanes<ITimerOwner, TransactionTimer> Timers { get; }

    internal ILogger Log { get; }

    /// <summary>Those that make room when the table is full.</summary>
    internal SpareTransactions Spare { get; } = new();

    /// <summary>Transactions alive.</summary>
    internal int Count => Volatile.Read(ref _count);

    /// <summary>Requests that wait for their final response.</summary>
    internal int Unanswered => Volatile.Read(ref _unanswered);

    /// <summary>Completes when the table drains and every request has its final response.</summary>
    internal Task Drained => _drained.Task;

    /// <summary>Takes one well-formed request.</summary>
    internal void OnRequest(SipRequest request, in SipPeer peer)
    {
        var key = TransactionKey.Of(request);
        if (request.Method == SipMethod.Ack)
        {
            OnAck(request, key, peer);
            return;
        }

        if (_alive.TryGetValue(key, out var existing))
        {
            SipMetrics.Absorbed.WithLabels("request").Inc();
            existing.OnResend();
        }
        else if (request.Method == SipMethod.Cancel) OnCancel(request, key, peer);
        else OnNew(request, key, peer);
    }

    internal void BeginDrain()
    {
        if (_isDraining) return;
        _isDraining = true;
        TransactionLog.Draining(Log, Unanswered);
        if (Unanswered == 0) _drained.TrySetResult();
    }

    /// <summary>The stack stops: whoever still works on a request is told, and nothing is kept.</summary>
    internal void EndAll()
    {
        foreach (var (_, transaction) in _alive)
        {
            transaction.Cancel();
            Remove(transaction);
        }
    }

    internal void OnAnswered()
    {
        if (Interlocked.Decrement(ref _unanswered) == 0 && _isDraining) _drained.TrySetResult();
    }

    internal SipSendOutcome Send(in ResponseRoute route, byte[] response)
    {
        SipMetrics.CountResponseOut(route.To.Transport, response);
        var outcome = _wire.Send(route.To, route.From, response, default, out _);

        // 18.2.2: when the stream of the request fails, a new one to the address of Via is tried.
        if (outcome == SipSendOutcome.Closed)
            outcome = _wire.Send(route.To with { Connection = null }, route.From, response, default, out _);
        return outcome;
    }

    internal void PassAck(SipRequest ack, in ResponseRoute route) => PassAck(
        ack, new SipPeer(route.To.Transport, route.To.Address, route.From, route.To.Connection));

    internal void Remove(ServerTransaction transaction)
    {
        if (!_alive.TryRemove(KeyValuePair.Create(transaction.Key, transaction))) return;
        if (transaction.MergeKey is { } mergeKey)
            _merges.TryRemove(KeyValuePair.Create(mergeKey, transaction));
        Interlocked.Decrement(ref _count);
        SipMetrics.Transactions.WithLabels(transaction.Kind).Dec();
    }

    private void OnAck(SipRequest ack, in TransactionKey key, in SipPeer peer)
    {
        // RFC 2543 matching: our response may have added the To tag, so the INVITE is found without it.
        if (_alive.TryGetValue(key, out var invite)
            || (key.IsLegacy && _alive.TryGetValue(TransactionKey.OfInitialInvite(ack), out invite)))
        {
            // 17.2.3: without a unique branch, the To tag must be the one that the response carried.
            if (!key.IsLegacy || ack.To?.Tag == invite.ResponseToTag)
            {
                SipMetrics.Absorbed.WithLabels("ack").Inc();
                invite.OnAck(ack);
                return;
            }
        }

        PassAck(ack, peer);
    }

    private void PassAck(SipRequest ack, in SipPeer peer)
    {
        try
        {
            _handler.OnAck(ack, peer);
        }
        catch (Exception e)
        {
            OnHandlerFault(e, ack, peer);
        }
    }

    private void OnCancel(SipRequest cancel, in TransactionKey key, in SipPeer peer)
    {
        var mark = RequestMark.Of(cancel);
        if (FindCancelled(key) is not { } target)
        {
            // 9.2. Without a transaction: nobody has admitted it, so it must not take a place in the table.
            SipMetrics.Refused.WithLabels(NothingToCancel.Label).Inc();
            RefuseStateless(cancel, peer, mark, NothingToCancel);
            return;
        }

        // 9.2: the To tag of the answer to CANCEL and that of the answer to the request should be the same.
        var tag = target.ResponseToTag ?? mark.ToTag();
        var exchange = TryStart(cancel, key, peer, tag);

        // A table that is full still cancels; the answer is stateless then.
        var answer = new SipResponseBuilder(cancel, 200).WithToTag(tag).WithReceived(peer.Remote);
        if (exchange is not null) exchange.Respond(answer);
        else Send(RouteOf(cancel, peer), answer.Build());

        // 9.2: an INVITE without a final response is answered 487; CANCEL of other methods has no effect.
        if (target is InviteServer invite && invite.Cancel() is { } invited) invited.Respond(487);
    }

    /// <summary>9.2: any method but CANCEL and ACK; INVITE is what it will be.</summary>
    private ServerTransaction? FindCancelled(in TransactionKey key)
    {
        if (_alive.TryGetValue(key.WithMethod("INVITE"), out var found)) return found;
        foreach (var method in Cancellable)
        {
            if (_alive.TryGetValue(key.WithMethod(SipMethods.Text(method)), out found)) return found;
        }

        return null;
    }

    private void OnNew(SipRequest request, in TransactionKey key, in SipPeer peer)
    {
        if (_isDraining)
        {
            RefuseStateless(request, peer, "draining");
            return;
        }

        var mark = RequestMark.Of(request);
        if (_handler.Admit(request, peer, mark) is { } refusal)
        {
            RefuseStateless(request, peer, mark, refusal);
            return;
        }

        var exchange = TryStart(request, key, peer, SipTags.New());
        if (exchange is not null) Hand(exchange);
    }

    /// <summary>Makes the transaction; null when it exists meanwhile, or the limit is reached (answered 503).</summary>
    private SipServerExchange? TryStart(
        SipRequest request, in TransactionKey key, in SipPeer peer, string localTag)
    {
        if (Interlocked.Increment(ref _count) > _options.ServerTransactionsMax && !Spare.TryEndOne())
        {
            Interlocked.Decrement(ref _count);
            if (request.Method != SipMethod.Cancel) RefuseStateless(request, peer, "transaction_limit");
            return null;
        }

        var mergeKey = request.Method == SipMethod.Cancel ? null : MergeKey.Of(request);
        var transaction = ServerTransaction.Create(this, key, mergeKey, RouteOf(request, peer), request);
        if (!_alive.TryAdd(key, transaction))
        {
            // Two receive threads had the same request at once.
            Interlocked.Decrement(ref _count);
            SipMetrics.Absorbed.WithLabels("request").Inc();
            return null;
        }

        var isMerged = mergeKey is { } merge && !_merges.TryAdd(merge, transaction);
        SipMetrics.Transactions.WithLabels(transaction.Kind).Inc();
        Interlocked.Increment(ref _unanswered);
        var exchange = new SipServerExchange(request, peer, localTag, isMerged, transaction, this);
        transaction.Start(exchange);
        if (transaction is InviteServer)
            Timers.Start(transaction, TransactionTimer.Expiry, _options.InviteAnswerTimeout);
        return exchange;
    }

    private void RefuseStateless(SipRequest request, in SipPeer peer, string reason)
    {
        SipMetrics.Refused.WithLabels(reason).Inc();
        var refusal = new StatelessRefusal(503, SipReasonPhrases.For(503), reason, _options.RetryAfter);
        RefuseStateless(request, peer, RequestMark.Of(request), refusal);
    }

    /// <summary>RFC 3261 8.2.7: an answer without a transaction; a resend gets the same again.</summary>
    private void RefuseStateless(
        SipRequest request, in SipPeer peer, RequestMark mark, StatelessRefusal refusal)
    {
        TransactionLog.Refused(Log, request.MethodName, peer.Remote, refusal.Label);
        // The builder keeps a tag that the request has.
        var response = new SipResponseBuilder(request, refusal.Status, refusal.Phrase)
            .WithReceived(peer.Remote)
            .WithToTag(mark.ToTag());
        if (refusal.RetryAfter is { } range) response.With(SipHeaderName.RetryAfter, range.SecondsFor(mark));
        Send(RouteOf(request, peer), response.Build());
    }

    private static ResponseRoute RouteOf(SipRequest request, in SipPeer peer) =>
        new(ResponseRouting.For(request.TopVia!, peer), peer.Local);

    private void Hand(SipServerExchange exchange)
    {
        try
        {
            var task = _handler.HandleAsync(exchange);
            if (!task.IsCompletedSuccessfully) _ = ContainAsync(task, exchange);
        }
        catch (Exception e)
        {
            OnHandlerFault(e, exchange);
        }
    }

    private async Task ContainAsync(ValueTask task, SipServerExchange exchange)
    {
        try
        {
            await task.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            OnHandlerFault(e, exchange);
        }
    }

    private void OnHandlerFault(Exception error, SipServerExchange exchange)
    {
        OnHandlerFault(error, exchange.Request, exchange.Peer);
        if (!exchange.IsAnswered) exchange.Respond(500);
    }

    private void OnHandlerFault(Exception error, SipRequest request, in SipPeer peer)
    {
        SipMetrics.HandlerFaults.Inc();
        TransactionLog.HandlerFault(Log, error, request.MethodName, peer.Remote);
    }
}
