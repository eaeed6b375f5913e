using System.Runtime.InteropServices;

namespace Conference.Protocol.Xml;

/// <summary>A mark as the attributes and the text of one element, whose name says what is done with it.</summary>
/// <remarks>
/// <c>id kind points color width</c>, and for pictures <c>type</c>. Colour and width are absent where they have the
/// default of <see cref="Protocol.Mark"/>; these defaults can never change. The text of the element is the text of a
/// text mark, or the Base64 of a picture. A placed mark also has <c>owner</c> and <c>order</c>.
/// </remarks>
internal static class MarkXml
{
    private const int WidthMax = 10_000;
    private static readonly Mark Defaults = new() { Id = string.Empty, Kind = MarkKind.Line, Points = [] };

    internal static Utf8XmlWriter Mark(this Utf8XmlWriter xml, string element, Mark mark) =>
        xml.Start(element).Shape(mark).Inside(mark).End(element);

    /// <param name="xml">Written to.</param>
    /// <param name="element">Its name.</param>
    /// <param name="placed">The mark.</param>
    /// <param name="author">An owner who is the author of the event is not written.</param>
    internal static Utf8XmlWriter Placed(
        this Utf8XmlWriter xml, string element, PlacedMark placed, ParticipantUri author = default)
    {
        xml.Start(element);
        if (placed.Owner != author) xml.Attribute("owner", placed.Owner.Value);
        return xml.Attribute("order", placed.Order).Shape(placed.Mark).Inside(placed.Mark).End(element);
    }

    internal static PlacedMark Placed(this BodyReader body, ParticipantUri author = default)
    {
        var owner = author.Value.Length > 0 && !body.Has("owner") ? author : body.Participant("owner");
        var order = body.Long("order", 0, long.MaxValue);
        return new PlacedMark(body.Mark(), owner, order);
    }

    internal static Mark Mark(this BodyReader body)
    {
        var id = body.Id("id");
        var kind = body.Word("kind", Words.ToKind);
        var points = body.Points("points");
        var isPolyline = kind is MarkKind.Freehand or MarkKind.Highlighter;
        if (isPolyline ? points.IsEmpty : points.Length != 2) body.Fail(ReadFaultReason.WrongPointCount);
        var mark = new Mark
        {
            Id = id,
            Kind = kind,
            Points = points,
            Color = body.Color("color", Defaults.Color),
            Width = body.Int("width", 0, WidthMax, Defaults.Width),
        };
        return kind switch
        {
            MarkKind.Text => mark with { Text = WrittenText(body) },
            MarkKind.Image => mark with { Image = body.Image() },
            _ => mark,
        };
    }

    private static Utf8XmlWriter Shape(this Utf8XmlWriter xml, Mark mark)
    {
        xml.Attribute("id", mark.Id).Attribute("kind", Words.Of(mark.Kind)).Points("points", mark.Points.AsSpan());
        if (mark.Color != Defaults.Color) xml.Attribute("color", $"#{mark.Color:x8}");
        if (mark.Width != Defaults.Width) xml.Attribute("width", mark.Width);
        return xml.Attribute("type", mark.Image?.MediaType);
    }

    private static Utf8XmlWriter Inside(this Utf8XmlWriter xml, Mark mark) => mark.Image is { } image
        ? xml.Base64Text(image.Content.AsSpan())
        : xml.Text(mark.Text);

    private static string WrittenText(BodyReader body)
    {
        var text = body.Text(body.Limits.TextCharactersMax);
        if (text.Length == 0) body.Fail(ReadFaultReason.MissingContent, "A text mark has no text");
        return text;
    }

    private static MarkImage Image(this BodyReader body)
    {
        var type = body.PictureType("type");
        var content = body.Content(body.Limits.MarkImageBytesMax, isPooled: false);
        if (content.IsEmpty) body.Fail(ReadFaultReason.MissingContent, "An image mark has no picture");

        // Not pooled: the array has exactly the content and nobody else has it.
        var isArray = MemoryMarshal.TryGetArray(content, out var segment);
        return new MarkImage(type, isArray ? ImmutableCollectionsMarshal.AsImmutableArray(segment.Array) : []);
    }
}
