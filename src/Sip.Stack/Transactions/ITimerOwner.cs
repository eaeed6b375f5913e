namespace Sip.Stack.Transactions;

/// <summary>A transaction that has timers.</summary>
internal interface ITimerOwner
{
    /// <summary>A timer fired. Contains its own exceptions.</summary>
    void OnTimer(TransactionTimer timer);
}
