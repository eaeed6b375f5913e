namespace Conference.Actors.Fanout;

/// <summary>Gives each page content of a conference a number, so that what a participant has been sent is a bit each.
/// </summary>
/// <remarks>Bounded: beyond <see cref="CountMax"/> contents all numbers are given anew, and what participants knew of
/// is void, so that some are sent content twice. Thread-safe; its lock is taken inside all others.</remarks>
internal sealed class ContentNumbers
{
    /// <summary>More than the pages of a long day; a participant's bits take 512 bytes then.</summary>
    internal const int CountMax = 4_096;

    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private int _generation;

    /// <summary>The number of a content.</summary>
    /// <param name="digest">Of the content.</param>
    /// <param name="generation">Bits of another generation mean nothing.</param>
    /// <param name="isNew">Whether one without a number is given one.</param>
    /// <returns>-1 when it has none.</returns>
    internal int Find(string digest, bool isNew, out int generation)
    {
        lock (_numbers)
        {
            if (!_numbers.TryGetValue(digest, out var number))
            {
                number = isNew ? Add(digest) : -1;
            }

            generation = _generation;
            return number;
        }
    }

    private int Add(string digest)
    {
        if (_numbers.Count >= CountMax)
        {
            _numbers.Clear();
            _generation++;
        }

        _numbers.Add(digest, _numbers.Count);
        return _numbers.Count - 1;
    }
}
