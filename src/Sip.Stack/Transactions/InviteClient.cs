namespace Sip.Stack.Transactions;

/// <summary>An INVITE client transaction alive.</summary>
internal sealed class InviteClient(ClientTransactionTable table, ClientCall call) : ClientTransaction(table, call)
{
    private InviteClientState _state;

    internal override string Kind => "invite_client";

    protected override EffectList Advance(in ClientInput input)
    {
        if (ToMachine(input) is not { } machineInput) return default;
        var step = input.Kind == ClientInputKind.Start
            ? InviteClientTransaction.Start(IsReliable, Times)
            : InviteClientTransaction.Next(_state, machineInput, Times);
        _state = step.State;
        return step.Effects;
    }

    private static InviteClientInput? ToMachine(in ClientInput input) => input.Kind switch
    {
        ClientInputKind.Response => input.Response!.StatusCode switch
        {
            < 200 => InviteClientInput.Provisional,
            < 300 => InviteClientInput.Success,
            _ => InviteClientInput.Failure,
        },
        ClientInputKind.TransportError or ClientInputKind.Start => InviteClientInput.TransportError,
        _ => input.Timer switch
        {
            TransactionTimer.A => InviteClientInput.TimerA,
            TransactionTimer.B => InviteClientInput.TimerB,
            TransactionTimer.D => InviteClientInput.TimerD,
            TransactionTimer.M => InviteClientInput.TimerM,
            _ => null,
        },
    };
}
