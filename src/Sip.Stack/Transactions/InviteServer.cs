using Sip.Stack.Messages;

namespace Sip.Stack.Transactions;

/// <summary>An INVITE server transaction alive.</summary>
internal sealed class InviteServer(
    ServerTransactionTable table, TransactionKey key, MergeKey? mergeKey, ResponseRoute route, SipRequest request)
    : ServerTransaction(table, key, mergeKey, route, request)
{
    private InviteServerState _state;

    internal override string Kind => "invite_server";

    protected override EffectList Advance(in ServerInput input)
    {
        if (input is { Kind: ServerInputKind.Timer, Timer: TransactionTimer.Expiry }) GiveUpOnUser();
        if (ToMachine(input) is not { } machineInput) return default;
        var step = input.Kind == ServerInputKind.Start
            ? InviteServerTransaction.Start(IsReliable, Times)
            : InviteServerTransaction.Next(_state, machineInput, Times);
        _state = step.State;
        return step.Effects;
    }

    private static InviteServerInput? ToMachine(in ServerInput input) => input.Kind switch
    {
        ServerInputKind.Start or ServerInputKind.Resend => InviteServerInput.Resend,
        ServerInputKind.Ack => InviteServerInput.Ack,
        ServerInputKind.TransportError => InviteServerInput.TransportError,
        ServerInputKind.Respond => input.Status switch
        {
            < 200 => InviteServerInput.RespondProvisional,
            < 300 => InviteServerInput.RespondSuccess,
            _ => InviteServerInput.RespondFailure,
        },
        _ => input.Timer switch
        {
            TransactionTimer.Trying => InviteServerInput.TimerTrying,
            TransactionTimer.G => InviteServerInput.TimerG,
            TransactionTimer.H => InviteServerInput.TimerH,
            TransactionTimer.I => InviteServerInput.TimerI,
            TransactionTimer.L => InviteServerInput.TimerL,
            _ => null,
        },
    };
}
