using System.Buffers.Text;
using System.Text;

namespace Sip.Stack.Delivery;

/// <summary>Finds in a response what a fan-out delivery needs of it, in one walk over its lines, without an index.
/// </summary>
public static class DeliveryResponse
{
    /// <summary>Reads status and token of a response to a fan-out request.</summary>
    /// <param name="message">One framed message.</param>
    /// <param name="status">100 to 699.</param>
    /// <param name="token">The digits of the branch in the topmost Via.</param>
    /// <returns>False when it is not a response, or its topmost Via is not one of the fan-out's.</returns>
    /// <remarks>RFC 3261 17.1.3: the branch of the topmost Via and the method in CSeq decide. A response with more than
    /// one Via value is not for us (8.1.3.3).</remarks>
    public static bool TryRead(ReadOnlySpan<byte> message, out int status, out ReadOnlySpan<byte> token)
    {
        token = default;
        if (!TryReadStatus(message, out status)) return false;
        var rest = message;
        var hasMethod = false;
        NextLine(ref rest);
        while (!rest.IsEmpty)
        {
            var line = NextLine(ref rest);
            if (line.IsEmpty) break;
            switch (line[0] | 0x20)
            {
                case 'v' when IsHeader(line, "via"u8, out var value) || IsHeader(line, "v"u8, out value):
                    if (!token.IsEmpty || !TryReadBranch(value, out token)) return false;
                    break;
                case 'c' when IsHeader(line, "cseq"u8, out var value):
                    hasMethod = value.TrimEnd(" \t\r"u8).EndsWith("MESSAGE"u8);
                    break;
            }
        }

        return hasMethod && !token.IsEmpty;
    }

    // A longer one is not plain. It also bounds what is read again when more of a message comes.
    private const int FrameBytesMax = 2_048;

    /// <summary>Reads status and token of a response at the start of what a stream has brought, and finds its end, in
    /// one walk over its lines.</summary>
    /// <param name="buffered">The response and what follows.</param>
    /// <param name="length">Its length.</param>
    /// <param name="status">100 to 699.</param>
    /// <param name="token">The digits of the branch in the topmost Via.</param>
    /// <returns>False when it is not one of the fan-out's, not whole, or not plain: with a body, with folded lines,
    /// with other line ends than CR LF, without one Content-Length, or longer than 2,048 bytes. It is then to be cut
    /// off by <see cref="Messages.SipFrameReader"/>, which knows what is wrong with it.</returns>
    public static bool TryReadFrame(
        ReadOnlySpan<byte> buffered, out int length, out int status, out ReadOnlySpan<byte> token)
    {
        token = default;
        length = 0;
        if (!TryReadStatus(buffered, out status)) return false;
        var rest = buffered.Length > FrameBytesMax ? buffered[..FrameBytesMax] : buffered;
        bool hasMethod = false, hasLength = false;
        while (true)
        {
            var end = rest.IndexOf((byte)'\n');
            if (end < 1 || rest[end - 1] != '\r') return false;
            var line = rest[..(end - 1)];
            rest = rest[(end + 1)..];
            length += end + 1;
            if (line.IsEmpty) return hasMethod && hasLength && !token.IsEmpty;
            if (line[0] is (byte)' ' or (byte)'\t') return false; // RFC 3261 7.3.1: folded.
            switch (line[0] | 0x20)
            {
                case 'v' when IsHeader(line, "Via:"u8, "via"u8, out var value) || IsHeader(line, "v"u8, out value):
                    if (!token.IsEmpty || !TryReadBranch(value, out token)) return false;
                    break;
                case 'c' when IsHeader(line, "CSeq:"u8, "cseq"u8, out var value):
                    hasMethod = value.TrimEnd(" \t"u8).EndsWith("MESSAGE"u8);
                    break;
                case 'c' when IsHeader(line, "Content-Length:"u8, "content-length"u8, out var value):
                case 'l' when IsHeader(line, "l"u8, out value):
                    if (hasLength || !value.Trim(" \t"u8).SequenceEqual("0"u8)) return false;
                    hasLength = true;
                    break;
            }
        }
    }

    /// <summary>Reads Retry-After.</summary>
    /// <returns>Null when it is absent or malformed.</returns>
    public static TimeSpan? RetryAfter(ReadOnlySpan<byte> message)
    {
        var rest = message;
        NextLine(ref rest);
        while (!rest.IsEmpty)
        {
            var line = NextLine(ref rest);
            if (line.IsEmpty) break;
            if (!IsHeader(line, "retry-after"u8, out var value)) continue;
            return Utf8Parser.TryParse(value.TrimStart(" \t"u8), out uint seconds, out _)
                ? TimeSpan.FromSeconds(seconds)
                : null;
        }

        return null;
    }

    private static bool TryReadStatus(ReadOnlySpan<byte> message, out int status)
    {
        status = 0;
        if (message.Length < 12 || !message.StartsWith("SIP/2.0 "u8)) return false;
        status = ((message[8] - '0') * 100) + ((message[9] - '0') * 10) + (message[10] - '0');
        return message[8] is >= (byte)'1' and <= (byte)'6' && message[9] is >= (byte)'0' and <= (byte)'9'
            && message[10] is >= (byte)'0' and <= (byte)'9' && message[11] is (byte)' ' or (byte)'\r';
    }

    private static ReadOnlySpan<byte> NextLine(scoped ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOf((byte)'\n');
        if (end < 0)
        {
            var last = rest;
            rest = default;
            return last;
        }

        var line = rest[..end];
        rest = rest[(end + 1)..];
        return line.EndsWith("\r"u8) ? line[..^1] : line;
    }

    // Nearly everybody writes the name as the RFC does.
    private static bool IsHeader(
        ReadOnlySpan<byte> line, scoped ReadOnlySpan<byte> asWritten, scoped ReadOnlySpan<byte> lowerName,
        out ReadOnlySpan<byte> value)
    {
        if (!line.StartsWith(asWritten)) return IsHeader(line, lowerName, out value);
        value = line[asWritten.Length..];
        return true;
    }

    private static bool IsHeader(
        ReadOnlySpan<byte> line, scoped ReadOnlySpan<byte> lowerName, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (line.Length <= lowerName.Length) return false;
        if (!Ascii.EqualsIgnoreCase(line[..lowerName.Length], lowerName)) return false;
        var rest = line[lowerName.Length..].TrimStart(" \t\r"u8); // What SipFrameReader takes for white.
        if (rest.IsEmpty || rest[0] != ':') return false;
        value = rest[1..];
        return true;
    }

    private static bool TryReadBranch(ReadOnlySpan<byte> via, out ReadOnlySpan<byte> token)
    {
        token = default;
        var prefix = DeliveryToken.Prefix;
        var at = via.IndexOf(prefix);
        if (at < 8 || via.Contains((byte)',')) return false;
        var rest = via[(at + prefix.Length)..];
        if (rest.Length < DeliveryToken.Length) return false;
        token = rest[..DeliveryToken.Length];
        return true;
    }
}
