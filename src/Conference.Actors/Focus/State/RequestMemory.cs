using System.Collections.Immutable;

namespace Conference.Actors.Focus;

/// <summary>What is known of an earlier request.</summary>
/// <param name="Revision">Of its event.</param>
/// <param name="ContentHash">0 when not known: the request was seen by an owner that crashed since.</param>
public readonly record struct RememberedRequest(long Revision, ulong ContentHash);

/// <summary>The latest requests of one author that made an event, oldest forgotten first (R3). Immutable.</summary>
/// <remarks>An id older than that is still caught by the store, see
/// <see cref="Ports.AppendOutcome.DuplicateEventId"/>.</remarks>
public sealed class RequestMemory
{
    private readonly ImmutableDictionary<string, RememberedRequest> _byId;
    private readonly ImmutableQueue<string> _order;

    private RequestMemory(
        ImmutableDictionary<string, RememberedRequest> byId, ImmutableQueue<string> order, long latestRevision) =>
        (_byId, _order, LatestRevision) = (byId, order, latestRevision);

    /// <summary>Nothing.</summary>
    public static RequestMemory Empty { get; } =
        new(ImmutableDictionary.Create<string, RememberedRequest>(StringComparer.Ordinal), [], 0);

    /// <summary>Of the latest one; 0 for none.</summary>
    public long LatestRevision { get; }

    /// <summary>How many are remembered.</summary>
    public int Count => _byId.Count;

    /// <summary>All, oldest first.</summary>
    public IEnumerable<KeyValuePair<string, RememberedRequest>> OldestFirst =>
        _order.Select(id => KeyValuePair.Create(id, _byId[id]));

    /// <summary>Whether the id is remembered, and as what.</summary>
    public bool TryFind(string requestId, out RememberedRequest request) => _byId.TryGetValue(requestId, out request);

    /// <summary>With one more, and the oldest gone when there are too many.</summary>
    public RequestMemory With(string requestId, RememberedRequest request, int countMax)
    {
        if (_byId.ContainsKey(requestId))
        {
            return new RequestMemory(_byId.SetItem(requestId, request), _order, request.Revision);
        }

        var byId = _byId.Add(requestId, request);
        var order = _order.Enqueue(requestId);
        while (byId.Count > countMax)
        {
            order = order.Dequeue(out var oldest);
            byId = byId.Remove(oldest);
        }

        return new RequestMemory(byId, order, request.Revision);
    }
}
