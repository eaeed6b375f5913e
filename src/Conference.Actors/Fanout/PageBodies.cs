using Conference.Actors.Ports;
using Conference.Protocol.Notifications;

namespace Conference.Actors.Fanout;

/// <summary>Encoded page contents of all conferences: each encoded once per form and shared; the ones used longest ago
/// leave when it is too much.</summary>
/// <remarks>Thread-safe. A body that is being sent stays alive through who sends it, in the cache or not.</remarks>
internal sealed class PageBodies(long bytesMax)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Key, LinkedListNode<Item>> _items = [];
    private readonly LinkedList<Item> _byUse = new();
    private long _bytes;

    /// <summary>One encoded content.</summary>
    /// <param name="Conference">Its URI is in the body.</param>
    /// <param name="Digest">Of the content.</param>
    /// <param name="PartBytes">Content bytes in each body; 0 when it is whole.</param>
    /// <param name="Page">Document and number are in the body.</param>
    internal readonly record struct Key(string Conference, string Digest, int PartBytes, string Page);

    private sealed record Item(Key Key, EncodedBody[] Bodies, long Bytes);

    internal static string Label(PageForm form) => form switch
    {
        PageForm.Inline => "inline",
        PageForm.Parts => "parts",
        PageForm.Reference => "reference",
        _ => throw new System.Diagnostics.UnreachableException($"No label for {form}"),
    };

    internal bool TryGet(in Key key, out EncodedBody[] bodies)
    {
        lock (_lock)
        {
            if (!_items.TryGetValue(key, out var node))
            {
                bodies = [];
                return false;
            }

            _byUse.Remove(node);
            _byUse.AddFirst(node);
            bodies = node.Value.Bodies;
            return true;
        }
    }

    internal void Add(in Key key, EncodedBody[] bodies)
    {
        var bytes = bodies.Sum(b => (long)b.Bytes.Length);
        lock (_lock)
        {
            if (_items.ContainsKey(key)) return;
            _items.Add(key, _byUse.AddFirst(new Item(key, bodies, bytes)));
            _bytes += bytes;
            while (_bytes > bytesMax && _byUse.Last is { } last && _byUse.Count > 1)
            {
                _byUse.RemoveLast();
                _items.Remove(last.Value.Key);
                _bytes -= last.Value.Bytes;
            }
        }
    }
}
