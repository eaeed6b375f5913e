using Conference.Protocol;
using Conference.Protocol.Notifications;

namespace Conference.Actors.Focus;

/// <summary>The members of one conference, in the order of their identities. Immutable.</summary>
/// <remarks>
/// Members lie as values in sorted leaves of at most <see cref="LeafMax"/>: 24 bytes for each, where a balanced tree of
/// entries took 112, and a million members are no objects for the collector to walk over. A change copies one leaf and
/// the list of leaves; a lookup is two binary searches. Leaves are never empty.
/// </remarks>
public sealed class Roster
{
    /// <summary>3 KiB: what one that joins a large conference copies.</summary>
    internal const int LeafMax = 128;

    private static readonly Comparer<Member> ByParticipant =
        Comparer<Member>.Create((one, other) => Compare(one.Participant, other.Participant));

    private readonly Member[][] _leaves;

    private Roster(Member[][] leaves, int count) => (_leaves, Count) = (leaves, count);

    /// <summary>Nobody.</summary>
    public static Roster Empty { get; } = new([], 0);

    /// <summary>How many.</summary>
    public int Count { get; }

    /// <summary>All, in order.</summary>
    public IEnumerable<RosterEntry> Values
    {
        get
        {
            foreach (var leaf in _leaves)
            {
                foreach (var member in leaf) yield return member.ToEntry();
            }
        }
    }

    /// <summary>Their identities, in order.</summary>
    public IEnumerable<ParticipantUri> Keys
    {
        get
        {
            foreach (var leaf in _leaves)
            {
                foreach (var member in leaf) yield return member.Participant;
            }
        }
    }

    /// <summary>A roster of these; of two with one identity the later one.</summary>
    public static Roster Of(IEnumerable<RosterEntry> entries) => Empty.SetItems(entries);

    /// <summary>Whether somebody is a member.</summary>
    public bool ContainsKey(ParticipantUri participant) => TryLocate(participant, out _, out _);

    /// <summary>The member, or null.</summary>
    public RosterEntry? Find(ParticipantUri participant) =>
        TryLocate(participant, out var leaf, out var at) ? _leaves[leaf][at].ToEntry() : null;

    /// <summary>With one more, or one replaced.</summary>
    public Roster SetItem(RosterEntry entry)
    {
        var member = new Member(entry);
        var isThere = TryLocate(entry.Participant, out var leaf, out var at);
        if (_leaves.Length == 0) return new Roster([[member]], 1);
        var before = _leaves[leaf].AsSpan(0, at);
        var after = _leaves[leaf].AsSpan(isThere ? at + 1 : at);
        return new Roster(With(leaf, leaf + 1, [.. before, member, .. after]), isThere ? Count : Count + 1);
    }

    /// <summary>With all of these; of two with one identity the later one.</summary>
    public Roster SetItems(IEnumerable<RosterEntry> entries)
    {
        var changed = entries as IReadOnlyCollection<RosterEntry> ?? [.. entries];
        // Few into many: leaf by leaf. Else all leaves are made anew.
        if (changed.Count <= _leaves.Length / 2) return changed.Aggregate(this, (roster, one) => roster.SetItem(one));
        var newer = new Dictionary<ParticipantUri, Member>(changed.Count);
        foreach (var entry in changed) newer[entry.Participant] = new Member(entry);
        var all = new List<Member>(Count + newer.Count);
        foreach (var leaf in _leaves)
        {
            foreach (var member in leaf)
                all.Add(newer.Remove(member.Participant, out var replaced) ? replaced : member);
        }

        all.AddRange(newer.Values);
        if (newer.Count > 0) all.Sort(ByParticipant);
        return new Roster([.. all.Chunk(LeafMax)], all.Count);
    }

    /// <summary>Without one; the same when it is not there.</summary>
    public Roster Remove(ParticipantUri participant)
    {
        if (!TryLocate(participant, out var leaf, out var at)) return this;
        Member[] left = [.. _leaves[leaf].AsSpan(0, at), .. _leaves[leaf].AsSpan(at + 1)];
        var (from, to) = (leaf, leaf + 1);
        // So that a roster that shrinks does not end with a leaf for each member.
        if (to < _leaves.Length && left.Length + _leaves[to].Length <= LeafMax / 2)
            left = [.. left, .. _leaves[to++]];
        else if (from > 0 && left.Length + _leaves[from - 1].Length <= LeafMax / 2)
            left = [.. _leaves[--from], .. left];
        return new Roster(With(from, to, left), Count - 1);
    }

    // The leaves, those of a range replaced by some members, which are at most one more than a leaf holds.
    private Member[][] With(int from, int to, Member[] members)
    {
        var half = members.Length / 2;
        Member[][] instead = members.Length switch
        {
            0 => [],
            <= LeafMax => [members],
            _ => [members[..half], members[half..]],
        };
        return [.. _leaves.AsSpan(0, from), .. instead, .. _leaves.AsSpan(to)];
    }

    // Where somebody is, or belongs.
    private bool TryLocate(ParticipantUri participant, out int leaf, out int at)
    {
        (leaf, at) = (0, 0);
        if (_leaves.Length == 0) return false;
        var (from, to) = (1, _leaves.Length); // The first leaf that begins behind it is in here.
        while (from < to)
        {
            var middle = (from + to) >>> 1;
            if (Compare(_leaves[middle][0].Participant, participant) <= 0) from = middle + 1;
            else to = middle;
        }

        leaf = from - 1;
        at = Array.BinarySearch(_leaves[leaf], new Member(participant), ByParticipant);
        if (at >= 0) return true;
        at = ~at;
        return false;
    }

    private static int Compare(ParticipantUri one, ParticipantUri other) =>
        string.CompareOrdinal(one.Value, other.Value);

    private readonly struct Member(ParticipantUri participant)
    {
        private readonly string? _displayName;
        private readonly byte _role;
        private readonly byte _rights;
        private readonly bool _wantsOwnEvents;

        internal Member(RosterEntry entry)
            : this(entry.Participant) => (_displayName, _role, _rights, _wantsOwnEvents) =
                (entry.DisplayName, (byte)entry.Role, (byte)entry.Rights, entry.WantsOwnEvents);

        internal ParticipantUri Participant { get; } = participant;

        internal RosterEntry ToEntry() =>
            new(Participant, _displayName, (Role)_role, (Rights)_rights, _wantsOwnEvents);
    }
}
