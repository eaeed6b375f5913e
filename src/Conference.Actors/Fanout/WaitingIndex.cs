using Conference.Protocol;

namespace Conference.Actors.Fanout;

/// <summary>Remembers who has something waiting in conferences that were put to sleep.</summary>
/// <remarks>Bounded: beyond it a participant gets what is waiting with the conference's next event, or when it joins.
/// </remarks>
internal sealed class WaitingIndex(int countMax)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ParticipantUri, HashSet<ConferenceUri>> _waiting = [];

    internal void Add(ParticipantUri participant, ConferenceUri conference)
    {
        lock (_lock)
        {
            if (!_waiting.TryGetValue(participant, out var conferences))
            {
                if (_waiting.Count >= countMax)
                {
                    FanoutMetrics.WaitingOverflow.Inc();
                    return;
                }

                _waiting[participant] = conferences = [];
            }

            conferences.Add(conference);
        }
    }

    internal IReadOnlyCollection<ConferenceUri> Take(ParticipantUri participant)
    {
        lock (_lock) return _waiting.Remove(participant, out var conferences) ? conferences : [];
    }
}
