using System.Buffers;
using System.Collections.Immutable;
using Conference.Actors.Ports;

namespace Conference.Store;

/// <summary>The rules of the ports' arguments, checked alike by every store before anything is written, and the
/// same rules asserted on what is read back.</summary>
internal static class StoreArguments
{
    /// <summary>Participants in one cursor write at most: a larger one would hold up the store's other writes.
    /// </summary>
    public const int CursorsMax = 100_000;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <exception cref="ArgumentException">The batch is empty, has gaps, or a payload is too large.</exception>
    public static void CheckEvents(ImmutableArray<StoredEvent> events)
    {
        if (events.IsDefaultOrEmpty) throw new ArgumentException("At least one event.", nameof(events));
        var next = events[0].Revision;
        if (next < 1) throw new ArgumentException($"Revision {next} is below 1.", nameof(events));
        foreach (var stored in events)
        {
            if (stored.Revision != next)
                throw new ArgumentException($"Revision {stored.Revision} where {next} was due.", nameof(events));
            if (stored.Payload.Length > StoredEvent.PayloadBytesMax)
                throw new ArgumentException($"Payload of {stored.Payload.Length} bytes is too large.", nameof(events));
            next++;
        }
    }

    /// <summary>Asserts that what was read goes on where it was asked to, without gaps.</summary>
    public static ImmutableArray<StoredEvent> CheckRead(
        string store, string conference, long afterRevision, ImmutableArray<StoredEvent> events)
    {
        var next = afterRevision + 1;
        foreach (var stored in events)
        {
            if (stored.Revision != next)
            {
                throw StoreMetrics.Refuse(store, StoreFault.Damaged,
                    $"Events of {conference} are damaged: revision {stored.Revision} where {next} was due");
            }

            next++;
        }

        return events;
    }

    public static void CheckCheckpoint(Checkpoint checkpoint) =>
        ArgumentOutOfRangeException.ThrowIfLessThan(checkpoint.Revision, 1, nameof(checkpoint));

    public static void CheckCursors(ImmutableArray<StoredCursor> cursors)
    {
        if (cursors.IsDefault) throw new ArgumentException("An array.", nameof(cursors));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cursors.Length, CursorsMax, nameof(cursors));
    }

    /// <exception cref="ArgumentException">Not 64 lower-case hexadecimal digits: it would become a file name.
    /// </exception>
    public static void CheckDigest(string digest)
    {
        if (digest.Length != 64 || digest.AsSpan().ContainsAnyExcept(HexDigits))
            throw new ArgumentException("A digest is 64 lower-case hexadecimal digits.", nameof(digest));
    }

    public static void CheckLifetime(TimeSpan lifetime) =>
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);

    public static void CheckCount(int countMax) => ArgumentOutOfRangeException.ThrowIfLessThan(countMax, 1);

    public static void CheckRevision(long afterRevision) => ArgumentOutOfRangeException.ThrowIfNegative(afterRevision);
}
