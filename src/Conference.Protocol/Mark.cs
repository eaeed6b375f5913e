using System.Collections.Immutable;

namespace Conference.Protocol;

/// <summary>The shapes of design section 5.</summary>
public enum MarkKind
{
    /// <summary>Start and end.</summary>
    Line,

    /// <summary>Start and end, the head at the end.</summary>
    Arrow,

    /// <summary>A polyline of one point or more.</summary>
    Freehand,

    /// <summary>A polyline, drawn wide and see-through.</summary>
    Highlighter,

    /// <summary>Two opposite corners.</summary>
    Rectangle,

    /// <summary>Two opposite corners of the box around it.</summary>
    Ellipse,

    /// <summary>Two opposite corners of the box; <see cref="Mark.Text"/>.</summary>
    Text,

    /// <summary>Two opposite corners of the box; <see cref="Mark.Image"/>: an image or a cropped screenshot.</summary>
    Image,
}

/// <summary>A position on a page: 1/100,000 of its width and of its height from the upper left corner.</summary>
/// <param name="X">0 to <see cref="Max"/>.</param>
/// <param name="Y">0 to <see cref="Max"/>.</param>
public readonly record struct PagePoint(int X, int Y)
{
    /// <summary>The right or lower edge.</summary>
    public const int Max = 100_000;

    /// <summary>Whether the point lies on the page.</summary>
    public bool IsOnPage => (uint)X <= Max && (uint)Y <= Max;
}

/// <summary>A small picture inside a mark.</summary>
/// <param name="MediaType"><c>image/png</c> or <c>image/jpeg</c>.</param>
/// <param name="Content">The file's bytes.</param>
public sealed record MarkImage(string MediaType, ImmutableArray<byte> Content)
{
    /// <inheritdoc/>
    public bool Equals(MarkImage? other) =>
        other is not null && MediaType == other.MediaType && Content.AsSpan().SequenceEqual(other.Content.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(MediaType, Content.Length);
}

/// <summary>One mark on a page, as its author drew it.</summary>
public sealed record Mark
{
    /// <summary>Chosen by the author, unique in the conference, at most 64 characters of A-Z a-z 0-9 . _ -</summary>
    public required string Id { get; init; }

    /// <summary>The shape.</summary>
    public required MarkKind Kind { get; init; }

    /// <summary>The points of the shape, as <see cref="MarkKind"/> counts them.</summary>
    public required ImmutableArray<PagePoint> Points { get; init; }

    /// <summary>Red, green, blue, alpha: 0xRRGGBBAA.</summary>
    public uint Color { get; init; } = 0x000000FF;

    /// <summary>Line width in 1/100,000 of the page width, 0 to 10,000. For text: the height of the letters.</summary>
    public int Width { get; init; } = 200;

    /// <summary>The text of a <see cref="MarkKind.Text"/> mark, null otherwise.</summary>
    public string? Text { get; init; }

    /// <summary>The picture of a <see cref="MarkKind.Image"/> mark, null otherwise.</summary>
    public MarkImage? Image { get; init; }

    /// <inheritdoc/>
    public bool Equals(Mark? other) =>
        other is not null && Id == other.Id && Kind == other.Kind && Color == other.Color && Width == other.Width
        && Text == other.Text && Equals(Image, other.Image) && Points.AsSpan().SequenceEqual(other.Points.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Kind, Color, Width, Points.Length);
}

/// <summary>A mark on the board: what was drawn, who owns it, and where it lies in the stack.</summary>
/// <param name="Mark">The shape.</param>
/// <param name="Owner">Who drew it first; stays the owner when somebody else changes it.</param>
/// <param name="Order">Revision that first put it there, times 65,536, plus its place in that operation. Marks are
/// painted in rising order; a mark that comes back by undo lies where it lay.</param>
public sealed record PlacedMark(Mark Mark, ParticipantUri Owner, long Order);
