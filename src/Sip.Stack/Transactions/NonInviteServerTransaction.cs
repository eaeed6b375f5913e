namespace Sip.Stack.Transactions;

/// <summary>States of RFC 3261 figure 8.</summary>
public enum NonInviteServerPhase : byte
{
    /// <summary>Nothing answered.</summary>
    Trying,

    /// <summary>100 was sent.</summary>
    Proceeding,

    /// <summary>A final response was sent; request resends get it again.</summary>
    Completed,

    /// <summary>Over.</summary>
    Terminated,
}

/// <summary>What can happen to a non-INVITE server transaction.</summary>
public enum NonInviteServerInput : byte
{
    /// <summary>The same request again.</summary>
    Resend,

    /// <summary>The user wants to send 100.</summary>
    RespondTrying,

    /// <summary>The user wants to send 101 to 199.</summary>
    RespondProvisional,

    /// <summary>The user wants to send a final response other than 408.</summary>
    RespondFinal,

    /// <summary>The user wants to send 408.</summary>
    RespondTimeout,

    /// <summary>100 became due.</summary>
    TimerTrying,

    /// <summary>The client has given up.</summary>
    TimerExpiry,

    /// <summary>Timer J fired.</summary>
    TimerJ,

    /// <summary>The response could not be sent.</summary>
    TransportError,
}

/// <summary>The whole state of one non-INVITE server transaction.</summary>
/// <param name="Phase">Where it is in figure 8.</param>
/// <param name="IsReliable">Whether the transport resends by itself.</param>
public readonly record struct NonInviteServerState(NonInviteServerPhase Phase, bool IsReliable);

/// <summary>The non-INVITE server transaction (RFC 3261 17.2.2 as changed by RFC 4320) as a pure step.</summary>
public static class NonInviteServerTransaction
{
    /// <summary>The first step. The request itself is handed up by whoever made the transaction.</summary>
    public static Step<NonInviteServerState> Start(bool isReliable, SipTimes times) =>
        To(new NonInviteServerState(NonInviteServerPhase.Trying, isReliable))
            .Arm(TransactionTimer.Trying, TryingAfter(times))
            .Arm(TransactionTimer.Expiry, times.GiveUp);

    /// <summary>
    /// When 100 becomes due: the time until a client's timer E has grown to T2, 3.5 s with the default times
    /// (RFC 4320 4.1: not earlier over UDP, and then at the latest on every transport).
    /// </summary>
    public static TimeSpan TryingAfter(SipTimes times)
    {
        var after = TimeSpan.Zero;
        for (var interval = times.T1; interval < times.T2; interval *= 2) after += interval;
        return after;
    }

    /// <summary>Advances one transaction by one input. Pure: no clock, socket or lock.</summary>
    /// <returns>
    /// The state after the input and its effects; an input that the state does not list changes nothing.
    /// </returns>
    public static Step<NonInviteServerState> Next(
        NonInviteServerState state, NonInviteServerInput input, SipTimes times) => state.Phase switch
        {
            NonInviteServerPhase.Trying => Trying(state, input, times),
            NonInviteServerPhase.Proceeding => Proceeding(state, input, times),
            NonInviteServerPhase.Completed => Completed(state, input),
            _ => To(state),
        };

    private static Step<NonInviteServerState> Trying(
        NonInviteServerState state, NonInviteServerInput input, SipTimes times) => input switch
        {
            // RFC 4320 4.1: over UDP a 100 before its time is dropped, timer Trying sends it; elsewhere it may go at
            // once.
            NonInviteServerInput.RespondTrying when state.IsReliable =>
                To(state with { Phase = NonInviteServerPhase.Proceeding }).Then(EffectKind.SendResponse),
            NonInviteServerInput.TimerTrying =>
                To(state with { Phase = NonInviteServerPhase.Proceeding }).Then(EffectKind.SendTrying),

            // 17.2.2: in Trying a resend is discarded, there is nothing to repeat; an error has nothing to fail.
            NonInviteServerInput.Resend or NonInviteServerInput.TransportError => To(state),
            _ => Unanswered(state, input, times),
        };

    private static Step<NonInviteServerState> Proceeding(
        NonInviteServerState state, NonInviteServerInput input, SipTimes times) => input switch
        {
            NonInviteServerInput.Resend => To(state).Then(EffectKind.SendResponse),
            NonInviteServerInput.RespondTrying => To(state).Then(EffectKind.SendResponse),
            NonInviteServerInput.TransportError => Failed(state),
            _ => Unanswered(state, input, times),
        };

    private static Step<NonInviteServerState> Unanswered(
        NonInviteServerState state, NonInviteServerInput input, SipTimes times) => input switch
        {
            // 17.2.2: J is 64*T1 on unreliable transports, 0 (so the end) on others.
            NonInviteServerInput.RespondFinal when state.IsReliable =>
                To(state with { Phase = NonInviteServerPhase.Terminated })
                    .Then(EffectKind.SendResponse).Then(EffectKind.Destroy),
            NonInviteServerInput.RespondFinal => To(state with { Phase = NonInviteServerPhase.Completed })
                .Then(EffectKind.SendResponse).Arm(TransactionTimer.J, times.GiveUp),

            // RFC 4320 4.2: past the client's timer F every answer is late, so none is sent.
            NonInviteServerInput.TimerExpiry => To(state with { Phase = NonInviteServerPhase.Terminated })
                .Then(EffectKind.ReportTimeout).Then(EffectKind.Destroy),

            // RFC 4320 4.1 forbids 101 to 199, 4.2 forbids 408: dropped.
            _ => To(state),
        };

    private static Step<NonInviteServerState> Completed(NonInviteServerState state, NonInviteServerInput input) =>
        input switch
        {
            NonInviteServerInput.Resend => To(state).Then(EffectKind.SendResponse),
            NonInviteServerInput.TimerJ =>
                To(state with { Phase = NonInviteServerPhase.Terminated }).Then(EffectKind.Destroy),
            NonInviteServerInput.TransportError => Failed(state),

            // 17.2.2: a second final response is discarded.
            _ => To(state),
        };

    private static Step<NonInviteServerState> Failed(NonInviteServerState state) =>
        To(state with { Phase = NonInviteServerPhase.Terminated })
            .Then(EffectKind.ReportTransportFailure).Then(EffectKind.Destroy);

    private static Step<NonInviteServerState> To(NonInviteServerState state) => new(state);
}
