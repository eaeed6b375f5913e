namespace Conference.Actors.Focus;

/// <summary>One stretch of time in which a conference waits for the store: of a round, or of being read.</summary>
/// <remarks>Apart from the round, which holds pages: who came during it keeps this until its answer.</remarks>
/// <param name="time">The clock.</param>
internal sealed class StoreSpan(TimeProvider time)
{
    private readonly long _began = time.GetTimestamp();
    private long _ended; // 0 while it lasts

    /// <summary>How long it took, or has taken.</summary>
    internal TimeSpan Elapsed => Since(_began);

    /// <summary>The store is done; what its result waits for from here on is not the store.</summary>
    internal void End() => Volatile.Write(ref _ended, time.GetTimestamp());

    /// <summary>The part of it after a moment of the same clock.</summary>
    internal TimeSpan Since(long timestamp)
    {
        var ended = Volatile.Read(ref _ended);
        var part = time.GetElapsedTime(timestamp, ended == 0 ? time.GetTimestamp() : ended);
        return part > TimeSpan.Zero ? part : TimeSpan.Zero;
    }
}
