namespace Conference.Protocol;

/// <summary>What a member may do. Checked by the server, never by a client (R8).</summary>
[Flags]
public enum Rights
{
    /// <summary>May see everything and request a right.</summary>
    None = 0,

    /// <summary>May share documents and pages.</summary>
    Share = 1,

    /// <summary>May draw, and change or remove marks of their own.</summary>
    Draw = 2,

    /// <summary>May turn to another page or document.</summary>
    Turn = 4,

    /// <summary>May change and remove marks of others, and clear a page.</summary>
    EditOthers = 8,

    /// <summary>May invite, remove, grant, revoke, save and end.</summary>
    Manage = 16,

    /// <summary>Everything.</summary>
    All = Share | Draw | Turn | EditOthers | Manage,
}

/// <summary>What a member is. The role gives the rights unless rights are granted or revoked one by one.</summary>
public enum Role
{
    /// <summary>Sees. No rights.</summary>
    Observer,

    /// <summary>Has the conference's default rights for newcomers.</summary>
    Participant,

    /// <summary>Shares, draws and turns.</summary>
    Presenter,

    /// <summary>Has every right. A conference has at least one.</summary>
    Chair,
}
