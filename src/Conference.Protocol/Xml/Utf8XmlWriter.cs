using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Conference.Protocol.Xml;

/// <summary>Writes XML straight into UTF-8 bytes, without declaration, indentation or intermediate strings.</summary>
/// <remarks>
/// What is written does not depend on library versions, because event fragments are kept for good. Characters that XML
/// 1.0 cannot carry (2.2: most controls, lone surrogates, U+FFFE, U+FFFF) become U+FFFD; they can only come from a
/// client's own text or a foreign <c>text/plain</c>. Line ends survive: in attributes tab, LF and CR are written as
/// references (3.3.3), in text CR is (2.11).
/// </remarks>
internal sealed class Utf8XmlWriter(IBufferWriter<byte> output)
{
    private static readonly SearchValues<char> Special = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Select(c => (char)c), '&', '<', '>', '"', '\uFFFE', '\uFFFF']);

    private bool _isTagOpen;

    /// <summary>Begins an element.</summary>
    internal Utf8XmlWriter Start(string name)
    {
        CloseTag();
        Raw("<"u8);
        Ascii(name);
        _isTagOpen = true;
        return this;
    }

    /// <summary>Begins a root element in the protocol's namespace.</summary>
    internal Utf8XmlWriter StartRoot(string name) => Start(name).Attribute("xmlns", MediaTypes.Namespace);

    /// <summary>Ends the element that was begun last and is not ended yet.</summary>
    internal Utf8XmlWriter End(string name)
    {
        if (_isTagOpen)
        {
            _isTagOpen = false;
            return Raw("/>"u8);
        }

        Raw("</"u8);
        Ascii(name);
        return Raw(">"u8);
    }

    /// <summary>Writes an attribute; none when the value is null.</summary>
    internal Utf8XmlWriter Attribute(string name, string? value)
    {
        if (value is null) return this;
        Name(name);
        Escape(value, isAttribute: true);
        return Raw("\""u8);
    }

    internal Utf8XmlWriter Attribute(string name, long value)
    {
        Name(name);
        Number(value);
        return Raw("\""u8);
    }

    /// <summary>Writes <c>true</c>, or nothing for false, which every boolean of the protocol is by default.</summary>
    internal Utf8XmlWriter Flag(string name, bool value) => value ? Attribute(name, "true") : this;

    /// <summary>Writes UTC with milliseconds: <c>2026-11-23T00:13:09.123Z</c>.</summary>
    internal Utf8XmlWriter Attribute(string name, DateTimeOffset value) => Attribute(
        name, value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));

    internal Utf8XmlWriter Points(string name, ReadOnlySpan<PagePoint> points)
    {
        Name(name);
        for (var i = 0; i < points.Length; i++)
        {
            if (i > 0) Raw(" "u8);
            Number(points[i].X);
            Raw(","u8);
            Number(points[i].Y);
        }

        return Raw("\""u8);
    }

    internal Utf8XmlWriter Text(string? text)
    {
        if (string.IsNullOrEmpty(text)) return this;
        CloseTag();
        Escape(text, isAttribute: false);
        return this;
    }

    internal Utf8XmlWriter Base64Text(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty) return this;
        CloseTag();
        var span = output.GetSpan(Base64.GetMaxEncodedToUtf8Length(content.Length));
        Base64.EncodeToUtf8(content, span, out _, out var written);
        output.Advance(written);
        return this;
    }

    private void CloseTag()
    {
        if (!_isTagOpen) return;
        _isTagOpen = false;
        Raw(">"u8);
    }

    private void Name(string name)
    {
        Raw(" "u8);
        Ascii(name);
        Raw("=\""u8);
    }

    private Utf8XmlWriter Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(output.GetSpan(bytes.Length));
        output.Advance(bytes.Length);
        return this;
    }

    private void Ascii(string text)
    {
        Encoding.ASCII.TryGetBytes(text, output.GetSpan(text.Length), out var written);
        output.Advance(written);
    }

    private void Number(long value)
    {
        value.TryFormat(output.GetSpan(20), out var written, default, CultureInfo.InvariantCulture);
        output.Advance(written);
    }

    private void Escape(ReadOnlySpan<char> text, bool isAttribute)
    {
        while (!text.IsEmpty)
        {
            var special = text.IndexOfAny(Special);
            var plain = special < 0 ? text : text[..special];
            Utf8.FromUtf16(plain, output.GetSpan(plain.Length * 3), out _, out var written);
            output.Advance(written);
            if (special < 0) return;
            EscapeOne(text[special], isAttribute);
            text = text[(special + 1)..];
        }
    }

    private void EscapeOne(char c, bool isAttribute) => Raw(c switch
    {
        '&' => "&amp;"u8,
        '<' => "&lt;"u8,
        '>' => "&gt;"u8, // so that ]]> never appears in text
        '"' => isAttribute ? "&quot;"u8 : "\""u8,
        '\t' => isAttribute ? "&#x9;"u8 : "\t"u8,
        '\n' => isAttribute ? "&#xA;"u8 : "\n"u8,
        '\r' => "&#xD;"u8,
        _ => "\uFFFD"u8,
    });
}
