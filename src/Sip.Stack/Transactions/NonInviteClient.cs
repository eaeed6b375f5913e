namespace Sip.Stack.Transactions;

/// <summary>A non-INVITE client transaction alive.</summary>
internal sealed class NonInviteClient(ClientTransactionTable table, ClientCall call) : ClientTransaction(table, call)
{
    private NonInviteClientState _state;

    internal override string Kind => "non_invite_client";

    protected override EffectList Advance(in ClientInput input)
    {
        if (ToMachine(input) is not { } machineInput) return default;
        var step = input.Kind == ClientInputKind.Start
            ? NonInviteClientTransaction.Start(IsReliable, Times)
            : NonInviteClientTransaction.Next(_state, machineInput, Times);
        _state = step.State;
        return step.Effects;
    }

    private static NonInviteClientInput? ToMachine(in ClientInput input) => input.Kind switch
    {
        ClientInputKind.Response => input.Response!.StatusCode < 200
            ? NonInviteClientInput.Provisional
            : NonInviteClientInput.Final,
        ClientInputKind.TransportError or ClientInputKind.Start => NonInviteClientInput.TransportError,
        _ => input.Timer switch
        {
            TransactionTimer.E => NonInviteClientInput.TimerE,
            TransactionTimer.F => NonInviteClientInput.TimerF,
            TransactionTimer.K => NonInviteClientInput.TimerK,
            _ => null,
        },
    };
}
