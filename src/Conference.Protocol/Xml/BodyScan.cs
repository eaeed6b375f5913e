using System.Buffers;

namespace Conference.Protocol.Xml;

/// <summary>Where a page's Base64 lies in a body.</summary>
/// <param name="Start">Byte offset.</param>
/// <param name="Length">Bytes; 0 for none.</param>
/// <param name="Element">Number of the element that directly holds it, the root being 0.</param>
internal readonly record struct ContentSpan(int Start, int Length, int Element);

/// <summary>What the scan found.</summary>
/// <param name="Fault">Null when the body is within the limits.</param>
/// <param name="Offset">Of the fault, in bytes.</param>
/// <param name="Content">The page content, when it is one plain text.</param>
internal readonly record struct ScanResult(ReadFaultReason? Fault, int Offset, ContentSpan Content);

/// <summary>Checks a body against the limits that XmlReader does not have, before XmlReader sees it.</summary>
/// <remarks>
/// XmlReader reads all attributes of an element at once and limits neither their number nor the depth (measured on .NET
/// 10: 10,000 levels and 6,000 attributes pass), and its time grows with the square of the white space in a tag and of
/// the zeros in a reference (350 and 490 ms for 1 MiB). So one pass over the bytes finds tags, and only tags: for a
/// well-formed body it sees exactly what XmlReader will see; for any other body it may see something else, which does
/// not matter, because XmlReader refuses that body at the place where they part. It stops at the first excess, so a
/// hostile body costs at most one look at each of its bytes. On the way it finds the text of the page, which is then
/// decoded from the bytes directly and kept away from XmlReader.
/// </remarks>
internal ref struct BodyScan
{
    /// <summary>A shorter text is left to XmlReader; not worth the detour.</summary>
    private const int ContentBytesMin = 1_024;

    /// <summary>All references that there are without a DTD are shorter, unless they count in zeros.</summary>
    private const int ReferenceBytesMax = 32;

    private static readonly SearchValues<byte> NameEnds = SearchValues.Create(" \t\r\n/>"u8);

    private readonly ReadOnlySpan<byte> _body;
    private readonly ProtocolLimits _limits;
    private int _position;
    private int _depth;
    private int _elements;
    private ContentSpan _content;

    private BodyScan(ReadOnlySpan<byte> body, ProtocolLimits limits)
    {
        _body = body;
        _limits = limits;
    }

    private readonly ReadOnlySpan<byte> Rest => _body[_position..];

    internal static ScanResult Scan(ReadOnlySpan<byte> body, ProtocolLimits limits)
    {
        if (!IsUtf8(body)) return new ScanResult(ReadFaultReason.NotUtf8, 0, default);
        var scan = new BodyScan(body, limits);
        var fault = scan.Run();
        return new ScanResult(fault, scan._position, scan._content);
    }

    /// <summary>Neither a mark nor a declaration of another encoding (XML 1.0 4.3.3, appendix F).</summary>
    private static bool IsUtf8(ReadOnlySpan<byte> body)
    {
        if (body.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) body = body[3..];
        if (body.Length >= 2 && (body[0] is 0xFE or 0xFF or 0 || body[1] == 0)) return false;
        if (!body.StartsWith("<?xml"u8) || body.Length < 6 || body[5] > ' ') return true;
        var end = body.IndexOf("?>"u8);
        var declaration = end < 0 ? body : body[..end];
        var encoding = declaration.IndexOf("encoding"u8);
        if (encoding < 0) return true;
        var value = declaration[(encoding + 8)..].TrimStart("= \t\r\n\"'"u8);
        var valueEnd = value.IndexOfAny("\"' ?"u8);
        if (valueEnd >= 0) value = value[..valueEnd];
        return System.Text.Ascii.EqualsIgnoreCase(value, "utf-8"u8);
    }

    private ReadFaultReason? Run()
    {
        while (true)
        {
            var open = Rest.IndexOf((byte)'<');
            if (HasLongReference(open < 0 ? Rest : Rest[..open])) return ReadFaultReason.NameTooLong;
            if (open < 0) return null;
            _position += open;
            var rest = Rest;
            if (rest.StartsWith("<!--"u8))
            {
                if (!SkipPast("-->"u8, 4)) return null;
            }
            else if (rest.StartsWith("<![CDATA["u8))
            {
                if (!SkipPast("]]>"u8, 9)) return null;
            }
            else if (rest.StartsWith("<!"u8))
            {
                return rest.StartsWith("<!DOCTYPE"u8) ? ReadFaultReason.DtdForbidden : null;
            }
            else if (rest.StartsWith("<?"u8))
            {
                if (!TrySkipTag("?>"u8, out var fault)) return fault;
            }
            else if (rest.StartsWith("</"u8))
            {
                _depth--;
                if (!TrySkipTag(">"u8, out var fault)) return fault;
            }
            else if (!TryStartTag(out var fault))
            {
                return fault;
            }
        }
    }

    /// <returns>False when the body ends before; XmlReader will say so better.</returns>
    private bool SkipPast(ReadOnlySpan<byte> end, int from)
    {
        var at = Rest[from..].IndexOf(end);
        if (at < 0) return false;
        _position += from + at + end.Length;
        return true;
    }

    /// <summary>As <see cref="SkipPast"/>, for what XmlReader keeps in its buffer until it ends.</summary>
    private bool TrySkipTag(ReadOnlySpan<byte> end, out ReadFaultReason? fault)
    {
        fault = null;
        var start = _position;
        var isThere = SkipPast(end, 2);
        if ((isThere ? _position : _body.Length) - start <= _limits.TagBytesMax) return isThere;
        _position = start;
        return Stop(ReadFaultReason.TagTooLong, out fault);
    }

    /// <summary>Whether there is a reference that does not end soon. Sets the position to it.</summary>
    private bool HasLongReference(ReadOnlySpan<byte> text)
    {
        for (var at = 0; ; at++)
        {
            var next = text[at..].IndexOf((byte)'&');
            if (next < 0) return false;
            at += next;
            var rest = text[at..];
            if (rest.Length <= ReferenceBytesMax || rest[..ReferenceBytesMax].Contains((byte)';')) continue;
            _position += at;
            return true;
        }
    }

    /// <returns>False to stop: with a fault, or without one where the body ends.</returns>
    private bool TryStartTag(out ReadFaultReason? fault)
    {
        fault = null;
        if (_elements >= _limits.ElementsMax) return Stop(ReadFaultReason.TooManyElements, out fault);
        if (_depth >= _limits.DepthMax) return Stop(ReadFaultReason.TooDeep, out fault);
        var nameEnd = Rest.IndexOfAny(NameEnds);
        if (nameEnd < 0) nameEnd = Rest.Length;
        if (nameEnd - 1 > _limits.NameBytesMax) return Stop(ReadFaultReason.NameTooLong, out fault);
        var name = Rest[1..nameEnd];
        var start = _position;
        _position += nameEnd;
        if (!TryAttributes(start, out var isEmpty, out fault)) return false;
        if (!isEmpty)
        {
            _depth++;
            FindContent(name);
        }

        _elements++;
        return true;
    }

    /// <param name="start">Of the tag.</param>
    /// <param name="isEmpty">Whether the tag is an element without content.</param>
    /// <param name="fault">Null where the body ends.</param>
    private bool TryAttributes(int start, out bool isEmpty, out ReadFaultReason? fault)
    {
        fault = null;
        isEmpty = false;
        for (var count = 0; ; count++)
        {
            var stop = Rest.IndexOfAny((byte)'"', (byte)'\'', (byte)'>');
            var between = stop < 0 ? Rest : Rest[..stop];
            if (_position + between.Length - start > _limits.TagBytesMax)
            {
                return Stop(ReadFaultReason.TagTooLong, out fault);
            }

            if (between.Trim(" \t\r\n="u8).Length > _limits.NameBytesMax)
            {
                return Stop(ReadFaultReason.NameTooLong, out fault);
            }

            if (stop < 0) return false;
            if (Rest[stop] == '>')
            {
                isEmpty = _body[_position + stop - 1] == '/';
                _position += stop + 1;
                return true;
            }

            if (count >= _limits.AttributesMax) return Stop(ReadFaultReason.TooManyAttributes, out fault);
            var end = Rest[(stop + 1)..].IndexOf(Rest[stop]);
            var value = end < 0 ? Rest[(stop + 1)..] : Rest.Slice(stop + 1, end);
            if (value.Length > _limits.AttributeBytesMax) return Stop(ReadFaultReason.ValueTooLong, out fault);
            if (HasLongReference(value)) return Stop(ReadFaultReason.NameTooLong, out fault);
            if (end < 0) return false;
            _position += stop + end + 2;
        }
    }

    private void FindContent(ReadOnlySpan<byte> name)
    {
        if (_content.Length > 0) return;
        name = name[(name.IndexOf((byte)':') + 1)..];
        if (!name.SequenceEqual("share-page"u8) && !name.SequenceEqual("page"u8)) return;
        var length = Rest.IndexOf((byte)'<');
        if (length < ContentBytesMin || !Rest[length..].StartsWith("</"u8)) return;
        if (Rest[..length].Contains((byte)'&')) return;
        _content = new ContentSpan(_position, length, _elements);
    }

    private static bool Stop(ReadFaultReason reason, out ReadFaultReason? fault)
    {
        fault = reason;
        return false;
    }
}
