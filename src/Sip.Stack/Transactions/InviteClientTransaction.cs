namespace Sip.Stack.Transactions;

/// <summary>States of RFC 3261 figure 5 with Accepted of RFC 6026 7.2.</summary>
public enum InviteClientPhase : byte
{
    /// <summary>Sent, nothing heard.</summary>
    Calling,

    /// <summary>A provisional response came.</summary>
    Proceeding,

    /// <summary>A refusal came and was acknowledged; its resends are acknowledged again.</summary>
    Completed,

    /// <summary>A 2xx came; further ones, also of forks, go up (RFC 6026).</summary>
    Accepted,

    /// <summary>Over.</summary>
    Terminated,
}

/// <summary>What can happen to an INVITE client transaction.</summary>
public enum InviteClientInput : byte
{
    /// <summary>1xx.</summary>
    Provisional,

    /// <summary>2xx.</summary>
    Success,

    /// <summary>300 to 699.</summary>
    Failure,

    /// <summary>Timer A fired.</summary>
    TimerA,

    /// <summary>Timer B fired.</summary>
    TimerB,

    /// <summary>Timer D fired.</summary>
    TimerD,

    /// <summary>Timer M fired.</summary>
    TimerM,

    /// <summary>The request or its ACK could not be sent, or its stream closed.</summary>
    TransportError,
}

/// <summary>The whole state of one INVITE client transaction.</summary>
/// <param name="Phase">Where it is in the figure.</param>
/// <param name="IsReliable">Whether the transport resends by itself.</param>
/// <param name="ResendAfter">The running value of timer A.</param>
public readonly record struct InviteClientState(InviteClientPhase Phase, bool IsReliable, TimeSpan ResendAfter);

/// <summary>The INVITE client transaction (RFC 3261 17.1.1, RFC 6026 7.2) as a pure step.</summary>
public static class InviteClientTransaction
{
    /// <summary>Timer D must be at least this on unreliable transports (RFC 3261 17.1.1.2).</summary>
    public static readonly TimeSpan TimerDMin = TimeSpan.FromSeconds(32);

    /// <summary>The first step: the INVITE leaves, timer B runs, and A on an unreliable transport.</summary>
    public static Step<InviteClientState> Start(bool isReliable, SipTimes times)
    {
        var step = To(new InviteClientState(InviteClientPhase.Calling, isReliable, times.T1))
            .Then(EffectKind.SendRequest)
            .Arm(TransactionTimer.B, times.GiveUp);
        return isReliable ? step : step.Arm(TransactionTimer.A, times.T1);
    }

    /// <summary>Advances one transaction by one input. Pure: no clock, socket or lock.</summary>
    /// <returns>
    /// The state after the input and its effects; an input that the state does not list changes nothing.
    /// </returns>
    public static Step<InviteClientState> Next(InviteClientState state, InviteClientInput input, SipTimes times) =>
        state.Phase switch
        {
            InviteClientPhase.Calling => Calling(state, input, times),
            InviteClientPhase.Proceeding => Answered(state, input, times),
            InviteClientPhase.Completed => Completed(state, input),
            InviteClientPhase.Accepted => Accepted(state, input),
            _ => To(state),
        };

    private static Step<InviteClientState> Calling(InviteClientState state, InviteClientInput input, SipTimes times)
    {
        switch (input)
        {
            // 17.1.1.2: A doubles without a cap until B ends it. Proceeding does not resend.
            case InviteClientInput.TimerA when !state.IsReliable:
                var next = state.ResendAfter * 2;
                return To(state with { ResendAfter = next })
                    .Then(EffectKind.SendRequest).Arm(TransactionTimer.A, next);
            case InviteClientInput.TimerB:
                return To(state with { Phase = InviteClientPhase.Terminated })
                    .Then(EffectKind.ReportTimeout).Then(EffectKind.Destroy);

            // 17.1.4
            case InviteClientInput.TransportError:
                return To(state with { Phase = InviteClientPhase.Terminated })
                    .Then(EffectKind.ReportTransportFailure).Then(EffectKind.Destroy);
            default:
                return Answered(state, input, times);
        }
    }

    /// <summary>
    /// The responses in Calling and Proceeding. In Proceeding figure 5 lists neither B nor a transport error: nothing
    /// is being sent, and after a closed stream the response may come over a new one (RFC 3261 18.2.2).
    /// </summary>
    private static Step<InviteClientState> Answered(InviteClientState state, InviteClientInput input, SipTimes times) =>
        input switch
        {
            InviteClientInput.Provisional =>
                To(state with { Phase = InviteClientPhase.Proceeding }).Then(EffectKind.PassResponse),

            // RFC 6026 7.2: Accepted, with timer M on every transport.
            InviteClientInput.Success => To(state with { Phase = InviteClientPhase.Accepted })
                .Then(EffectKind.PassResponse).Arm(TransactionTimer.M, times.GiveUp),

            // 17.1.1.2: D is 0 on reliable transports.
            InviteClientInput.Failure when state.IsReliable => To(state with { Phase = InviteClientPhase.Terminated })
                .Then(EffectKind.SendAck).Then(EffectKind.PassResponse).Then(EffectKind.Destroy),
            InviteClientInput.Failure => To(state with { Phase = InviteClientPhase.Completed })
                .Then(EffectKind.SendAck).Then(EffectKind.PassResponse)
                .Arm(TransactionTimer.D, times.GiveUp > TimerDMin ? times.GiveUp : TimerDMin),
            _ => To(state),
        };

    private static Step<InviteClientState> Completed(InviteClientState state, InviteClientInput input) => input switch
    {
        // 17.1.1.2: a resent refusal means that the ACK was lost; it does not go up again.
        InviteClientInput.Failure => To(state).Then(EffectKind.SendAck),
        InviteClientInput.TimerD => To(state with { Phase = InviteClientPhase.Terminated }).Then(EffectKind.Destroy),

        // Figure 5: the ACK could not be sent.
        InviteClientInput.TransportError => To(state with { Phase = InviteClientPhase.Terminated })
            .Then(EffectKind.ReportTransportFailure).Then(EffectKind.Destroy),
        _ => To(state),
    };

    private static Step<InviteClientState> Accepted(InviteClientState state, InviteClientInput input) => input switch
    {
        // RFC 6026 7.2: each 2xx goes up; the ACK is the user's (RFC 3261 13.2.2.4).
        InviteClientInput.Success => To(state).Then(EffectKind.PassResponse),
        InviteClientInput.TimerM => To(state with { Phase = InviteClientPhase.Terminated }).Then(EffectKind.Destroy),
        _ => To(state),
    };

    private static Step<InviteClientState> To(InviteClientState state) => new(state);
}
