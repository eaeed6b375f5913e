namespace AppServer.Tests.FrontDoor.Admission;

/// <summary>A conference that stores what it is asked, one append at a time, and answers what was in it together.
/// </summary>
internal sealed class SimulatedConference(TimeSpan appendTime)
{
    private const int EventsPerAppendMax = 128; // as in FocusOptions

    private readonly Queue<Asked> _waiting = new();
    private readonly List<Asked> _round = [];
    private TimeSpan _storedAt;

    /// <summary>Requests in the append under way and the next one.</summary>
    internal int WithStore => _round.Count + Math.Min(_waiting.Count, EventsPerAppendMax);

    /// <summary>Requests that it has not answered.</summary>
    internal int UnderWay => _round.Count + _waiting.Count;

    /// <summary>It takes a request from its mailbox.</summary>
    internal void Take(TimeSpan arrivedAt, TimeSpan now)
    {
        _waiting.Enqueue(new Asked(arrivedAt, _round.Count == 0 ? TimeSpan.Zero : _storedAt - now));
        if (_round.Count == 0) Append(now);
    }

    /// <summary>When its append has ended: when each request arrived, and the time of the store.</summary>
    internal List<(TimeSpan ArrivedAt, TimeSpan StoreTime)> Advance(TimeSpan now)
    {
        if (_round.Count == 0 || now < _storedAt) return [];
        var answered = _round.ConvertAll(asked => (asked.ArrivedAt, asked.RestOfAppend + appendTime));
        _round.Clear();
        if (_waiting.Count > 0) Append(now);
        return answered;
    }

    private void Append(TimeSpan now)
    {
        while (_round.Count < EventsPerAppendMax && _waiting.TryDequeue(out var asked)) _round.Add(asked);
        _storedAt = now + appendTime;
    }

    private readonly record struct Asked(TimeSpan ArrivedAt, TimeSpan RestOfAppend);
}
