using Conference.Protocol;

namespace Conference.Client.Pages;

/// <summary>Page content by digest: what came is checked here, once, before anybody sees it. Thread-safe.</summary>
public sealed class PageStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, byte[]> _contents = [];
    private readonly Queue<string> _order = new();
    private readonly long _bytesMax;
    private long _bytes;

    /// <summary>An empty store.</summary>
    /// <param name="bytesMax">Beyond, the content that came first is dropped. One page is always kept.</param>
    public PageStore(long bytesMax) => _bytesMax = bytesMax;

    /// <summary>How many contents were dropped to stay within the limit.</summary>
    public long DroppedCount { get; private set; }

    /// <summary>Whether the content is here.</summary>
    public bool Contains(string digest)
    {
        lock (_gate) return _contents.ContainsKey(digest);
    }

    /// <summary>The content; false when it is not here (any more).</summary>
    public bool TryGet(string digest, out ReadOnlyMemory<byte> content)
    {
        lock (_gate)
        {
            var known = _contents.TryGetValue(digest, out var bytes);
            content = bytes;
            return known;
        }
    }

    /// <summary>Keeps content under its digest.</summary>
    /// <returns>False when size or digest do not fit: nothing is kept.</returns>
    public bool TryAdd(PageDescriptor page, byte[] content)
    {
        if (content.Length != page.ContentBytes || ContentDigest.OfHex(content) != page.Digest) return false;
        lock (_gate)
        {
            if (!_contents.TryAdd(page.Digest, content)) return true;
            _order.Enqueue(page.Digest);
            _bytes += content.Length;
            while (_bytes > _bytesMax && _order.Count > 1)
            {
                _contents.Remove(_order.Dequeue(), out var dropped);
                _bytes -= dropped!.Length;
                DroppedCount++;
            }

            return true;
        }
    }
}
