using System.Collections.Immutable;
using Conference.Protocol;
using Conference.Protocol.Notifications;

namespace Conference.Actors.Focus;

/// <summary>Everything a conference is after a revision. Immutable (INV-3): a change gives another state.</summary>
public sealed partial record ConferenceState
{
    /// <summary>Which conference.</summary>
    public required ConferenceUri Uri { get; init; }

    /// <summary>The last revision in it; 0 before it is created.</summary>
    public required long Revision { get; init; }

    /// <summary>All members by identity.</summary>
    public ImmutableDictionary<ParticipantUri, RosterEntry> Roster { get; init; } =
        ImmutableDictionary<ParticipantUri, RosterEntry>.Empty;
}
