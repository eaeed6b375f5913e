namespace Conference.Protocol.Xml;

/// <summary>The attributes <c>part</c> and <c>parts</c>; absent for a whole.</summary>
internal static class PartXml
{
    internal static Utf8XmlWriter Part(this Utf8XmlWriter xml, int part, int parts) =>
        parts == 1 && part == 1 ? xml : xml.Attribute("part", part).Attribute("parts", parts);

    internal static (int Part, int Parts) Part(this BodyReader body)
    {
        var parts = body.Int("parts", 1, body.Limits.PartsMax, absent: 1);
        return (body.Int("part", 1, parts, absent: 1), parts);
    }
}
