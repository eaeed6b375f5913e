using System.Buffers;
using Conference.Protocol;

namespace Conference.Actors.Focus;

/// <summary>What a single mark must be.</summary>
internal static class MarkRules
{
    private const int WidthMax = 10_000;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>Whether the text may be an id of a document or mark.</summary>
    internal static bool IsName(string text) =>
        text.Length is > 0 and <= 64 && text.AsSpan().IndexOfAnyExcept(NameCharacters) < 0;

    /// <summary>Null when the mark is in order.</summary>
    internal static Decision.Refuse? Check(Mark mark, FocusOptions options)
    {
        if (!IsName(mark.Id) || !HasShape(mark)) return new Decision.Refuse(RefuseReason.NotValid, $"mark {mark.Id}");
        if (mark.Points.Length > options.PointsPerMarkMax || mark.Text?.Length > options.TextCharactersMax
            || mark.Image?.Content.Length > options.MarkImageBytesMax)
        {
            return new Decision.Refuse(RefuseReason.TooLarge, $"mark {mark.Id}");
        }

        return CheckPlace(mark);
    }

    /// <summary>Null when every point lies on the page.</summary>
    internal static Decision.Refuse? CheckPlace(Mark mark)
    {
        foreach (var point in mark.Points)
        {
            if (!point.IsOnPage) return new Decision.Refuse(RefuseReason.MarkOutsidePage, $"mark {mark.Id}");
        }

        return null;
    }

    private static bool HasShape(Mark mark)
    {
        if (!Enum.IsDefined(mark.Kind) || mark.Points.IsDefaultOrEmpty || mark.Width is < 0 or > WidthMax) return false;
        var isPolyline = mark.Kind is MarkKind.Freehand or MarkKind.Highlighter;
        return (isPolyline || mark.Points.Length == 2)
            && (mark.Text is not null) == (mark.Kind == MarkKind.Text)
            && (mark.Image is not null) == (mark.Kind == MarkKind.Image);
    }
}
