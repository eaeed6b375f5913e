using System.Collections.Immutable;
using System.Globalization;

namespace Conference.Actors.Focus;

/// <summary>Checks <see cref="FocusOptions"/> once, at start.</summary>
public static class FocusOptionsValidator
{
    /// <summary>A blob is at most 2^31-1 bytes; room is left for what the zip format adds to each entry.</summary>
    private const long SavedFileBytesMaxMax = 2_000_000_000;

    /// <summary>All faults together: option, value and rule; empty when there are none.</summary>
    public static ImmutableArray<string> Validate(FocusOptions options)
    {
        var faults = ImmutableArray.CreateBuilder<string>();
        Range(nameof(options.MembersMax), options.MembersMax, 1, 1_000_000);
        Range(nameof(options.DocumentsMax), options.DocumentsMax, 1, 10_000);
        Range(nameof(options.PagesPerDocumentMax), options.PagesPerDocumentMax, 1, 100_000);
        Range(nameof(options.PageBytesMax), options.PageBytesMax, 1_024, 256 * 1024 * 1024);
        Range(nameof(options.PartsPerPageMax), options.PartsPerPageMax, 1, 65_536);
        Range(nameof(options.PartBytesMax), options.PartBytesMax, options.PageBytesMax, long.MaxValue);
        Range(nameof(options.MarksPerPageMax), options.MarksPerPageMax, 1, 65_535);
        Range(nameof(options.MarkBytesPerPageMax), options.MarkBytesPerPageMax, 1_024, 1L << 30);
        Range(nameof(options.PointsPerMarkMax), options.PointsPerMarkMax, 2, 100_000);
        Range(nameof(options.MarkImageBytesMax), options.MarkImageBytesMax, 0, 700 * 1024);
        Range(nameof(options.OperationsPerRequestMax), options.OperationsPerRequestMax, 1, 65_535);
        Range(nameof(options.LineCharactersMax), options.LineCharactersMax, 16, 4_096);
        Range(nameof(options.TextCharactersMax), options.TextCharactersMax, 16, 65_536);
        Range(nameof(options.UndoDepthMax), options.UndoDepthMax, 0, 10_000);
        Range(nameof(options.RememberedRequestsMax), options.RememberedRequestsMax, 1, 100_000);
        Range(nameof(options.AwaitedMax), options.AwaitedMax, 1, 10_000);
        Range(nameof(options.SavedFileBytesMax), options.SavedFileBytesMax, 1_024, SavedFileBytesMaxMax);
        Range(nameof(options.CommandsWaitingMax), options.CommandsWaitingMax, 1, 1_000_000);
        Range(nameof(options.EventsPerAppendMax), options.EventsPerAppendMax, 1, 10_000);
        Range(nameof(options.SenderRequestsPerSecond), options.SenderRequestsPerSecond, 0.1, 1_000_000);
        Range(nameof(options.SenderBurst), options.SenderBurst, 1, 1_000_000);
        Range(nameof(options.SendersMax), options.SendersMax, 1, 10_000_000);
        Range(nameof(options.CheckpointEveryEvents), options.CheckpointEveryEvents, 1, 1_000_000);
        Range(nameof(options.EventsPerReadMax), options.EventsPerReadMax, 1, 100_000);
        Positive(nameof(options.PartLifetime), options.PartLifetime, TimeSpan.FromHours(1));
        Positive(nameof(options.PageLifetime), options.PageLifetime, TimeSpan.FromDays(3_650));
        Positive(nameof(options.PagePullTimeout), options.PagePullTimeout, TimeSpan.FromHours(1));
        Positive(nameof(options.SaveTimeout), options.SaveTimeout, TimeSpan.FromHours(1));
        Positive(nameof(options.SavedFileLifetime), options.SavedFileLifetime, TimeSpan.FromDays(3_650));
        Positive(nameof(options.AskTimeout), options.AskTimeout, TimeSpan.FromMilliseconds(1_900));
        Positive(nameof(options.RestoreTimeout), options.RestoreTimeout, TimeSpan.FromMinutes(10));
        Positive(nameof(options.PassivateAfter), options.PassivateAfter, TimeSpan.FromDays(1));
        Positive(nameof(options.PassivateUnknownAfter), options.PassivateUnknownAfter, TimeSpan.FromDays(1));
        Positive(nameof(options.PassivateEndedAfter), options.PassivateEndedAfter, TimeSpan.FromDays(1));
        Positive(nameof(options.RestoreBackoffMin), options.RestoreBackoffMin, options.RestoreBackoffMax);
        Positive(nameof(options.RestoreBackoffMax), options.RestoreBackoffMax, TimeSpan.FromMinutes(10));
        return faults.ToImmutable();

        void Range<T>(string name, T value, T min, T max)
            where T : IComparable<T>
        {
            if (value.CompareTo(min) >= 0 && value.CompareTo(max) <= 0) return;
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"{name}: {value} is not {min} to {max}"));
        }

        void Positive(string name, TimeSpan value, TimeSpan max)
        {
            if (value > TimeSpan.Zero && value <= max) return;
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"{name}: {value} is not above 0 up to {max}"));
        }
    }
}
