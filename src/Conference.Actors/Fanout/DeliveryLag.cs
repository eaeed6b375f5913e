namespace Conference.Actors.Fanout;

/// <summary>How far most members of a conference are behind, when one MESSAGE does not carry all that they are to be
/// sent.</summary>
/// <param name="Age">Of the oldest event that is still to be sent, on average; 0 for who has all.</param>
/// <param name="HistoryShare">Events still to be sent, on average, as a share of those kept for who is behind: at 1 it
/// gets a snapshot instead.</param>
public readonly record struct DeliveryLag(TimeSpan Age, double HistoryShare);

/// <summary>Tells a conference that produces more than can be delivered from one whose members are slow: the first
/// fills the MESSAGEs of most members, however fast they answer.</summary>
/// <remarks>Counts bodies as they are taken, as many as there are members at a time. A member that answers slowly takes
/// few of them, one without a backlog gets all there is in one. The conference's gate guards
/// <see cref="NoteFull"/>; the rest may be called by any thread.</remarks>
internal sealed class DeliveryLagMeter(TimeProvider time)
{
    // With few members a round is over at once and says nothing; with very many a thousand speak for all.
    private const int RoundMin = 16;
    private const int RoundMax = 1_000;

    // When most have everything there is nothing full any more that would end a round: it is over by then.
    private static readonly TimeSpan ValidFor = TimeSpan.FromSeconds(1);

    // Only ever grows. Not exact: two that count at once may count one. It costs the hot path next to nothing.
    private int _all;
    private int _allBefore; // When the round began.
    private int _full;
    private TimeSpan _ages;
    private long _left; // Events that the bodies of the round had no room for, when each was taken.
    private long _lastFullAt;
    private Reading? _reading;

    private sealed record Reading(TimeSpan Age, long SentUpTo, int HistoryEvents);

    /// <summary>The lag; null when most members are sent all there is at a time.</summary>
    /// <param name="head">The newest revision. What is accepted counts from then on, not when a round of bodies has
    /// gone by: that takes a second when there is most to send, in which more comes than is kept.</param>
    internal DeliveryLag? Read(long head)
    {
        if (Volatile.Read(ref _reading) is not { } reading) return null;
        if (time.GetElapsedTime(Volatile.Read(ref _lastFullAt)) >= ValidFor) return null;
        return new DeliveryLag(reading.Age, (double)Math.Max(0, head - reading.SentUpTo) / reading.HistoryEvents);
    }

    /// <summary>A body was taken that holds all there is.</summary>
    internal void NoteAll() => _all++;

    /// <summary>A body was taken that has no room for all there is, or a snapshot.</summary>
    /// <param name="members">Of the conference.</param>
    /// <param name="publishedAt">When the first event that it has no room for was published.</param>
    /// <param name="sentUpTo">The revision before that event.</param>
    /// <param name="head">The newest revision.</param>
    /// <param name="historyEvents">How many are kept for who is behind.</param>
    /// <returns>Whether the lag was read anew.</returns>
    internal bool NoteFull(int members, long publishedAt, long sentUpTo, long head, int historyEvents)
    {
        var now = time.GetTimestamp();
        Volatile.Write(ref _lastFullAt, now);
        _full++;
        _ages += time.GetElapsedTime(publishedAt, now);
        _left += head - sentUpTo;
        var all = (long)unchecked((uint)(_all - _allBefore));
        if (_full + all < Math.Clamp(members, RoundMin, RoundMax)) return false;
        var taken = _full + all;
        Volatile.Write(ref _reading, IsBehind(all)
            ? new Reading(_ages / taken, head - (_left / taken), historyEvents)
            : null);
        (_allBefore, _full, _ages, _left) = (_all, 0, TimeSpan.Zero, 0);
        return true;
    }

    // Once it is, until most have everything: close to what can be delivered some bodies are full and some are not, and
    // who took that for the end would let in everything, again and again.
    private bool IsBehind(long all) => _full > all || (_reading is not null && _full > all / 4);
}
