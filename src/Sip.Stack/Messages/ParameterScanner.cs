using System.Text;

namespace Sip.Stack.Messages;

/// <summary>
/// Walks over <c>;name[=value]</c> behind a header value, without allocation. RFC 3261 25.1 generic-param: white space
/// round ";" and "=" is allowed, an empty parameter is not.
/// </summary>
internal ref struct ParameterScanner
{
    private readonly bool _isLenient;
    private ReadOnlySpan<byte> _rest;

    /// <param name="parameters">Empty, or beginning with ";" (white space ahead is skipped).</param>
    /// <param name="isLenient">Skip what is malformed instead of stopping at it.</param>
    internal ParameterScanner(ReadOnlySpan<byte> parameters, bool isLenient = false)
    {
        _rest = SipLexer.TrimStart(parameters);
        _isLenient = isLenient;
    }

    /// <summary>The name of the current parameter.</summary>
    internal ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>The value with its quotes; empty when <see cref="HasValue"/> is false.</summary>
    internal ReadOnlySpan<byte> Value { get; private set; }

    internal bool HasValue { get; private set; }

    /// <summary>True when the walk ended at something that is no parameter.</summary>
    internal bool IsMalformed { get; private set; }

    /// <summary>Goes to the next parameter; false at the end or at a fault.</summary>
    internal bool MoveNext()
    {
        while (!_rest.IsEmpty)
        {
            if (_rest[0] != ';')
            {
                IsMalformed = true;
                _rest = default;
                return false;
            }

            var length = SipLexer.SegmentLength(_rest[1..]);
            var segment = _rest.Slice(1, length);
            _rest = _rest[(length + 1)..];
            if (TryReadSegment(segment))
            {
                return true;
            }

            IsMalformed = true;
            if (!_isLenient)
            {
                _rest = default;
                return false;
            }
        }

        return false;
    }

    internal readonly bool IsNamed(ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(Name, name);

    /// <summary>
    /// True when all of it is well formed, not too many, and the names given stand at most once and with a value.
    /// </summary>
    internal static bool IsValid(
        ReadOnlySpan<byte> parameters, ReadOnlySpan<byte> unique, ReadOnlySpan<byte> unique2 = default)
    {
        var scanner = new ParameterScanner(parameters);
        var seen = 0;
        var seen2 = 0;
        var count = 0;
        while (scanner.MoveNext())
        {
            var isOne = scanner.IsNamed(unique);
            var isTwo = !unique2.IsEmpty && scanner.IsNamed(unique2);
            seen += isOne ? 1 : 0;
            seen2 += isTwo ? 1 : 0;
            if (((isOne || isTwo) && !scanner.HasValue) || ++count > SipLexer.ParametersMax)
            {
                return false;
            }
        }

        return !scanner.IsMalformed && seen <= 1 && seen2 <= 1;
    }

    private bool TryReadSegment(ReadOnlySpan<byte> segment)
    {
        var equals = segment.IndexOf((byte)'=');
        HasValue = equals >= 0;
        Name = SipLexer.Trim(HasValue ? segment[..equals] : segment);
        Value = HasValue ? SipLexer.Trim(segment[(equals + 1)..]) : default;
        return SipLexer.IsToken(Name) && (!HasValue || IsValue(Value));
    }

    // token / host / quoted-string. More is let through than the grammar has (":" in addresses, UTF-8), but nothing
    // that could end the value early for another reader.
    private static bool IsValue(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            return false;
        }

        if (value[0] == '"')
        {
            return SipLexer.QuotedLength(value) == value.Length && !value.Contains((byte)0);
        }

        foreach (var octet in value)
        {
            if (octet is <= (byte)' ' or 0x7f or (byte)'"' or (byte)',' or (byte)';' or (byte)'<' or (byte)'>')
            {
                return false;
            }
        }

        return true;
    }
}
