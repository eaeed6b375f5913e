namespace Sip.Stack.Messages;

/// <summary>
/// The values of one comma-separated header field value, commas in quotes and angle brackets respected, white space
/// trimmed, empty values left out. For <c>foreach</c>; allocates nothing.
/// </summary>
public ref struct SipValueList
{
    private ReadOnlySpan<byte> _rest;

    /// <summary>Walks over <paramref name="list"/>.</summary>
    public SipValueList(ReadOnlySpan<byte> list) => _rest = list;

    /// <summary>The value at hand.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>For <c>foreach</c>.</summary>
    public readonly SipValueList GetEnumerator() => this;

    /// <summary>Goes to the next value.</summary>
    public bool MoveNext()
    {
        while (!_rest.IsEmpty)
        {
            var length = SipLexer.FirstValueLength(_rest);
            Current = SipLexer.Trim(_rest[..length]);
            _rest = length == _rest.Length ? default : _rest[(length + 1)..];
            if (!Current.IsEmpty)
            {
                return true;
            }
        }

        return false;
    }
}
