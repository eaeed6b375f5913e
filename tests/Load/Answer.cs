using System.Buffers.Text;

namespace Load;

/// <summary>Writes the 200 to a MESSAGE by copying what RFC 3261 8.2.6.2 wants copied, and finds the mark in its body.
/// </summary>
internal static class Answer
{
    /// <summary>Writes the answer.</summary>
    /// <returns>Its length; 0 when the message is no request.</returns>
    internal static int Write(ReadOnlySpan<byte> request, Span<byte> to) =>
        Write(request, "SIP/2.0 200 OK\r\n"u8, to);

    /// <summary>Writes an answer with this status line.</summary>
    internal static int Write(ReadOnlySpan<byte> request, ReadOnlySpan<byte> statusLine, Span<byte> to)
    {
        if (request.StartsWith("SIP/2.0 "u8)) return 0;
        var at = Append(to, 0, statusLine);
        var rest = request[(request.IndexOf((byte)'\n') + 1)..];
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)'\n');
            if (end <= 1) break;
            var line = rest[..(end + 1)];
            rest = rest[(end + 1)..];
            if (line.StartsWith("To:"u8))
            {
                at = Append(to, at, line[..^2]);
                at = Append(to, at, ";tag=load\r\n"u8);
            }
            else if (line.StartsWith("Via:"u8) || line.StartsWith("From:"u8) || line.StartsWith("Call-ID:"u8)
                || line.StartsWith("CSeq:"u8))
            {
                at = Append(to, at, line);
            }
        }

        return Append(to, at, "Content-Length: 0\r\n\r\n"u8);
    }

    /// <summary>Finds the number of the next event in a body, <c>pb1;seq=17;</c>; leaves what is behind it.</summary>
    internal static bool TryNextMark(ref ReadOnlySpan<byte> body, out int number)
    {
        var mark = "pb1;seq="u8;
        while (body.IndexOf(mark) is >= 0 and var at)
        {
            body = body[(at + mark.Length)..];
            if (Utf8Parser.TryParse(body, out number, out _)) return true;
        }

        number = 0;
        return false;
    }

    /// <summary>A number made of the branch of a request; the same for each arrival of it.</summary>
    internal static int Branch(ReadOnlySpan<byte> request)
    {
        var at = request.IndexOf("branch="u8);
        if (at < 0) return 0;
        var rest = request[(at + 7)..];
        var end = rest.IndexOfAny(";,\r"u8);
        var hash = new HashCode();
        hash.AddBytes(end < 0 ? rest : rest[..end]);
        return hash.ToHashCode();
    }

    /// <summary>Length of the first message in a stream; 0 when it is not all there.</summary>
    internal static int Frame(ReadOnlySpan<byte> buffered)
    {
        var head = buffered.IndexOf("\r\n\r\n"u8);
        if (head < 0) return 0;
        var at = buffered[..head].LastIndexOf("Content-Length: "u8);
        var bytes = at >= 0 && Utf8Parser.TryParse(buffered[(at + 16)..], out int length, out _) ? length : 0;
        var total = head + 4 + bytes;
        return total <= buffered.Length ? total : 0;
    }

    private static int Append(Span<byte> to, int at, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(to[at..]);
        return at + bytes.Length;
    }
}
