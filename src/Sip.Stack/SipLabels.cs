using Sip.Stack.Messages;

namespace Sip.Stack;

/// <summary>Bounded metric labels.</summary>
internal static class SipLabels
{
    /// <summary>
    /// The method when it is a known one, else "other": a sender must not be able to make new labels.
    /// </summary>
    internal static string Of(SipMethod method) => method == SipMethod.Unknown ? "other" : SipMethods.Text(method);
}
