using System.Runtime.CompilerServices;

namespace Sip.Stack.Transactions;

/// <summary>What the performer of a step has to do.</summary>
public enum EffectKind : byte
{
    /// <summary>Send (or resend) the request of a client transaction.</summary>
    SendRequest,

    /// <summary>Send the ACK of a refused INVITE (RFC 3261 17.1.1.3).</summary>
    SendAck,

    /// <summary>Hand the response of this input to the transaction user.</summary>
    PassResponse,

    /// <summary>Hand the ACK of this input to the transaction user.</summary>
    PassAck,

    /// <summary>Send (or resend) the latest response of a server transaction.</summary>
    SendResponse,

    /// <summary>Make a 100 (Trying), keep it as the latest response and send it.</summary>
    SendTrying,

    /// <summary>Tell the transaction user that a timer gave up.</summary>
    ReportTimeout,

    /// <summary>Tell the transaction user that the transport failed.</summary>
    ReportTransportFailure,

    /// <summary>
    /// Start a timer. A timer that the state no longer lists is ignored when it fires, never stopped.
    /// </summary>
    Arm,

    /// <summary>The transaction is over: forget it.</summary>
    Destroy,
}

/// <summary>One effect of a step.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Timer">For <see cref="EffectKind.Arm"/>: which timer.</param>
/// <param name="After">For <see cref="EffectKind.Arm"/>: how long from now.</param>
public readonly record struct TransactionEffect(
    EffectKind Kind, TransactionTimer Timer = TransactionTimer.None, TimeSpan After = default);

/// <summary>Up to four effects in order, without an allocation.</summary>
public struct EffectList
{
    private Slots _slots;

    /// <summary>How many there are, 0 to 4.</summary>
    public int Count { get; private set; }

    /// <summary>The effect at a place below <see cref="Count"/>.</summary>
    public readonly TransactionEffect this[int index] => _slots[index];

    internal void Add(TransactionEffect effect) => _slots[Count++] = effect;

    [InlineArray(4)]
    private struct Slots
    {
        private TransactionEffect _first;
    }
}

/// <summary>The state after an input, and the effects to perform in order.</summary>
/// <typeparam name="TState">The state record of one of the four machines.</typeparam>
public struct Step<TState>
    where TState : struct
{
    private EffectList _effects;

    internal Step(TState state) => State = state;

    /// <summary>The state after the input.</summary>
    public TState State { get; }

    /// <summary>What to do, in order.</summary>
    public readonly EffectList Effects => _effects;

    internal Step<TState> Then(EffectKind kind)
    {
        _effects.Add(new TransactionEffect(kind));
        return this;
    }

    internal Step<TState> Arm(TransactionTimer timer, TimeSpan after)
    {
        _effects.Add(new TransactionEffect(EffectKind.Arm, timer, after));
        return this;
    }
}
