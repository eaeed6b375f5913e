namespace Conference.Actors.Fanout;

/// <summary>Which contents one participant has been sent outside of their event.</summary>
/// <remarks>Guarded by the recipient's lock.</remarks>
internal sealed class ContentSet(ContentNumbers numbers)
{
    private const int BitsPerWord = 64;

    private ulong[] _bits = [];
    private int _generation;

    internal bool Contains(string digest)
    {
        var number = numbers.Find(digest, isNew: false, out var generation);
        return number >= 0 && generation == _generation && number / BitsPerWord < _bits.Length
            && (_bits[number / BitsPerWord] & (1UL << (number % BitsPerWord))) != 0;
    }

    internal void Add(string digest)
    {
        var number = numbers.Find(digest, isNew: true, out var generation);
        if (generation != _generation) (_bits, _generation) = ([], generation);
        var word = number / BitsPerWord;
        if (word >= _bits.Length) Array.Resize(ref _bits, word + 1);
        _bits[word] |= 1UL << (number % BitsPerWord);
    }
}
