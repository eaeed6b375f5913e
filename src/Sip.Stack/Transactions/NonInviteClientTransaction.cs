namespace Sip.Stack.Transactions;

/// <summary>States of RFC 3261 figure 6.</summary>
public enum NonInviteClientPhase : byte
{
    /// <summary>Sent, nothing heard.</summary>
    Trying,

    /// <summary>A provisional response came.</summary>
    Proceeding,

    /// <summary>A final response came; its resends are absorbed.</summary>
    Completed,

    /// <summary>Over.</summary>
    Terminated,
}

/// <summary>What can happen to a non-INVITE client transaction.</summary>
public enum NonInviteClientInput : byte
{
    /// <summary>1xx.</summary>
    Provisional,

    /// <summary>200 to 699.</summary>
    Final,

    /// <summary>Timer E fired.</summary>
    TimerE,

    /// <summary>Timer F fired.</summary>
    TimerF,

    /// <summary>Timer K fired.</summary>
    TimerK,

    /// <summary>The request could not be sent, or its stream closed.</summary>
    TransportError,
}

/// <summary>The whole state of one non-INVITE client transaction.</summary>
/// <param name="Phase">Where it is in figure 6.</param>
/// <param name="IsReliable">Whether the transport resends by itself.</param>
/// <param name="ResendAfter">The running value of timer E.</param>
public readonly record struct NonInviteClientState(NonInviteClientPhase Phase, bool IsReliable, TimeSpan ResendAfter);

/// <summary>The non-INVITE client transaction (RFC 3261 17.1.2) as a pure step.</summary>
public static class NonInviteClientTransaction
{
    /// <summary>
    /// The first step: the request leaves, timer F runs, and E on an unreliable transport (17.1.2.2).
    /// </summary>
    public static Step<NonInviteClientState> Start(bool isReliable, SipTimes times)
    {
        var step = To(new NonInviteClientState(NonInviteClientPhase.Trying, isReliable, times.T1))
            .Then(EffectKind.SendRequest)
            .Arm(TransactionTimer.F, times.GiveUp);
        return isReliable ? step : step.Arm(TransactionTimer.E, times.T1);
    }

    /// <summary>Advances one transaction by one input. Pure: no clock, socket or lock.</summary>
    /// <param name="state">State before the input.</param>
    /// <param name="input">A response, a fired timer, or a transport failure.</param>
    /// <param name="times">T1, T2, T4.</param>
    /// <returns>
    /// The state after the input and its effects. An input that the state does not list (timer E in Completed) gives
    /// the same state and no effects: it is late, not wrong.
    /// </returns>
    /// <remarks>
    /// RFC 3261 17.1.2.2, figure 6. Timer E doubles from T1 and stops at T2; in Proceeding it is always T2. A time-out
    /// is reported as such and never made into a 408 response (RFC 4320 4.2).
    /// </remarks>
    public static Step<NonInviteClientState> Next(
        NonInviteClientState state, NonInviteClientInput input, SipTimes times) => state.Phase switch
        {
            NonInviteClientPhase.Trying or NonInviteClientPhase.Proceeding => InFlight(state, input, times),

            // 17.1.2.2: timer K ends Completed; response resends, late timers and errors are absorbed there.
            NonInviteClientPhase.Completed when input == NonInviteClientInput.TimerK => Ended(state),
            _ => To(state),
        };

    private static Step<NonInviteClientState> InFlight(
        NonInviteClientState state, NonInviteClientInput input, SipTimes times)
    {
        switch (input)
        {
            // 17.1.2.2: every 1xx goes to the user; Trying becomes Proceeding. Timer E runs on as it was set.
            case NonInviteClientInput.Provisional:
                return To(state with { Phase = NonInviteClientPhase.Proceeding }).Then(EffectKind.PassResponse);

            // 17.1.2.2: a final response goes up; K is T4 on unreliable transports, 0 (so the end) on others.
            case NonInviteClientInput.Final when state.IsReliable:
                return To(state with { Phase = NonInviteClientPhase.Terminated })
                    .Then(EffectKind.PassResponse).Then(EffectKind.Destroy);
            case NonInviteClientInput.Final:
                return To(state with { Phase = NonInviteClientPhase.Completed })
                    .Then(EffectKind.PassResponse).Arm(TransactionTimer.K, times.T4);

            // 17.1.2.2: E is never set on a reliable transport.
            case NonInviteClientInput.TimerE when !state.IsReliable:
                var next = state.Phase == NonInviteClientPhase.Proceeding
                    ? times.T2
                    : TimeSpan.FromTicks(Math.Min(state.ResendAfter.Ticks * 2, times.T2.Ticks));
                return To(state with { ResendAfter = next })
                    .Then(EffectKind.SendRequest).Arm(TransactionTimer.E, next);

            case NonInviteClientInput.TimerF:
                return To(state with { Phase = NonInviteClientPhase.Terminated })
                    .Then(EffectKind.ReportTimeout).Then(EffectKind.Destroy);

            // 17.1.4: the user is told, and the transaction ends without waiting.
            case NonInviteClientInput.TransportError:
                return To(state with { Phase = NonInviteClientPhase.Terminated })
                    .Then(EffectKind.ReportTransportFailure).Then(EffectKind.Destroy);
            default:
                return To(state);
        }
    }

    private static Step<NonInviteClientState> Ended(NonInviteClientState state) =>
        To(state with { Phase = NonInviteClientPhase.Terminated }).Then(EffectKind.Destroy);

    private static Step<NonInviteClientState> To(NonInviteClientState state) => new(state);
}
