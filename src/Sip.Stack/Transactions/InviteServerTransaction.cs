namespace Sip.Stack.Transactions;

/// <summary>States of RFC 3261 figure 7 with Accepted of RFC 6026 7.1.</summary>
public enum InviteServerPhase : byte
{
    /// <summary>No final response yet.</summary>
    Proceeding,

    /// <summary>A refusal was sent; waiting for its ACK.</summary>
    Completed,

    /// <summary>The ACK came; its resends are absorbed.</summary>
    Confirmed,

    /// <summary>A 2xx was sent; resends of the INVITE are absorbed (RFC 6026).</summary>
    Accepted,

    /// <summary>Over.</summary>
    Terminated,
}

/// <summary>What can happen to an INVITE server transaction.</summary>
public enum InviteServerInput : byte
{
    /// <summary>The same INVITE again.</summary>
    Resend,

    /// <summary>An ACK that matches this transaction.</summary>
    Ack,

    /// <summary>The user sends 100 to 199.</summary>
    RespondProvisional,

    /// <summary>The user sends 2xx.</summary>
    RespondSuccess,

    /// <summary>The user sends 300 to 699.</summary>
    RespondFailure,

    /// <summary>200 ms passed.</summary>
    TimerTrying,

    /// <summary>Timer G fired.</summary>
    TimerG,

    /// <summary>Timer H fired.</summary>
    TimerH,

    /// <summary>Timer I fired.</summary>
    TimerI,

    /// <summary>Timer L fired.</summary>
    TimerL,

    /// <summary>A response could not be sent.</summary>
    TransportError,
}

/// <summary>The whole state of one INVITE server transaction.</summary>
/// <param name="Phase">Where it is in the figure.</param>
/// <param name="IsReliable">Whether the transport resends by itself.</param>
/// <param name="HasResponded">Whether a provisional response was sent.</param>
/// <param name="ResendAfter">The running value of timer G.</param>
public readonly record struct InviteServerState(
    InviteServerPhase Phase, bool IsReliable, bool HasResponded, TimeSpan ResendAfter);

/// <summary>The INVITE server transaction (RFC 3261 17.2.1, RFC 6026 7.1) as a pure step.</summary>
public static class InviteServerTransaction
{
    /// <summary>100 is due when the user has not answered for this long (RFC 3261 17.2.1).</summary>
    public static readonly TimeSpan TryingAfter = TimeSpan.FromMilliseconds(200);

    /// <summary>The first step. The INVITE itself is handed up by whoever made the transaction.</summary>
    public static Step<InviteServerState> Start(bool isReliable, SipTimes times) =>
        To(new InviteServerState(InviteServerPhase.Proceeding, isReliable, HasResponded: false, times.T1))
            .Arm(TransactionTimer.Trying, TryingAfter);

    /// <summary>Advances one transaction by one input. Pure: no clock, socket or lock.</summary>
    /// <returns>
    /// The state after the input and its effects; an input that the state does not list changes nothing.
    /// </returns>
    public static Step<InviteServerState> Next(InviteServerState state, InviteServerInput input, SipTimes times) =>
        state.Phase switch
        {
            InviteServerPhase.Proceeding => Proceeding(state, input, times),
            InviteServerPhase.Completed => Completed(state, input, times),
            InviteServerPhase.Accepted => Accepted(state, input),

            // 17.2.1: Confirmed absorbs whatever comes until timer I.
            InviteServerPhase.Confirmed when input == InviteServerInput.TimerI => Ended(state),
            _ => To(state),
        };

    private static Step<InviteServerState> Proceeding(InviteServerState state, InviteServerInput input, SipTimes times)
    {
        switch (input)
        {
            // 17.2.1: a resend gets the latest provisional response, if there was one.
            case InviteServerInput.Resend when state.HasResponded:
                return To(state).Then(EffectKind.SendResponse);
            case InviteServerInput.TimerTrying when !state.HasResponded:
                return To(state with { HasResponded = true }).Then(EffectKind.SendTrying);
            case InviteServerInput.RespondProvisional:
                return To(state with { HasResponded = true }).Then(EffectKind.SendResponse);

            // RFC 6026 7.1: Accepted, with timer L on every transport. Resends of the 2xx are the user's.
            case InviteServerInput.RespondSuccess:
                return To(state with { Phase = InviteServerPhase.Accepted })
                    .Then(EffectKind.SendResponse).Arm(TransactionTimer.L, times.GiveUp);

            // 17.2.1: H on every transport, G on unreliable ones.
            case InviteServerInput.RespondFailure:
                var step = To(state with { Phase = InviteServerPhase.Completed })
                    .Then(EffectKind.SendResponse).Arm(TransactionTimer.H, times.GiveUp);
                return state.IsReliable ? step : step.Arm(TransactionTimer.G, times.T1);

            // RFC 6026 figure: the user is told; the state stays, a resend may find a way.
            case InviteServerInput.TransportError:
                return To(state).Then(EffectKind.ReportTransportFailure);
            default:
                return To(state);
        }
    }

    private static Step<InviteServerState> Completed(InviteServerState state, InviteServerInput input, SipTimes times)
    {
        switch (input)
        {
            case InviteServerInput.Resend:
                return To(state).Then(EffectKind.SendResponse);
            case InviteServerInput.TimerG when !state.IsReliable:
                var next = TimeSpan.FromTicks(Math.Min(state.ResendAfter.Ticks * 2, times.T2.Ticks));
                return To(state with { ResendAfter = next })
                    .Then(EffectKind.SendResponse).Arm(TransactionTimer.G, next);

            // 17.2.1: I is T4 on unreliable transports, 0 (so the end) on others.
            case InviteServerInput.Ack when state.IsReliable:
                return Ended(state);
            case InviteServerInput.Ack:
                return To(state with { Phase = InviteServerPhase.Confirmed }).Arm(TransactionTimer.I, times.T4);

            // 17.2.1: the ACK never came.
            case InviteServerInput.TimerH:
                return To(state with { Phase = InviteServerPhase.Terminated })
                    .Then(EffectKind.ReportTimeout).Then(EffectKind.Destroy);
            case InviteServerInput.TransportError:
                return To(state).Then(EffectKind.ReportTransportFailure);
            default:
                return To(state);
        }
    }

    private static Step<InviteServerState> Accepted(InviteServerState state, InviteServerInput input) => input switch
    {
        // RFC 6026 7.1: the user may send its 2xx again; a resent INVITE is absorbed; an ACK goes up.
        InviteServerInput.RespondSuccess => To(state).Then(EffectKind.SendResponse),
        InviteServerInput.Ack => To(state).Then(EffectKind.PassAck),
        InviteServerInput.TimerL => Ended(state),
        InviteServerInput.TransportError => To(state).Then(EffectKind.ReportTransportFailure),
        _ => To(state),
    };

    private static Step<InviteServerState> Ended(InviteServerState state) =>
        To(state with { Phase = InviteServerPhase.Terminated }).Then(EffectKind.Destroy);

    private static Step<InviteServerState> To(InviteServerState state) => new(state);
}
