using System.Buffers;

namespace AppServer.FrontDoor.Admission;

/// <summary>Finds out whether the action of a body is one that steers a conference, by its first tags.</summary>
/// <remarks>Only what is certain is one: the first element in the root, in the root's namespace, with the name of such
/// an action. That is the action which the reader finds, or it refuses the body. Nothing is allocated.</remarks>
internal static class SteeringActions
{
    // Root element with its namespace and id, then the start tag of the action.
    private const int ActionWithinBytes = 1_024;

    private static readonly SearchValues<byte> NameEnds = SearchValues.Create(" \t\r\n/>"u8);

    /// <summary>Whether it is one.</summary>
    internal static bool Contains(ReadOnlySpan<byte> body)
    {
        if (body.Length > ActionWithinBytes) body = body[..ActionWithinBytes];
        if (!TryStartTag(ref body, out var root, out _) || !TryStartTag(ref body, out var action, out var attributes))
            return false;

        // With another prefix, or a namespace of its own, it may be somebody's extension, which the reader skips.
        var local = action.IndexOf((byte)':') + 1;
        var prefix = root.IndexOf((byte)':') + 1;
        return action[..local].SequenceEqual(root[..prefix]) && attributes.IndexOf("xmlns"u8) < 0
            && IsOne(action[local..]);
    }

    // Undo and redo change marks as drawing does.
    private static bool IsOne(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("turn"u8) || name.SequenceEqual("join"u8) || name.SequenceEqual("leave"u8)
        || name.SequenceEqual("invite"u8) || name.SequenceEqual("remove"u8) || name.SequenceEqual("end"u8)
        || name.SequenceEqual("set-role"u8) || name.SequenceEqual("set-default-rights"u8)
        || name.SequenceEqual("request-rights"u8) || name.SequenceEqual("grant-rights"u8)
        || name.SequenceEqual("revoke-rights"u8) || name.SequenceEqual("share-document"u8)
        || name.SequenceEqual("share-page"u8) || name.SequenceEqual("page-unavailable"u8)
        || name.SequenceEqual("close-document"u8) || name.SequenceEqual("resync"u8)
        || name.SequenceEqual("fetch-page"u8) || name.SequenceEqual("save"u8);

    /// <summary>Goes behind the next start tag; comments and processing instructions before it are skipped.</summary>
    private static bool TryStartTag(
        ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> attributes)
    {
        name = attributes = default;
        while (true)
        {
            var open = rest.IndexOf((byte)'<');
            if (open < 0) return false;
            rest = rest[(open + 1)..];
            if (rest.StartsWith("!--"u8))
            {
                if (!TrySkip(ref rest, 3, "-->"u8)) return false;
            }
            else if (rest.StartsWith("?"u8))
            {
                if (!TrySkip(ref rest, 1, "?>"u8)) return false;
            }
            else
            {
                break;
            }
        }

        // An end tag, text or a document type: there is no action here.
        if (rest.StartsWith("!"u8) || rest.StartsWith("/"u8)) return false;
        var nameEnd = rest.IndexOfAny(NameEnds);
        var tagEnd = EndOfTag(rest);
        if (nameEnd < 0 || tagEnd < 0) return false;
        name = rest[..nameEnd];
        attributes = rest[nameEnd..tagEnd];
        rest = rest[(tagEnd + 1)..];
        return true;
    }

    private static bool TrySkip(ref ReadOnlySpan<byte> rest, int from, ReadOnlySpan<byte> end)
    {
        var at = rest[from..].IndexOf(end);
        if (at < 0) return false;
        rest = rest[(from + at + end.Length)..];
        return true;
    }

    // A value may hold the sign that ends a tag.
    private static int EndOfTag(ReadOnlySpan<byte> tag)
    {
        for (var at = 0; ; at++)
        {
            var next = tag[at..].IndexOfAny((byte)'>', (byte)'"', (byte)'\'');
            if (next < 0) return -1;
            at += next;
            if (tag[at] == '>') return at;
            var close = tag[(at + 1)..].IndexOf(tag[at]);
            if (close < 0) return -1;
            at += close + 1;
        }
    }
}
