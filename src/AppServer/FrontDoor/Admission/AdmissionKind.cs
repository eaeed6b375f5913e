using System.Diagnostics;

namespace AppServer.FrontDoor.Admission;

/// <summary>What a request is to the admission. Closed: every one has a label and a test.</summary>
public enum AdmissionKind
{
    /// <summary>Drawing, chat and pointers in a conference that was used lately: what comes in masses; and whatever is
    /// not certain to be the next.</summary>
    Drawing,

    /// <summary>What steers such a conference: who joins, turns, shares, gives rights or ends it.</summary>
    Steering,

    /// <summary>The rest: create, conferences not seen here lately, REGISTER of clients, unknown methods.</summary>
    Newcomer,

    /// <summary>Not refused, however long others wait: what ends work, and what an S-CSCF would take amiss.</summary>
    Exempt,
}

/// <summary>Names of the kinds.</summary>
internal static class AdmissionKinds
{
    /// <summary>Metric label.</summary>
    internal static string Label(AdmissionKind kind) => kind switch
    {
        AdmissionKind.Drawing => "drawing",
        AdmissionKind.Steering => "steering",
        AdmissionKind.Newcomer => "newcomer",
        AdmissionKind.Exempt => "exempt",
        _ => throw new UnreachableException($"No label for {kind}"),
    };
}
