using System.Buffers;
using System.Buffers.Text;
using System.Xml;

namespace Conference.Protocol.Xml;

/// <summary>A cursor over one body. Knows elements, attributes and values, not what they mean.</summary>
/// <remarks>
/// The first fault wins and is kept; from then on there are no more children and values are defaults, so that the
/// readers above need no check after each step. Elements of other namespaces are skipped here, unknown ones of ours
/// by the readers, which simply go on to the next child; attributes that nobody asks for are never looked at.
/// </remarks>
internal sealed partial class BodyReader : IDisposable
{
    /// <summary>Shared: making settings costs 14 % of reading a small body (1,740 against 1,530 ns).</summary>
    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = 64 * 1024 * 1024, // the bytes are limited before; this one is for safety only
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        CloseInput = false,
    };

    private readonly ReadOnlyMemory<byte> _body;
    private readonly ContentSpan _content;
    private readonly string _namespace;
    private readonly XmlReader _xml;
    private int _element = -1;

    /// <param name="body">Within the limits of <see cref="BodyScan"/>.</param>
    /// <param name="content">Kept away from XmlReader and given out by <see cref="Content"/>.</param>
    /// <param name="limits">For values.</param>
    /// <param name="xmlNamespace">Of the elements that count; empty for a fragment.</param>
    internal BodyReader(ReadOnlyMemory<byte> body, ContentSpan content, ProtocolLimits limits, string xmlNamespace)
    {
        _body = body;
        _content = content;
        Limits = limits;
        _namespace = xmlNamespace;
        _xml = XmlReader.Create(new BodyStream(body, content), Settings);
    }

    internal ProtocolLimits Limits { get; }

    /// <summary>The first fault, null for none.</summary>
    internal ReadFault? Fault { get; private set; }

    /// <summary>Local name of the current element.</summary>
    internal string Name => _xml.LocalName;

    /// <summary>Level of the current element; the root has 0.</summary>
    internal int Depth => _xml.Depth;

    /// <summary>Whether the content that was kept away from XmlReader was asked for.</summary>
    internal bool IsContentTaken { get; private set; }

    /// <summary>Where the pooled content lies; the caller gives it back.</summary>
    internal byte[]? Pooled { get; private set; }

    /// <inheritdoc/>
    public void Dispose() => _xml.Dispose();

    /// <summary>Notes a fault at the current place.</summary>
    /// <param name="reason">Which rule.</param>
    /// <param name="text">Plain ASCII of our own; never what the sender wrote.</param>
    internal void Fail(ReadFaultReason reason, string? text = null)
    {
        if (Fault is not null) return;
        var place = (IXmlLineInfo)_xml;
        Fault = new ReadFault(
            reason, place.LineNumber, place.LinePosition, text ?? ReadFaults.Describe(reason).Text);
    }

    /// <summary>Moves to the root element.</summary>
    internal void MoveToRoot()
    {
        while (_xml.NodeType != XmlNodeType.Element) Advance();
        if (_xml.NamespaceURI == _namespace) return;
        Fail(ReadFaultReason.UnknownNamespace, $"The namespace must be {_namespace}");
    }

    /// <summary>Moves to the next child element of ours.</summary>
    /// <param name="depth">Level of the parent. The cursor is at the parent's start, or anywhere inside it.</param>
    /// <returns>False at the end of the parent, and after a fault.</returns>
    internal bool NextChild(int depth)
    {
        if (Fault is not null) return false;
        if (_xml.Depth == depth)
        {
            if (_xml.NodeType == XmlNodeType.EndElement || _xml.IsEmptyElement) return false;
            Advance();
        }
        else
        {
            SkipElement();
            Advance();
        }

        while (!(_xml.NodeType == XmlNodeType.EndElement && _xml.Depth == depth))
        {
            if (_xml.NodeType == XmlNodeType.Element)
            {
                if (_xml.NamespaceURI == _namespace) return true;
                SkipElement();
            }

            Advance();
        }

        return false;
    }

    /// <summary>Reads to the end, so that the whole body is known to be well-formed.</summary>
    internal void Finish()
    {
        while (Fault is null && !_xml.EOF) Step();
    }

    /// <summary>The text directly in the current element, without that of elements in it.</summary>
    internal string Text(int charactersMax)
    {
        using var text = new CharBuffer();
        if (TryCollectText(text, charactersMax, ReadFaultReason.ValueTooLong)) return text.Written.ToString();
        return string.Empty;
    }

    /// <summary>The Base64 text directly in the current element, decoded.</summary>
    /// <param name="bytesMax">More is <see cref="ReadFaultReason.SizeMismatch"/>.</param>
    /// <param name="isPooled">Whether the bytes lie in <see cref="Pooled"/>, or in an array of their own.</param>
    internal ReadOnlyMemory<byte> Content(int bytesMax, bool isPooled)
    {
        if (Fault is not null) return default;
        if (_content.Length > 0 && _content.Element == _element)
        {
            IsContentTaken = true;
            return Decode(_body.Span.Slice(_content.Start, _content.Length), bytesMax, isPooled);
        }

        using var text = new CharBuffer();
        if (!TryCollectText(text, _body.Length, ReadFaultReason.SizeMismatch)) return default;
        var ascii = ArrayPool<byte>.Shared.Rent(text.Written.Length);
        try
        {
            var status = System.Text.Ascii.FromUtf16(text.Written, ascii, out var count);
            if (status == OperationStatus.Done) return Decode(ascii.AsSpan(0, count), bytesMax, isPooled);
            Fail(ReadFaultReason.BadBase64);
            return default;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(ascii);
        }
    }

    private ReadOnlyMemory<byte> Decode(ReadOnlySpan<byte> base64, int bytesMax, bool isPooled)
    {
        var decoded = ArrayPool<byte>.Shared.Rent(Base64.GetMaxDecodedFromUtf8Length(base64.Length));
        var status = Base64.DecodeFromUtf8(base64, decoded, out _, out var count);
        if (status == OperationStatus.Done && count <= bytesMax && isPooled && Pooled is null)
        {
            Pooled = decoded;
            return decoded.AsMemory(0, count);
        }

        ReadOnlyMemory<byte> copy = default;
        if (status != OperationStatus.Done) Fail(ReadFaultReason.BadBase64);
        else if (count > bytesMax) Fail(ReadFaultReason.SizeMismatch, $"The content has more than {bytesMax} bytes");
        else copy = decoded.AsSpan(0, count).ToArray();
        ArrayPool<byte>.Shared.Return(decoded);
        return copy;
    }

    private bool TryCollectText(CharBuffer text, int charactersMax, ReadFaultReason tooLong)
    {
        if (Fault is not null) return false;
        if (_xml.IsEmptyElement) return true;
        var depth = _xml.Depth;
        Advance();
        while (!(_xml.NodeType == XmlNodeType.EndElement && _xml.Depth == depth))
        {
            if (_xml.NodeType == XmlNodeType.Element)
            {
                SkipElement();
            }
            else if (_xml.HasValue && !text.TryReadFrom(_xml, charactersMax))
            {
                Fail(tooLong, $"The text has more than {charactersMax} characters");
                return false;
            }

            Advance();
        }

        return true;
    }

    private void SkipElement()
    {
        if (_xml.NodeType != XmlNodeType.Element || _xml.IsEmptyElement) return;
        var depth = _xml.Depth;
        do
        {
            Advance();
        }
        while (!(_xml.NodeType == XmlNodeType.EndElement && _xml.Depth == depth));
    }

    /// <summary>One node on, where there must be one.</summary>
    private void Advance()
    {
        if (!Step()) throw new XmlException("Unexpected end of the body.");
    }

    private bool Step()
    {
        var isThere = _xml.Read();
        if (isThere && _xml.NodeType == XmlNodeType.Element) _element++;
        return isThere;
    }
}
