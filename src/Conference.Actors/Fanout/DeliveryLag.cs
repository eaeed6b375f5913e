namespace Conference.Actors.Fanout;

/// <summary>How far most members of a conference are behind, when one MESSAGE does not carry all that they are to be
/// sent.</summary>
/// <param name="Age">Of the oldest event that is still to be sent to the typical one.</param>
/// <param name="HistoryShare">Its events still to be sent, as a share of those kept for who is behind: at 1 it gets a
/// snapshot instead.</param>
public readonly record struct DeliveryLag(TimeSpan Age, double HistoryShare);

/// <summary>Tells a conference that produces more than can be delivered from one whose members are slow: the first
/// fills the MESSAGEs of most members, however fast they answer.</summary>
/// <remarks>Counts bodies as they are taken, as many as there are members at a time. A member that answers slowly takes
/// few of them, one without a backlog gets all there is in one. The conference's gate guards
/// <see cref="NoteFull"/>; the rest may be called by any thread.</remarks>
internal sealed class DeliveryLagMeter(TimeProvider time)
{
    // With few members a round is over at once and says nothing.
    private const int RoundMin = 16;

    // When most have everything there is nothing full any more that would end a round: it is over by then.
    private static readonly TimeSpan ValidFor = TimeSpan.FromSeconds(1);

    private int _all; // Not exact: two that count at once may count one. It costs the hot path next to nothing.
    private int _full;
    private TimeSpan _ages;
    private double _shares;
    private Reading? _reading;

    private sealed record Reading(DeliveryLag Lag, long At);

    /// <summary>The lag; null when most members are sent all there is at a time.</summary>
    internal DeliveryLag? Current =>
        Volatile.Read(ref _reading) is { } reading && time.GetElapsedTime(reading.At) < ValidFor ? reading.Lag : null;

    /// <summary>A body was taken that holds all there is.</summary>
    internal void NoteAll() => _all++;

    /// <summary>A body was taken that has no room for all there is.</summary>
    /// <param name="members">Of the conference.</param>
    /// <param name="publishedAt">When the first event that it has no room for was published.</param>
    /// <param name="historyShare">See <see cref="DeliveryLag"/>.</param>
    /// <returns>Whether <see cref="Current"/> was read anew.</returns>
    internal bool NoteFull(int members, long publishedAt, double historyShare)
    {
        _full++;
        _ages += time.GetElapsedTime(publishedAt);
        _shares += historyShare;
        var taken = _full + _all;
        if (taken < members || taken < RoundMin) return false;
        Volatile.Write(ref _reading, _full > _all
            ? new Reading(new DeliveryLag(_ages / _full, _shares / _full), time.GetTimestamp())
            : null);
        (_all, _full, _ages, _shares) = (0, 0, TimeSpan.Zero, 0);
        return true;
    }
}
