using Conference.Protocol;

namespace Conference.Actors.Fanout;

/// <summary>Finds the parked recipients of a participant, in all conferences of this node.</summary>
internal sealed class ParkedIndex
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ParticipantUri, List<Recipient>> _parked = [];

    internal void Add(Recipient recipient)
    {
        lock (_lock)
        {
            if (!_parked.TryGetValue(recipient.Participant, out var list)) _parked[recipient.Participant] = list = [];
            list.Add(recipient);
        }
    }

    internal void Remove(Recipient recipient)
    {
        lock (_lock)
        {
            if (!_parked.TryGetValue(recipient.Participant, out var list)) return;
            list.Remove(recipient);
            if (list.Count == 0) _parked.Remove(recipient.Participant);
        }
    }

    internal IReadOnlyList<Recipient> Take(ParticipantUri participant)
    {
        lock (_lock) return _parked.Remove(participant, out var list) ? list : [];
    }
}
