using Conference.Protocol;

namespace Conference.Actors.Fanout;

/// <summary>Remembers who has something waiting in conferences that were put to sleep.</summary>
/// <remarks>Bounded: beyond it a participant gets what is waiting with the conference's next event, or when it joins.
/// All that a sleeping conference costs is in here, one entry for each absent member, so entries are small.</remarks>
internal sealed class WaitingIndex(int countMax)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ParticipantUri, Conferences> _waiting = [];

    internal void Add(ParticipantUri participant, ConferenceUri conference)
    {
        lock (_lock)
        {
            if (!_waiting.TryGetValue(participant, out var known))
            {
                if (_waiting.Count >= countMax) FanoutMetrics.WaitingOverflow.Inc();
                else _waiting[participant] = new Conferences(conference, Others: null);
            }
            else if (known.First != conference)
            {
                if (known.Others is { } others) others.Add(conference);
                else _waiting[participant] = known with { Others = [conference] };
            }
        }
    }

    internal IReadOnlyCollection<ConferenceUri> Take(ParticipantUri participant)
    {
        lock (_lock)
        {
            if (!_waiting.Remove(participant, out var known)) return [];
            return known.Others is null ? [known.First] : [known.First, .. known.Others];
        }
    }

    // Most wait in one conference: only the others need a set.
    private readonly record struct Conferences(ConferenceUri First, HashSet<ConferenceUri>? Others);
}
