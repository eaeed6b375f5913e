namespace Sip.Stack.Messages;

/// <summary>What a fault means to the sender and to the operator.</summary>
/// <param name="Status">SIP status of the answer to a request; 0 when there is no answer.</param>
/// <param name="ReasonPhrase">What is wrong, for the status line.</param>
/// <param name="Label">Metric label, lower case with underscores.</param>
public readonly record struct SipRefusal(int Status, string ReasonPhrase, string Label)
{
    /// <summary>True when the message is dropped without an answer.</summary>
    public bool IsDrop => Status == 0;
}
