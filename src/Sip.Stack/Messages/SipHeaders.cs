using System.Text;

namespace Sip.Stack.Messages;

/// <summary>
/// The header fields of a message: lookup by name, by text, and one after the other. Allocates nothing.
/// </summary>
public readonly struct SipHeaders
{
    private readonly byte[] _message;
    private readonly HeaderEntry[] _entries;

    internal SipHeaders(byte[] message, HeaderEntry[] entries)
    {
        _message = message;
        _entries = entries;
    }

    /// <summary>Lines of header fields.</summary>
    public int Count => _entries.Length;

    /// <summary>One line, in the order sent.</summary>
    public SipHeaderLine this[int index] => new(_message, _entries[index]);

    /// <summary>The first line with this name at or behind <paramref name="from"/>; -1 when there is none.</summary>
    public int FindFirst(SipHeaderName name, int from = 0)
    {
        for (var i = from; i < _entries.Length; i++)
        {
            if (_entries[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The same for a name that the stack may not know. In any case.</summary>
    public int FindFirst(string name, int from = 0)
    {
        var known = SipHeaderNames.Find(name);
        if (known != SipHeaderName.Unknown)
        {
            return FindFirst(known, from);
        }

        for (var i = from; i < _entries.Length; i++)
        {
            if (_entries[i].Name == SipHeaderName.Unknown
                && Ascii.EqualsIgnoreCase(_entries[i].NameText.Of(_message), name))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>True when a line has this name.</summary>
    public bool Contains(SipHeaderName name) => FindFirst(name) >= 0;

    /// <inheritdoc cref="Contains(SipHeaderName)"/>
    public bool Contains(string name) => FindFirst(name) >= 0;

    /// <summary>The value of the first line with this name: the whole line, commas included.</summary>
    public bool TryGetFirst(SipHeaderName name, out ReadOnlySpan<byte> value) => TryGetAt(FindFirst(name), out value);

    /// <inheritdoc cref="TryGetFirst(SipHeaderName, out ReadOnlySpan{byte})"/>
    public bool TryGetFirst(string name, out ReadOnlySpan<byte> value) => TryGetAt(FindFirst(name), out value);

    /// <summary>The value of the first line with this name as text; null when there is none.</summary>
    public string? GetText(SipHeaderName name) =>
        TryGetFirst(name, out var value) ? Encoding.UTF8.GetString(value) : null;

    /// <inheritdoc cref="GetText(SipHeaderName)"/>
    public string? GetText(string name) => TryGetFirst(name, out var value) ? Encoding.UTF8.GetString(value) : null;

    /// <summary>
    /// All values with this name, over all lines, split at commas with quotes and brackets respected. Not for the
    /// few header fields whose values hold commas of their own (Date, Authorization and its like).
    /// </summary>
    public SipHeaderValues Values(SipHeaderName name) => new(this, name, null);

    /// <inheritdoc cref="Values(SipHeaderName)"/>
    public SipHeaderValues Values(string name)
    {
        var known = SipHeaderNames.Find(name);
        return new SipHeaderValues(this, known, known == SipHeaderName.Unknown ? name : null);
    }

    /// <summary>The value of each line with this name as text, commas included. Allocates.</summary>
    public IReadOnlyList<string> Lines(SipHeaderName name)
    {
        List<string>? lines = null;
        for (var i = FindFirst(name); i >= 0; i = FindFirst(name, i + 1))
        {
            (lines ??= []).Add(this[i].ValueText);
        }

        return lines is null ? [] : lines;
    }

    /// <summary>For <c>foreach</c> over all lines in the order sent.</summary>
    public Enumerator GetEnumerator() => new(this);

    private bool TryGetAt(int index, out ReadOnlySpan<byte> value)
    {
        value = index < 0 ? default : _entries[index].Value.Of(_message);
        return index >= 0;
    }

    /// <summary>Walks over all lines.</summary>
    public struct Enumerator
    {
        private readonly SipHeaders _headers;
        private int _index;

        internal Enumerator(SipHeaders headers)
        {
            _headers = headers;
            _index = -1;
        }

        /// <summary>The line at hand.</summary>
        public readonly SipHeaderLine Current => _headers[_index];

        /// <summary>Goes to the next line.</summary>
        public bool MoveNext() => ++_index < _headers.Count;
    }
}
