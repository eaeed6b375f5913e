namespace Conference.Protocol.Xml;

/// <summary>Attributes that name and describe pages: <c>document page</c> and <c>width height type bytes sha256</c>.
/// </summary>
internal static class PageXml
{
    private const int PixelsMax = 32_767;

    internal static Utf8XmlWriter Page(this Utf8XmlWriter xml, PageRef page) =>
        xml.Attribute("document", page.DocumentId).Attribute("page", page.Number);

    internal static Utf8XmlWriter Descriptor(this Utf8XmlWriter xml, PageDescriptor page) =>
        xml.Page(page.Page).Picture(page);

    /// <summary>Without the document, where the parent names it.</summary>
    internal static Utf8XmlWriter Cached(this Utf8XmlWriter xml, PageDescriptor page) =>
        xml.Start("cached").Attribute("page", page.Page.Number).Picture(page).End("cached");

    internal static PageRef Page(this BodyReader body) => new(body.Id("document"), body.PageNumber());

    internal static PageDescriptor Descriptor(this BodyReader body) => body.Picture(body.Page());

    internal static PageDescriptor Cached(this BodyReader body, string documentId) =>
        body.Picture(new PageRef(documentId, body.PageNumber()));

    private static Utf8XmlWriter Picture(this Utf8XmlWriter xml, PageDescriptor page) => xml
        .Attribute("width", page.PixelWidth).Attribute("height", page.PixelHeight)
        .Attribute("type", page.MediaType).Attribute("bytes", page.ContentBytes).Attribute("sha256", page.Digest);

    private static PageDescriptor Picture(this BodyReader body, PageRef page) => new(
        page, body.Int("width", 1, PixelsMax), body.Int("height", 1, PixelsMax), body.PictureType("type"),
        body.Int("bytes", 1, body.Limits.PageBytesMax), body.Digest("sha256"));

    private static int PageNumber(this BodyReader body) => body.Int("page", 1, body.Limits.PagesPerDocumentMax);
}
