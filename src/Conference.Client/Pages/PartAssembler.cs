using Conference.Protocol.Notifications;

namespace Conference.Client.Pages;

/// <summary>Puts the parts of pages together, in whatever order they come. Not thread-safe.</summary>
internal sealed class PartAssembler(int pagesMax = 8)
{
    private readonly Dictionary<string, byte[]?[]> _open = [];
    private readonly Queue<string> _order = new();

    /// <summary>Takes one part.</summary>
    /// <returns>The whole content when it was the last missing part, else null. Not checked against the digest yet.
    /// </returns>
    /// <remarks>Of pages beyond the limit the one that was begun first is forgotten; it can be fetched again.</remarks>
    internal byte[]? Add(PageContent part)
    {
        if (part.Parts == 1) return part.Content.ToArray();
        if (part.Part < 1 || part.Part > part.Parts) return null;
        var digest = part.Page.Digest;
        if (!_open.TryGetValue(digest, out var parts) || parts.Length != part.Parts)
        {
            if (!_open.ContainsKey(digest)) _order.Enqueue(digest);
            _open[digest] = parts = new byte[]?[part.Parts];
            while (_open.Count > pagesMax) _open.Remove(_order.Dequeue());
        }

        parts[part.Part - 1] = part.Content.ToArray();
        if (Array.Exists(parts, slice => slice is null)) return null;
        _open.Remove(digest);
        var others = _order.Where(open => open != digest).ToArray();
        _order.Clear();
        foreach (var open in others) _order.Enqueue(open);
        return Join(parts);
    }

    private static byte[] Join(byte[]?[] parts)
    {
        var whole = new byte[parts.Sum(slice => slice!.Length)];
        var at = 0;
        foreach (var slice in parts)
        {
            slice!.CopyTo(whole, at);
            at += slice.Length;
        }

        return whole;
    }
}
