using Conference.Protocol;
using Conference.Protocol.Requests;

namespace Demo;

/// <summary>Marks that somebody would draw on a document.</summary>
internal static class Drawing
{
    private const uint Red = 0xC00000FF;
    private const uint Blue = 0x1F3864FF;
    private const uint Yellow = 0xFFE00080;

    /// <summary>One of every shape.</summary>
    public static Mark[] EveryShape(string prefix, MarkImage stamp) =>
    [
        New(prefix, "line", MarkKind.Line, Red, (10_000, 12_000), (42_000, 12_500)),
        New(prefix, "arrow", MarkKind.Arrow, Blue, (60_000, 40_000), (48_000, 30_500)),
        New(prefix, "box", MarkKind.Rectangle, Red, (8_000, 24_000), (55_000, 33_000)),
        New(prefix, "ring", MarkKind.Ellipse, Blue, (52_000, 14_000), (90_000, 26_000)),
        New(prefix, "bright", MarkKind.Highlighter, Yellow, (10_000, 41_000), (70_000, 41_200)) with { Width = 2_400 },
        New(prefix, "hand", MarkKind.Freehand, Red, [.. Wave(20_000, 60_000)]),
        New(prefix, "word", MarkKind.Text, Blue, (12_000, 70_000), (60_000, 75_000)) with
        {
            Text = "Please confirm \u2013 \u8bf7\u786e\u8ba4",
            Width = 2_000,
        },
        New(prefix, "stamp", MarkKind.Image, 0x000000FF, (80_000, 85_000), (90_000, 92_000)) with { Image = stamp },
    ];

    /// <summary>A short stroke of the pen, a different one each time.</summary>
    public static Mark Stroke(string prefix, int number) => New(
        prefix, $"stroke{number}", MarkKind.Freehand, number % 2 == 0 ? Red : Blue,
        [.. Wave(5_000 + (number * 1_700 % 60_000), 10_000 + (number * 3_100 % 80_000))]);

    /// <summary>As the request carries it.</summary>
    public static IEnumerable<MarkOperation> Add(params Mark[] marks) => marks.Select(mark => new AddMark(mark));

    private static Mark New(
        string prefix, string name, MarkKind kind, uint color, params (int X, int Y)[] points) => new()
    {
        Id = $"{prefix}-{name}",
        Kind = kind,
        Color = color,
        Points = [.. points.Select(point => new PagePoint(point.X, point.Y))],
    };

    private static IEnumerable<(int X, int Y)> Wave(int x, int y) =>
        Enumerable.Range(0, 16).Select(i => (x + (i * 900), y + (int)(2_500 * Math.Sin(i * 0.8))));
}
