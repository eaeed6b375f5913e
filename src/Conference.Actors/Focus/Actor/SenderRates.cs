using Conference.Protocol;

namespace Conference.Actors.Focus;

/// <summary>One token bucket per sender. Touched only by the actor.</summary>
internal sealed class SenderRates(double perSecond, double burst, int sendersMax)
{
    private Dictionary<ParticipantUri, Bucket>? _buckets; // Most conferences are silent most of the time.

    /// <summary>Takes a token; false when there is none.</summary>
    internal bool TryTake(ParticipantUri sender, DateTimeOffset now)
    {
        var buckets = _buckets ??= [];
        if (!buckets.TryGetValue(sender, out var bucket))
        {
            if (buckets.Count >= sendersMax) ForgetFull(buckets, now);
            if (buckets.Count >= sendersMax) return false;
            bucket = new Bucket(burst, now);
        }

        var tokens = Fill(bucket, now);
        var isGiven = tokens >= 1;
        buckets[sender] = new Bucket(isGiven ? tokens - 1 : tokens, now);
        return isGiven;
    }

    private double Fill(Bucket bucket, DateTimeOffset now) =>
        Math.Min(burst, bucket.Tokens + (Math.Max(0, (now - bucket.At).TotalSeconds) * perSecond));

    private void ForgetFull(Dictionary<ParticipantUri, Bucket> buckets, DateTimeOffset now)
    {
        foreach (var (sender, bucket) in buckets)
        {
            if (Fill(bucket, now) >= burst) buckets.Remove(sender);
        }
    }

    private readonly record struct Bucket(double Tokens, DateTimeOffset At);
}
