using System.Collections;
using System.Text;

namespace Sip.Stack.Messages;

/// <summary>
/// The parameters of a header field value or URI, in the order sent. Names compare without case. Immutable.
/// </summary>
public sealed class SipParameters : IReadOnlyList<SipParameter>, IEquatable<SipParameters>
{
    private readonly SipParameter[] _items;

    private SipParameters(SipParameter[] items) => _items = items;

    /// <summary>No parameters.</summary>
    public static SipParameters Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _items.Length;

    /// <inheritdoc/>
    public SipParameter this[int index] => _items[index];

    /// <summary>The value without quotes; null when the parameter is absent or has no value.</summary>
    public string? this[string name] => TryGet(name, out var value) ? value : null;

    /// <summary>True when the parameter is there, with or without a value.</summary>
    public bool Contains(string name) => TryGet(name, out _);

    /// <summary>Finds the first parameter of a name.</summary>
    /// <param name="name">In any case.</param>
    /// <param name="value">Without quotes; null when the parameter has no value.</param>
    public bool TryGet(string name, out string? value)
    {
        foreach (var item in _items)
        {
            if (string.Equals(item.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                value = item.Value;
                return true;
            }
        }

        value = null;
        return false;
    }

    /// <summary>The same parameters with one set: replaced where it stands, or added at the end.</summary>
    /// <param name="name">A token.</param>
    /// <param name="value">Null for a parameter without value. Quoted when it is no token.</param>
    public SipParameters With(string name, string? value)
    {
        var made = new SipParameter(name, value, value is null ? name : $"{name}={SipQuoting.QuoteIfNeeded(value)}");
        var index = Array.FindIndex(_items, p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase));
        if (index < 0)
        {
            return new SipParameters([.. _items, made]);
        }

        var items = (SipParameter[])_items.Clone();
        items[index] = made;
        return new SipParameters(items);
    }

    /// <summary>The same parameters with one left out.</summary>
    public SipParameters Without(string name)
    {
        var items = Array.FindAll(_items, p => !string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase));
        return items.Length == _items.Length ? this : items.Length == 0 ? Empty : new SipParameters(items);
    }

    /// <summary>Everything as it was sent, each with its ";" ahead: <c>;tag=1;lr</c>.</summary>
    public override string ToString() => Count == 0 ? "" : ";" + string.Join(';', _items.Select(p => p.Text));

    /// <inheritdoc/>
    public IEnumerator<SipParameter> GetEnumerator() => ((IEnumerable<SipParameter>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _items.GetEnumerator();

    /// <summary>Same parameters, same text, same order.</summary>
    public bool Equals(SipParameters? other) => other is not null && _items.AsSpan().SequenceEqual(other._items);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SipParameters);

    /// <inheritdoc/>
    public override int GetHashCode() => Count == 0 ? 0 : HashCode.Combine(Count, _items[0], _items[^1]);

    /// <summary>Reads header parameters; what is malformed is left out (the validator has refused it before).</summary>
    internal static SipParameters OfHeader(ReadOnlySpan<byte> parameters)
    {
        if (parameters.IsEmpty)
        {
            return Empty;
        }

        var items = new List<SipParameter>(4);
        var scanner = new ParameterScanner(parameters, isLenient: true);
        while (items.Count < SipLexer.ParametersMax && scanner.MoveNext())
        {
            var name = Encoding.ASCII.GetString(scanner.Name);
            var raw = scanner.HasValue ? Encoding.UTF8.GetString(scanner.Value) : null;
            items.Add(new SipParameter(name, SipQuoting.Unquote(raw), raw is null ? name : $"{name}={raw}"));
        }

        return Of(items);
    }

    internal static SipParameters Of(List<SipParameter> items) =>
        items.Count == 0 ? Empty : new SipParameters([.. items]);

    /// <summary>Reads URI parameters that <see cref="SipUriView"/> has checked.</summary>
    internal static SipParameters OfUri(ReadOnlySpan<byte> parameters)
    {
        if (parameters.IsEmpty)
        {
            return Empty;
        }

        var items = new List<SipParameter>(4);
        foreach (var text in Encoding.ASCII.GetString(parameters[1..]).Split(';'))
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            items.Add(new SipParameter(
                SipUriEscapes.Unescape(equals < 0 ? text : text[..equals]),
                equals < 0 ? null : SipUriEscapes.Unescape(text[(equals + 1)..]),
                text));
        }

        return new SipParameters([.. items]);
    }
}
