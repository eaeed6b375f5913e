using System.Buffers;
using System.Xml;

namespace Conference.Protocol.Xml;

/// <summary>Collects text in a pooled array, so that an overlong one never becomes a string.</summary>
internal sealed class CharBuffer : IDisposable
{
    private char[] _chars = ArrayPool<char>.Shared.Rent(1_024);
    private int _count;

    internal ReadOnlySpan<char> Written => _chars.AsSpan(0, _count);

    /// <summary>Appends the value of the current node.</summary>
    /// <returns>False when there would be more than <paramref name="max"/> characters.</returns>
    internal bool TryReadFrom(XmlReader xml, int max)
    {
        while (true)
        {
            if (_count == _chars.Length) Grow();
            var read = xml.ReadValueChunk(_chars, _count, _chars.Length - _count);
            if (read == 0) return true;
            _count += read;
            if (_count > max) return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        var chars = _chars;
        _chars = [];
        _count = 0;
        if (chars.Length > 0) ArrayPool<char>.Shared.Return(chars);
    }

    private void Grow()
    {
        var larger = ArrayPool<char>.Shared.Rent(_chars.Length * 2);
        Written.CopyTo(larger);
        ArrayPool<char>.Shared.Return(_chars);
        _chars = larger;
    }
}
