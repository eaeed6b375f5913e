using Conference.Protocol;

namespace Conference.Actors.Fanout;

/// <summary>Finds the recipients of a participant whose last delivery failed (they back off, are parked or tried
/// again), in all conferences of this node.</summary>
internal sealed class FailingIndex
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ParticipantUri, List<Recipient>> _failing = [];

    internal void Add(Recipient recipient)
    {
        lock (_lock)
        {
            if (!_failing.TryGetValue(recipient.Participant, out var list)) _failing[recipient.Participant] = list = [];
            list.Add(recipient);
        }
    }

    internal void Remove(Recipient recipient)
    {
        lock (_lock)
        {
            if (!_failing.TryGetValue(recipient.Participant, out var list)) return;
            list.Remove(recipient);
            if (list.Count == 0) _failing.Remove(recipient.Participant);
        }
    }

    internal IReadOnlyList<Recipient> Take(ParticipantUri participant)
    {
        lock (_lock) return _failing.Remove(participant, out var list) ? list : [];
    }
}
