using System.Net;
using Sip.Stack.Messages;
using Sip.Stack.Transport;

namespace Sip.Stack.Transactions;

/// <summary>Where responses go (RFC 3261 18.2.2), decided when the request arrives.</summary>
/// <param name="To">The stream of the request first, then the address to use when it is gone.</param>
/// <param name="From">The local address that the request came to (RFC 3581 4).</param>
internal readonly record struct ResponseRoute(SipDestination To, IPEndPoint From);

/// <summary>One server transaction alive: performs the effects of its machine.</summary>
internal abstract class ServerTransaction : SerialInbox<ServerInput>, ITimerOwner
{
    private readonly ServerTransactionTable _table;
    private SipServerExchange? _exchange; // let go with the final response: the request may be large
    private byte[]? _latest;

    protected ServerTransaction(
        ServerTransactionTable table, TransactionKey key, MergeKey? mergeKey, ResponseRoute route, SipRequest request)
    {
        _table = table;
        Key = key;
        MergeKey = mergeKey;
        Route = route;
        IsReliable = route.To.Transport.IsReliable();
        RequestToTag = request.To?.Tag;
    }

    internal TransactionKey Key { get; }

    /// <summary>Set while this transaction is the one that others are merged with.</summary>
    internal MergeKey? MergeKey { get; }

    internal ResponseRoute Route { get; }

    internal abstract string Kind { get; }

    /// <summary>Not in the table any more.</summary>
    internal bool IsEnded { get; private set; }

    /// <summary>Among those that make room for others.</summary>
    internal bool IsSpare { get; private set; }

    /// <summary>The To tag that an ACK must carry (RFC 3261 17.2.3, RFC 2543 matching).</summary>
    internal string? ResponseToTag { get; private set; }

    protected bool IsReliable { get; }

    protected SipTimes Times => _table.Times;

    private string? RequestToTag { get; }

    internal static ServerTransaction Create(
        ServerTransactionTable table,
        TransactionKey key,
        MergeKey? mergeKey,
        ResponseRoute route,
        SipRequest request) =>
        request.Method == SipMethod.Invite
            ? new InviteServer(table, key, mergeKey, route, request)
            : new NonInviteServer(table, key, mergeKey, route, request);

    internal void Start(SipServerExchange exchange)
    {
        _exchange = exchange;
        ResponseToTag = RequestToTag ?? exchange.LocalTag;
        Post(new ServerInput(ServerInputKind.Start));
    }

    internal void OnResend() => Post(new ServerInput(ServerInputKind.Resend));

    internal void OnAck(SipRequest ack) => Post(new ServerInput(ServerInputKind.Ack, Ack: ack));

    public void OnTimer(TransactionTimer timer) => Post(new ServerInput(ServerInputKind.Timer, timer));

    /// <summary>Ends before its time: the table is full.</summary>
    internal void MakeRoom() => Post(new ServerInput(ServerInputKind.MakeRoom));

    internal void Respond(int status, byte[] response) =>
        Post(new ServerInput(ServerInputKind.Respond, Status: status, Response: response));

    /// <summary>The INVITE was cancelled: tells its user; the caller answers 487.</summary>
    internal SipServerExchange? Cancel()
    {
        var exchange = _exchange;
        exchange?.Cancel();
        return exchange;
    }

    /// <summary>The user has kept an INVITE unanswered too long: it must not stay for ever.</summary>
    protected void GiveUpOnUser()
    {
        if (_exchange is not { } exchange) return;
        SipMetrics.TransactionEnds.WithLabels(Kind, "unanswered").Inc();
        exchange.Respond(500, "No Answer From Application");
    }

    protected abstract EffectList Advance(in ServerInput input);

    protected override void Perform(in ServerInput input)
    {
        if (input.Kind == ServerInputKind.MakeRoom)
        {
            End();
            return;
        }

        var effects = Advance(input);
        if (input.Kind == ServerInputKind.Respond && !TakeResponse(input, effects))
        {
            SipMetrics.Dropped.WithLabels("late_response").Inc();
            return;
        }

        for (var i = 0; i < effects.Count; i++) Perform(effects[i], input);
    }

    protected override void OnFault(Exception error)
    {
        SipMetrics.LoopFaults.WithLabels("server_transaction").Inc();
        TransactionLog.TransactionFault(_table.Log, error, Kind);
        End();
    }

    private static bool Contains(EffectList effects, EffectKind kind)
    {
        for (var i = 0; i < effects.Count; i++)
        {
            if (effects[i].Kind == kind) return true;
        }

        return false;
    }

    /// <summary>A response that the machine does not send is late or not allowed: it is forgotten.</summary>
    private bool TakeResponse(in ServerInput input, EffectList effects)
    {
        if (!Contains(effects, EffectKind.SendResponse)) return false;
        _latest = input.Response;
        if (input.Status < 200) return true;
        _exchange?.OnEnded();
        _exchange = null;
        IsSpare = !IsReliable && this is NonInviteServer && SpareTransactions.IsSpareAfter(input.Status, Key.Method);
        if (!IsSpare) return true;
        _table.Spare.Add(this);
        return true;
    }

    private void Perform(TransactionEffect effect, in ServerInput input)
    {
        switch (effect.Kind)
        {
            case EffectKind.SendTrying when _exchange is { } exchange:
                _latest = exchange.BuildTrying();
                Send();
                break;
            case EffectKind.SendResponse:
                Send();
                break;
            case EffectKind.PassAck:
                _table.PassAck(input.Ack!, Route);
                break;
            case EffectKind.ReportTimeout:
                SipMetrics.TransactionEnds.WithLabels(Kind, "timeout").Inc();
                break;
            case EffectKind.ReportTransportFailure:
                SipMetrics.TransactionEnds.WithLabels(Kind, "transport").Inc();
                TransactionLog.ResponseNotSent(_table.Log, Route.To.Address);
                break;
            case EffectKind.Arm:
                _table.Timers.Start(this, effect.Timer, effect.After);
                break;
            case EffectKind.Destroy:
                End();
                break;
        }
    }

    private void Send()
    {
        if (_latest is not { } response) return;
        if (_table.Send(Route, response) != SipSendOutcome.Sent) Post(new ServerInput(ServerInputKind.TransportError));
    }

    private void End()
    {
        _exchange?.OnEnded();
        _exchange = null;
        _latest = null;
        IsEnded = true;
        _table.Remove(this);
        if (IsSpare) _table.Spare.Trim();
    }
}
