using Conference.Protocol;

namespace Conference.Actors.Fanout;

/// <summary>The recipients of one conference, found by participant. Guarded by the conference's gate.</summary>
/// <remarks>An array in the order of the participants: 8 bytes for each, where a hash table beside the array took 58.
/// Whoever comes or goes waits in a table of changes until the array is asked for, so that a thousand who join one by
/// one cost one new array for each round of the fan-out, not one each.</remarks>
internal sealed class RecipientTable
{
    private static readonly Comparer<Recipient> ByParticipant =
        Comparer<Recipient>.Create((one, other) => Compare(one.Participant, other.Participant));

    private Recipient[] _sorted = []; // Never changed: whoever was given it goes on reading it.
    private Dictionary<ParticipantUri, Recipient?>? _changes; // Since the array was made; null for who left.

    /// <summary>How many there were when the array was asked for last.</summary>
    internal int Count => _sorted.Length;

    internal Recipient? Find(ParticipantUri participant)
    {
        if (_changes is { } changes && changes.TryGetValue(participant, out var changed)) return changed;
        var (from, to) = (0, _sorted.Length - 1);
        while (from <= to)
        {
            var middle = (from + to) >>> 1;
            var order = Compare(_sorted[middle].Participant, participant);
            if (order == 0) return _sorted[middle];
            if (order < 0) from = middle + 1;
            else to = middle - 1;
        }

        return null;
    }

    /// <summary>Adds one that is not there.</summary>
    internal void Add(Recipient recipient) => (_changes ??= [])[recipient.Participant] = recipient;

    /// <summary>Takes one out; null when it is not there.</summary>
    internal Recipient? Remove(ParticipantUri participant)
    {
        var found = Find(participant);
        if (found is not null) (_changes ??= [])[participant] = null;
        return found;
    }

    /// <summary>All of them, in an array that stays as it is.</summary>
    internal Recipient[] All()
    {
        if (_changes is not { } changes) return _sorted;
        _changes = null;
        List<Recipient> come = [.. changes.Values.OfType<Recipient>()];
        come.Sort(ByParticipant);
        return _sorted = Merge(changes, come);
    }

    // Who is new into who was there: nothing that is in order already is sorted again, since the gate is held.
    private Recipient[] Merge(Dictionary<ParticipantUri, Recipient?> changes, List<Recipient> come)
    {
        var all = new List<Recipient>(_sorted.Length + come.Count);
        var next = 0;
        foreach (var known in _sorted)
        {
            for (; next < come.Count && ByParticipant.Compare(come[next], known) < 0; next++) all.Add(come[next]);
            if (!changes.ContainsKey(known.Participant)) all.Add(known);
        }

        all.AddRange(come[next..]);
        return [.. all];
    }

    private static int Compare(ParticipantUri one, ParticipantUri other) =>
        string.CompareOrdinal(one.Value, other.Value);
}
