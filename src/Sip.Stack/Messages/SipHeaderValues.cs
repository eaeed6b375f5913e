namespace Sip.Stack.Messages;

/// <summary>All values of one header field name, over all its lines. For <c>foreach</c>; allocates nothing.</summary>
public ref struct SipHeaderValues
{
    private readonly SipHeaders _headers;
    private readonly SipHeaderName _name;
    private readonly string? _text;
    private SipValueList _line;
    private int _next;

    internal SipHeaderValues(SipHeaders headers, SipHeaderName name, string? text)
    {
        _headers = headers;
        _name = name;
        _text = text;
    }

    /// <summary>The value at hand, trimmed.</summary>
    public readonly ReadOnlySpan<byte> Current => _line.Current;

    /// <summary>For <c>foreach</c>.</summary>
    public readonly SipHeaderValues GetEnumerator() => this;

    /// <summary>Goes to the next value.</summary>
    public bool MoveNext()
    {
        while (!_line.MoveNext())
        {
            var index = _text is null ? _headers.FindFirst(_name, _next) : _headers.FindFirst(_text, _next);
            if (index < 0)
            {
                _next = _headers.Count;
                return false;
            }

            _next = index + 1;
            _line = new SipValueList(_headers[index].Value);
        }

        return true;
    }
}
