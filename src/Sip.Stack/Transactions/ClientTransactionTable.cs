using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sip.Stack.Messages;
using Sip.Stack.Timers;
using Sip.Stack.Transport;

namespace Sip.Stack.Transactions;

/// <summary>All client transactions alive, found by branch and method (RFC 3261 17.1.3).</summary>
internal sealed class ClientTransactionTable
{
    private readonly ConcurrentDictionary<ClientKey, ClientTransaction> _alive = new();
    private readonly SipStackOptions _options;
    private int _count;

    internal ClientTransactionTable(
        SipStackOptions options,
        ITransactionWire wire,
        TimerLanes<ITimerOwner, TransactionTimer> timers,
        ILogger log)
    {
        _options = options;
        Wire = wire;
        Timers = timers;
        Log = log;
    }

    internal SipTimes Times => _options.Times;

    internal ITransactionWire Wire { get; }

    internal TimerLanes<ITimerOwner, TransactionTimer> Timers { get; }

    internal ILogger Log { get; }

    internal int Count => Volatile.Read(ref _count);

    /// <summary>Starts a transaction; its result is always a value.</summary>
    internal Task<SipClientResult> SendAsync(ClientCall call, CancellationToken cancel)
    {
        if (cancel.IsCancellationRequested) return Failed(SipClientFailure.Cancelled);
        if (Interlocked.Increment(ref _count) > _options.ClientTransactionsMax)
        {
            Interlocked.Decrement(ref _count);
            SipMetrics.Refused.WithLabels("client_transaction_limit").Inc();
            return Failed(SipClientFailure.Refused);
        }

        var transaction = ClientTransaction.Create(this, call);
        _alive[call.Key] = transaction;
        SipMetrics.Transactions.WithLabels(transaction.Kind).Inc();
        transaction.Start();
        return cancel.CanBeCanceled ? WaitAsync(transaction, cancel) : transaction.Result;
    }

    /// <summary>Takes one well-formed response.</summary>
    internal void OnResponse(SipResponse response, in SipPeer peer)
    {
        SipMetrics.CountResponseIn(peer.Transport, response.StatusCode);

        // 17.1.3: the branch of the top Via, and the method of CSeq, since CANCEL shares the branch.
        if (response.TopVia?.Branch is { } branch && response.CSeq is { } cseq
            && _alive.TryGetValue(new ClientKey(branch, cseq.MethodName), out var transaction))
        {
            transaction.OnResponse(response);
            return;
        }

        // RFC 6026 8.7 and RFC 3261 18.1.2: a response to nothing goes nowhere.
        SipMetrics.Dropped.WithLabels("stray_response").Inc();
    }

    /// <summary>Fails the transactions whose request went by a stream that ended (RFC 3261 17.1.4).</summary>
    internal void OnConnectionClosed(SipConnection connection)
    {
        foreach (var (_, transaction) in _alive)
        {
            if (ReferenceEquals(transaction.Connection, connection)) transaction.OnTransportError();
        }
    }

    /// <summary>Fails every transaction.</summary>
    internal void FailAll()
    {
        foreach (var (_, transaction) in _alive) transaction.OnTransportError();
    }

    internal void AbandonAll()
    {
        foreach (var (_, transaction) in _alive) transaction.Abandon();
    }

    internal void Remove(ClientTransaction transaction)
    {
        if (!_alive.TryRemove(new KeyValuePair<ClientKey, ClientTransaction>(transaction.Key, transaction))) return;
        Interlocked.Decrement(ref _count);
        SipMetrics.Transactions.WithLabels(transaction.Kind).Dec();
    }

    private static Task<SipClientResult> Failed(SipClientFailure failure) =>
        Task.FromResult(new SipClientResult(null, failure));

    private static async Task<SipClientResult> WaitAsync(ClientTransaction transaction, CancellationToken cancel)
    {
        using var registration = cancel.UnsafeRegister(static t => ((ClientTransaction)t!).Abandon(), transaction);
        return await transaction.Result.ConfigureAwait(false);
    }
}
