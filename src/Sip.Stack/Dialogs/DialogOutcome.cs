using System.Diagnostics;

namespace Sip.Stack.Dialogs;

/// <summary>How a request fared at its dialog. Closed; described by <see cref="DialogOutcomes.Describe"/>.</summary>
public enum DialogOutcome
{
    /// <summary>In order; the dialog has moved on.</summary>
    Accepted,

    /// <summary>A CSeq at or below the last one.</summary>
    OutOfOrder,

    /// <summary>No CSeq or no Contact where one is needed, so no dialog can come of it.</summary>
    Incomplete,

    /// <summary>As many dialogs as may be.</summary>
    TooManyDialogs,
}

/// <summary>The answers to each <see cref="DialogOutcome"/>.</summary>
public static class DialogOutcomes
{
    /// <summary>Status (0 for none), reason phrase and metric label.</summary>
    public static (int Status, string Reason, string Label) Describe(DialogOutcome outcome) => outcome switch
    {
        DialogOutcome.Accepted => (0, "OK", "accepted"),
        DialogOutcome.OutOfOrder => (500, "CSeq Out Of Order", "out_of_order"), // RFC 3261 12.2.2
        DialogOutcome.Incomplete => (400, "Missing Contact", "incomplete"),
        DialogOutcome.TooManyDialogs => (503, "Too Many Dialogs", "too_many_dialogs"),
        _ => throw new UnreachableException($"No answer for {outcome}"),
    };
}
