using Conference.Protocol.Notifications;

namespace Conference.Client.Pages;

/// <summary>Puts the parts of pages together, in whatever order they come. Not thread-safe.</summary>
/// <remarks>Holds at most <paramref name="pagesMax"/> pages that are not whole yet, each with at most the bytes that it
/// is announced with.</remarks>
/// <param name="pagesMax">Beyond, the page that was begun first is forgotten; it can be fetched again.</param>
internal sealed class PartAssembler(int pagesMax = 8)
{
    private readonly Dictionary<string, byte[]?[]> _open = [];
    private readonly List<string> _order = []; // digests of the open pages, the first begun first

    /// <summary>Takes one part.</summary>
    /// <returns>The whole content when it was the last missing part, else null. Not checked against the digest yet.
    /// </returns>
    /// <remarks>Parts that are together larger than their page are forgotten: they are of no page.</remarks>
    internal byte[]? Add(PageContent part)
    {
        if (part.Parts == 1) return part.Content.ToArray();
        if (part.Part < 1 || part.Part > part.Parts) return null;
        var digest = part.Page.Digest;
        if (!_open.TryGetValue(digest, out var parts) || parts.Length != part.Parts)
        {
            parts = Begin(digest, part.Parts);
        }

        parts[part.Part - 1] = part.Content.ToArray();
        if (parts.Sum(slice => (long)(slice?.Length ?? 0)) > part.Page.ContentBytes)
        {
            Forget(digest);
            return null;
        }

        if (Array.Exists(parts, slice => slice is null)) return null;
        Forget(digest);
        return Join(parts);
    }

    private byte[]?[] Begin(string digest, int parts)
    {
        Forget(digest);
        if (_open.Count == pagesMax) Forget(_order[0]);
        _order.Add(digest);
        return _open[digest] = new byte[]?[parts];
    }

    private void Forget(string digest)
    {
        if (_open.Remove(digest)) _order.Remove(digest);
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
