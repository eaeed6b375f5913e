using Sip.Stack.Messages;
using Sip.Stack.Transactions;
using Sip.Stack.Transport;

namespace Sip.Stack;

/// <summary>A new request and the one way to answer it. Thread-safe.</summary>
public sealed class SipServerExchange
{
    private readonly ServerTransaction _transaction;
    private readonly ServerTransactionTable _table;
    private readonly Lock _lock = new();

    // Touched under _lock.
    private CancellationTokenSource? _cancelled;
    private bool _isCancelled;

    private int _finalStatus; // 0: none yet
    private int _ended;

    internal SipServerExchange(
        SipRequest request,
        SipPeer peer,
        string localTag,
        bool isMerged,
        ServerTransaction transaction,
        ServerTransactionTable table)
    {
        Request = request;
        Peer = peer;
        LocalTag = localTag;
        IsMerged = isMerged;
        _transaction = transaction;
        _table = table;
    }

    /// <summary>The request as it came.</summary>
    public SipRequest Request { get; }

    /// <summary>Where it came from.</summary>
    public SipPeer Peer { get; }

    /// <summary>The To tag of every response but 100, unless the request has one.</summary>
    public string LocalTag { get; }

    /// <summary>True once a final response was given, by anybody.</summary>
    public bool IsAnswered => Volatile.Read(ref _finalStatus) != 0;

    /// <summary>
    /// True when the same request is being handled already under another branch (RFC 3261 8.2.2.2): answer 482.
    /// </summary>
    public bool IsMerged { get; }

    /// <summary>Fires when the INVITE is cancelled (its 487 is sent by the stack) or the stack stops.</summary>
    public CancellationToken Cancelled
    {
        get
        {
            lock (_lock)
            {
                if (_isCancelled) return new CancellationToken(canceled: true);
                return (_cancelled ??= new CancellationTokenSource()).Token;
            }
        }
    }

    /// <summary>
    /// Sends a response. After a final one, later calls are dropped and counted, except a 2xx again to an INVITE
    /// (RFC 3261 13.3.1.4). The To tag, and received and rport of the top Via
    /// (RFC 3261 18.2.1, RFC 3581 4), are added here.
    /// </summary>
    public void Respond(SipResponseBuilder response)
    {
        var status = response.StatusCode;
        if (status >= 200)
        {
            var before = Interlocked.CompareExchange(ref _finalStatus, status, 0);
            if (before != 0 && !(before is >= 200 and < 300 && status is >= 200 and < 300))
            {
                SipMetrics.Dropped.WithLabels("late_response").Inc();
                return;
            }
        }

        // RFC 3261 8.2.6.2: not in 100, everywhere else the same one.
        if (status != 100 && Request.To?.Tag is null) response.WithToTag(LocalTag);
        _transaction.Respond(status, response.WithReceived(Peer.Remote).Build());
    }

    /// <summary>Sends a response without more headers.</summary>
    public void Respond(int status, string? reason = null) => Respond(new SipResponseBuilder(Request, status, reason));

    internal byte[] BuildTrying() => new SipResponseBuilder(Request, 100).WithReceived(Peer.Remote).Build();

    internal void Cancel()
    {
        CancellationTokenSource? source;
        lock (_lock)
        {
            if (_isCancelled) return;
            _isCancelled = true;
            source = _cancelled;
        }

        // On the pool: what is registered there must not run on a receive thread.
        _ = source?.CancelAsync();
    }

    /// <summary>The final response left, or will never: the drain need not wait for it.</summary>
    internal void OnEnded()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0) _table.OnAnswered();
    }
}
