using Sip.Stack.Messages;

namespace Sip.Stack.Transactions;

/// <summary>A non-INVITE server transaction alive.</summary>
internal sealed class NonInviteServer(
    ServerTransactionTable table, TransactionKey key, MergeKey? mergeKey, ResponseRoute route, SipRequest request)
    : ServerTransaction(table, key, mergeKey, route, request)
{
    private NonInviteServerState _state;

    internal override string Kind => "non_invite_server";

    protected override EffectList Advance(in ServerInput input)
    {
        if (ToMachine(input) is not { } machineInput) return default;
        var step = input.Kind == ServerInputKind.Start
            ? NonInviteServerTransaction.Start(IsReliable, Times)
            : NonInviteServerTransaction.Next(_state, machineInput, Times);
        _state = step.State;
        return step.Effects;
    }

    private static NonInviteServerInput? ToMachine(in ServerInput input) => input.Kind switch
    {
        ServerInputKind.Start or ServerInputKind.Resend => NonInviteServerInput.Resend,
        ServerInputKind.TransportError => NonInviteServerInput.TransportError,
        ServerInputKind.Respond => input.Status switch
        {
            100 => NonInviteServerInput.RespondTrying,
            < 200 => NonInviteServerInput.RespondProvisional,
            408 => NonInviteServerInput.RespondTimeout,
            _ => NonInviteServerInput.RespondFinal,
        },
        ServerInputKind.Timer => input.Timer switch
        {
            TransactionTimer.Trying => NonInviteServerInput.TimerTrying,
            TransactionTimer.Expiry => NonInviteServerInput.TimerExpiry,
            TransactionTimer.J => NonInviteServerInput.TimerJ,
            _ => null,
        },
        _ => null,
    };
}
