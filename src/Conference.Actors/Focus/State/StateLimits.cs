namespace Conference.Actors.Focus;

/// <summary>How much a state remembers for its authors. Set when a conference is opened.</summary>
/// <param name="UndoDepthMax">Operations that one author can take back. 50: more than anybody counts; each costs a
/// reference to the marks that it changed.</param>
/// <param name="RememberedRequestsMax">Requests remembered per author. 256: more than one author can have unanswered
/// (a SIP client gives up after 32 s); older ids are caught by the store.</param>
/// <param name="RememberedLeaversMax">Authors remembered that are no members any more; longest silent forgotten first.
/// </param>
public sealed record StateLimits(
    int UndoDepthMax = 50, int RememberedRequestsMax = 256, int RememberedLeaversMax = 1_000)
{
    /// <summary>The defaults.</summary>
    public static StateLimits Default { get; } = new();
}
