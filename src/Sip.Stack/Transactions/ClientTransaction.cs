using Sip.Stack.Messages;
using Sip.Stack.Transport;

namespace Sip.Stack.Transactions;

/// <summary>What is posted to a client transaction.</summary>
internal readonly record struct ClientInput(
    ClientInputKind Kind, TransactionTimer Timer = TransactionTimer.None, SipResponse? Response = null);

/// <summary>The kinds of <see cref="ClientInput"/>.</summary>
internal enum ClientInputKind : byte
{
    Start,
    Response,
    Timer,
    TransportError,
    Abandon,
}

/// <summary>What identifies a client transaction (RFC 3261 17.1.3).</summary>
internal readonly record struct ClientKey(string Branch, string Method);

/// <summary>What a client transaction is about.</summary>
/// <param name="Key">Branch and method.</param>
/// <param name="Head">Start line and header fields of the request, or all of it.</param>
/// <param name="Body">The rest of the request; sent from where it lies.</param>
/// <param name="Ack">For INVITE: what its ACK is made from.</param>
/// <param name="Method">For metrics.</param>
/// <param name="Destination">Where to.</param>
/// <param name="OnProvisional">Sees 1xx; may be null.</param>
internal sealed record ClientCall(
    ClientKey Key,
    ReadOnlyMemory<byte> Head,
    ReadOnlyMemory<byte> Body,
    AckOfRefusal? Ack,
    SipMethod Method,
    SipDestination Destination,
    Action<SipResponse>? OnProvisional);

/// <summary>One client transaction alive: performs the effects of its machine.</summary>
internal abstract class ClientTransaction : SerialInbox<ClientInput>, ITimerOwner
{
    private readonly ClientTransactionTable _table;
    private readonly TaskCompletionSource<SipClientResult> _result =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ClientCall? _call; // let go at the end: a timer may hold the transaction longer
    private volatile SipConnection? _connection;

    protected ClientTransaction(ClientTransactionTable table, ClientCall call)
    {
        _table = table;
        _call = call;
        Key = call.Key;
        IsReliable = call.Destination.Transport.IsReliable();
    }

    internal ClientKey Key { get; }

    internal abstract string Kind { get; }

    /// <summary>The end of the transaction as its user sees it.</summary>
    internal Task<SipClientResult> Result => _result.Task;

    /// <summary>The stream that the request went by; its end is a transport error.</summary>
    internal SipConnection? Connection => _connection;

    protected bool IsReliable { get; }

    protected SipTimes Times => _table.Times;

    public void OnTimer(TransactionTimer timer) => Post(new ClientInput(ClientInputKind.Timer, timer));

    internal static ClientTransaction Create(ClientTransactionTable table, ClientCall call) =>
        call.Method == SipMethod.Invite ? new InviteClient(table, call) : new NonInviteClient(table, call);

    internal void Start() => Post(new ClientInput(ClientInputKind.Start));

    internal void OnResponse(SipResponse response) =>
        Post(new ClientInput(ClientInputKind.Response, Response: response));

    internal void OnTransportError() => Post(new ClientInput(ClientInputKind.TransportError));

    /// <summary>Its user no longer waits.</summary>
    internal void Abandon() => Post(new ClientInput(ClientInputKind.Abandon));

    protected abstract EffectList Advance(in ClientInput input);

    protected override void Perform(in ClientInput input)
    {
        if (input.Kind == ClientInputKind.Abandon)
        {
            End(SipClientFailure.Cancelled);
            return;
        }

        var effects = Advance(input);
        if (input.Kind == ClientInputKind.Response && effects.Count == 0)
            SipMetrics.Absorbed.WithLabels("response").Inc();
        for (var i = 0; i < effects.Count; i++) Perform(effects[i], input);
    }

    protected override void OnFault(Exception error)
    {
        SipMetrics.LoopFaults.WithLabels("client_transaction").Inc();
        TransactionLog.TransactionFault(_table.Log, error, Kind);
        End(SipClientFailure.Transport);
    }

    private void Perform(TransactionEffect effect, in ClientInput input)
    {
        switch (effect.Kind)
        {
            case EffectKind.SendRequest when _call is { } call:
                SipMetrics.CountRequestOut(call.Destination.Transport, call.Method);
                Send(call.Head, call.Body);
                break;
            case EffectKind.SendAck when _call?.Ack is { } ack:
                Send(ack.Build(input.Response!), default);
                break;
            case EffectKind.PassResponse:
                Pass(input.Response!);
                break;
            case EffectKind.ReportTimeout:
                Fail(SipClientFailure.Timeout, "timeout");
                break;
            case EffectKind.ReportTransportFailure:
                Fail(SipClientFailure.Transport, "transport");
                break;
            case EffectKind.Arm:
                _table.Timers.Start(this, effect.Timer, effect.After);
                break;
            case EffectKind.Destroy:
                End(SipClientFailure.Transport);
                break;
        }
    }

    private void Send(ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> body)
    {
        var destination = _call!.Destination;
        if (_connection is { } connection) destination = destination with { Connection = connection };
        var outcome = _table.Wire.Send(destination, null, head, body, out var used);
        _connection = used;

        // A stream that ended before it was noted here is not found by OnConnectionClosed any more.
        if (outcome != SipSendOutcome.Sent || used is { IsUsable: false }) OnTransportError();
    }

    private void Pass(SipResponse response)
    {
        if (response.StatusCode < 200) _call?.OnProvisional?.Invoke(response);
        else _result.TrySetResult(new SipClientResult(response, SipClientFailure.None));
    }

    private void Fail(SipClientFailure failure, string reason)
    {
        SipMetrics.TransactionEnds.WithLabels(Kind, reason).Inc();
        _result.TrySetResult(new SipClientResult(null, failure) { LinkEnd = _connection?.EndReason });
    }

    private void End(SipClientFailure failure)
    {
        _call = null;
        _connection = null;
        _table.Remove(this);
        _result.TrySetResult(new SipClientResult(null, failure));
    }
}
