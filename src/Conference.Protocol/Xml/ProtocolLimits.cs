namespace Conference.Protocol.Xml;

/// <summary>What a body may hold. A body beyond a limit is refused whole, with the limit's own
/// <see cref="ReadFaultReason"/>.</summary>
/// <remarks>Both sides read with limits: a client must not trust a server more than a server trusts a client.</remarks>
public sealed record ProtocolLimits
{
    /// <summary>The defaults.</summary>
    public static ProtocolLimits Default { get; } = new();

    /// <summary>Bytes of a body: what a SIP message may have (1 MiB), so that the SIP stack refuses first.</summary>
    public int BodyBytesMax { get; init; } = 1024 * 1024;

    /// <summary>Elements inside each other. The protocol itself needs 3; the rest is room to grow.</summary>
    public int DepthMax { get; init; } = 16;

    /// <summary>Attributes of one element. The protocol itself needs 13; XmlReader has no limit of its own and reads
    /// all of them at once.</summary>
    public int AttributesMax { get; init; } = 32;

    /// <summary>Elements in one body: a megabyte of empty elements costs more to read than to send.</summary>
    public int ElementsMax { get; init; } = 20_000;

    /// <summary>Bytes of an element's or attribute's name, prefix included. The longest of the protocol has 22.
    /// </summary>
    public int NameBytesMax { get; init; } = 128;

    /// <summary>Bytes of an attribute's value as written: room for <see cref="PointsPerMarkMax"/> points.</summary>
    public int AttributeBytesMax { get; init; } = 64 * 1024;

    /// <summary>Bytes of a whole tag: 8 KiB more than its longest attribute. XmlReader's time grows with the square.
    /// </summary>
    public int TagBytesMax { get; init; } = 72 * 1024;

    /// <summary>Characters of a subject, a display name, a document's name, a reason: one line on a screen.</summary>
    public int LineCharactersMax { get; init; } = 256;

    /// <summary>Characters of a chat line or of a text mark: a screen full.</summary>
    public int TextCharactersMax { get; init; } = 4_096;

    /// <summary>Members in one request or event: a megabyte holds about this many.</summary>
    public int MembersMax { get; init; } = 10_000;

    /// <summary>Operations in one request, and marks named by one of them; 65,536 is the limit of
    /// <see cref="PlacedMark.Order"/>.</summary>
    public int MarksPerOperationMax { get; init; } = 1_024;

    /// <summary>Points of one mark: half a minute of freehand at 120 points a second.</summary>
    public int PointsPerMarkMax { get; init; } = 4_000;

    /// <summary>Bytes of the picture in a mark. Pictures travel inside events, and those have 1 MiB in the store.
    /// </summary>
    public int MarkImageBytesMax { get; init; } = 256 * 1024;

    /// <summary>Bytes of a whole page, however many parts it comes in.</summary>
    public int PageBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>Pages of one document.</summary>
    public int PagesPerDocumentMax { get; init; } = 5_000;

    /// <summary>Parts of one page or snapshot.</summary>
    public int PartsMax { get; init; } = 1_024;
}
