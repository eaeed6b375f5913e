using Conference.Protocol;

namespace Conference.Actors.Focus;

/// <summary>One token bucket per sender. Touched only by the actor.</summary>
internal sealed class SenderRates(double perSecond, double burst, int sendersMax)
{
    private readonly Dictionary<ParticipantUri, Bucket> _buckets = [];

    /// <summary>Takes a token; false when there is none.</summary>
    internal bool TryTake(ParticipantUri sender, DateTimeOffset now)
    {
        if (!_buckets.TryGetValue(sender, out var bucket))
        {
            if (_buckets.Count >= sendersMax) ForgetFull(now);
            if (_buckets.Count >= sendersMax) return false;
            bucket = new Bucket(burst, now);
        }

        var tokens = Fill(bucket, now);
        var isGiven = tokens >= 1;
        _buckets[sender] = new Bucket(isGiven ? tokens - 1 : tokens, now);
        return isGiven;
    }

    private double Fill(Bucket bucket, DateTimeOffset now) =>
        Math.Min(burst, bucket.Tokens + (Math.Max(0, (now - bucket.At).TotalSeconds) * perSecond));

    private void ForgetFull(DateTimeOffset now)
    {
        foreach (var (sender, bucket) in _buckets)
        {
            if (Fill(bucket, now) >= burst) _buckets.Remove(sender);
        }
    }

    private readonly record struct Bucket(double Tokens, DateTimeOffset At);
}
